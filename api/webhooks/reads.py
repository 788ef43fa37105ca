"""What webhooks read: endpoints, deliveries, and how far the outbox was looked at.

Owns the statements. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, false, func, or_, select, tuple_

from api.store.webhook_tables import (
    webhook_cursors,
    webhook_deliveries,
    webhook_endpoint_drops,
    webhook_endpoints,
)
from api.webhooks.values import Delivery, Disabled, Endpoint, State
from indexer.queries import MirrorId
from marketplace.domain.ids import DropId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class Told:
    """A message that somebody was told; without terms it is of before they were kept."""

    message_id: str
    terms_hash: str | None


def cursor(connection: Connection, mirror: MirrorId) -> int | None:
    """The last message that was looked at; None before the first look."""
    found: int | None = connection.scalar(select(webhook_cursors.c.seq).filter_by(**mirror.columns))
    return found


def endpoints_of(
    connection: Connection, mirror: MirrorId, owner: ChecksumAddress
) -> tuple[Endpoint, ...]:
    """An account's endpoints, the oldest first."""
    columns = webhook_endpoints.c
    return _endpoints(connection, *endpoint_of(mirror), columns.owner == owner)


def hold_enabled(
    connection: Connection, mirror: MirrorId, owners: Collection[ChecksumAddress]
) -> tuple[Endpoint, ...]:
    """The endpoints of some accounts that messages are sent to; they stay until the end."""
    columns = webhook_endpoints.c
    return _endpoints(
        connection,
        *endpoint_of(mirror),
        columns.owner.in_(owners),
        columns.disabled_at.is_(None),
        held=True,
    )


def endpoints_named(connection: Connection, ids: Collection[str]) -> tuple[Endpoint, ...]:
    """Some endpoints by their ids; those that are gone are left out."""
    return _endpoints(connection, webhook_endpoints.c.id.in_(ids))


def hold_named(connection: Connection, ids: Collection[str]) -> tuple[Endpoint, ...]:
    """Some endpoints by their ids; those that are left stay until the transaction ends."""
    return _endpoints(connection, webhook_endpoints.c.id.in_(ids), held=True)


def told_before(
    connection: Connection,
    mirror: MirrorId,
    place: tuple[str, int],
    name: str,
    message_id: str,
) -> Mapping[str, Told]:
    """By endpoint, the last message that said what a message takes back now.

    Those that the message is written for already are left out: what they were told after it stays.

    Args:
        connection: Reads.
        mirror: Of the endpoints.
        place: The block's hash, and the log's index in it.
        name: Of the message that is taken back.
        message_id: Of what takes it back.
    """
    columns = webhook_deliveries.c
    block_hash, log_index = place
    same = webhook_deliveries.alias()
    written = exists().where(
        same.c.endpoint_id == columns.endpoint_id, same.c.message_id == message_id
    )
    rows = connection.execute(
        select(columns.endpoint_id, columns.message_id, columns.terms_hash)
        .join(webhook_endpoints, webhook_endpoints.c.id == columns.endpoint_id)
        .where(
            *endpoint_of(mirror),
            columns.block_hash == block_hash,
            columns.log_index == log_index,
            columns.name == name,
            columns.retracts.is_(None),
            ~written,
        )
        .order_by(columns.seq)
    )
    # Applied, taken back and applied again: the last one counts.
    return {row.endpoint_id: Told(row.message_id, row.terms_hash) for row in rows}


def names_told(
    connection: Connection, endpoints: Collection[str], type_: str, since: int
) -> set[str]:
    """The names of a type's messages that endpoints were told, from a number of the outbox on."""
    columns = webhook_deliveries.c
    found = select(columns.name).where(
        columns.endpoint_id.in_(endpoints),
        columns.seq >= since,
        columns.type == type_,
        columns.retracts.is_(None),
    )
    return set(connection.scalars(found))


def told_under(
    connection: Connection,
    endpoints: Collection[str],
    of: tuple[str, str],
    numbers: range,
) -> Mapping[str, Told]:
    """By endpoint, the last message of a name that nothing has taken back.

    Args:
        connection: Reads.
        endpoints: Their ids.
        of: The name, and the terms hash of the drop that it is about.
        numbers: Of the outbox, among which it is.
    """
    columns = webhook_deliveries.c
    name, terms_hash = of
    back = webhook_deliveries.alias()
    taken_back = exists().where(
        back.c.endpoint_id == columns.endpoint_id,
        back.c.seq > columns.seq,
        back.c.retracts == columns.message_id,
    )
    rows = connection.execute(
        select(columns.endpoint_id, columns.message_id, columns.terms_hash)
        .where(
            columns.endpoint_id.in_(endpoints),
            columns.seq >= numbers.start,
            columns.seq < numbers.stop,
            columns.name == name,
            columns.terms_hash == terms_hash,
            columns.retracts.is_(None),
            ~taken_back,
        )
        .order_by(columns.seq)
    )
    return {row.endpoint_id: Told(row.message_id, row.terms_hash) for row in rows}


def deliveries_of(
    connection: Connection,
    endpoint: str,
    before: tuple[int, str] | None,
    limit: int,
    drops: Mapping[DropId, str] | None = None,
) -> tuple[Delivery, ...]:
    """An endpoint's deliveries, the newest first, before a place in that order.

    Args:
        connection: Reads.
        endpoint: Its id.
        before: The place; None: from the newest on.
        limit: So many.
        drops: With their terms hashes, those that are asked about; None: all, and what is of before
            the terms were kept.
    """
    columns = webhook_deliveries.c
    statement = select(webhook_deliveries).where(columns.endpoint_id == endpoint)
    if drops is not None:
        own = [(columns.drop_id == drop) & (columns.terms_hash == of) for drop, of in drops.items()]
        statement = statement.where(or_(false(), *own))
    if before is not None:
        statement = statement.where(tuple_(columns.seq, columns.id) < before)
    rows = connection.execute(
        statement.order_by(columns.seq.desc(), columns.id.desc()).limit(limit)
    )
    return tuple(delivery_of(row) for row in rows.mappings())


def delivery(connection: Connection, endpoint: str, delivery_id: str) -> Delivery | None:
    """One of an endpoint's deliveries; None: there is no such."""
    columns = webhook_deliveries.c
    found = connection.execute(
        select(webhook_deliveries).where(columns.id == delivery_id, columns.endpoint_id == endpoint)
    )
    row = found.mappings().one_or_none()
    return None if row is None else delivery_of(row)


def is_anything_due(connection: Connection, mirror: MirrorId, now: datetime) -> bool:
    """Whether a message of a mirror is to be sent that nobody is sending."""
    found = connection.scalar(
        select(webhook_deliveries.c.id)
        .join(webhook_endpoints, webhook_endpoints.c.id == webhook_deliveries.c.endpoint_id)
        .where(*endpoint_of(mirror), *claimable(now))
        .limit(1)
    )
    return found is not None


def count_of(connection: Connection, mirror: MirrorId, owner: ChecksumAddress) -> int:
    """How many endpoints an account has."""
    return (
        connection.scalar(
            select(func.count())
            .select_from(webhook_endpoints)
            .filter_by(**mirror.columns, owner=owner)
        )
        or 0
    )


def endpoint_of(mirror: MirrorId) -> tuple[ColumnElement[bool], ...]:
    """The condition of an endpoint of a mirror: others may be in the same store."""
    columns = webhook_endpoints.c
    return (
        columns.chain_id == mirror.chain_id,
        columns.contract_set == mirror.contract_set,
    )


def claimable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The condition of a delivery that is due and that nobody is sending."""
    columns = webhook_deliveries.c
    return (
        columns.state == State.WAITING.value,
        columns.due_at <= now,
        columns.claimed_until.is_(None) | (columns.claimed_until <= now),
    )


def delivery_of(row: Mapping[str, Any] | RowMapping) -> Delivery:
    """Read a row of `webhook_deliveries`."""
    same = (
        *("id", "message_id", "seq", "type", "terms_hash", "retracts", "payload", "created_at"),
        *("begun_at", "due_at", "attempts", "attempted_at", "status", "duration_ms", "answer"),
        "fault",
    )
    drop = row["drop_id"]
    return Delivery(
        endpoint=row["endpoint_id"],
        drop=None if drop is None else DropId(drop),
        state=State(row["state"]),
        **{name: row[name] for name in same},
    )


def _endpoints(
    connection: Connection, *where: ColumnElement[bool], held: bool = False
) -> tuple[Endpoint, ...]:
    columns = webhook_endpoints.c
    found = select(webhook_endpoints).where(*where).order_by(columns.created_at, columns.id)
    if held:
        # Whoever removes one waits; what is edited goes on. SQLite has one writer at a time anyway.
        found = found.with_for_update(read=True, key_share=True)
    rows = connection.execute(found).mappings().all()
    drops: dict[str, dict[DropId, str]] = {row["id"]: {} for row in rows}
    if rows:
        named = select(webhook_endpoint_drops).where(
            webhook_endpoint_drops.c.endpoint_id.in_(drops)
        )
        for one in connection.execute(named):
            drops[one.endpoint_id][DropId(one.drop_id)] = one.terms_hash
    return tuple(_endpoint(row, drops[row["id"]]) for row in rows)


def _endpoint(row: RowMapping, drops: Mapping[DropId, str]) -> Endpoint:
    same = (
        *("id", "owner", "url", "events", "version", "generation"),
        *("created_at", "rotated_at", "failing_since", "disabled_at"),
    )
    why = row["disabled_why"]
    return Endpoint(
        mirror=MirrorId(row["chain_id"], row["contract_set"]),
        drops=drops,
        disabled_why=None if why is None else Disabled(why),
        **{name: row[name] for name in same},
    )
