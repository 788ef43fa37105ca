"""What webhooks write: endpoints, deliveries, and how far the outbox was looked at.

Owns the statements but those of who is sending what (`claiming`). Refuses transactions and clocks:
both are the caller's. Each statement that decides something is one whose condition is the decision,
so that of two at once one wins.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.store.webhook_tables import (
    webhook_cursors,
    webhook_deliveries,
    webhook_endpoint_drops,
    webhook_endpoints,
)
from api.webhooks.reads import endpoint_of
from api.webhooks.schedule import Fault
from api.webhooks.values import Disabled, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from api.webhooks.values import Endpoint
    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress

_CLEARED_AT_ONCE: Final = 100


def new_id(kind: str) -> str:
    """Make an id that nobody can guess."""
    return f"{kind}_{secrets.token_hex(12)}"


def add_endpoint(connection: Connection, endpoint: Endpoint) -> None:
    """Keep a new endpoint."""
    connection.execute(
        insert(webhook_endpoints).values(
            **endpoint.mirror.columns,
            id=endpoint.id,
            owner=endpoint.owner,
            url=endpoint.url,
            events=endpoint.events,
            version=endpoint.version,
            generation=endpoint.generation,
            created_at=endpoint.created_at,
        )
    )
    _name_drops(connection, endpoint)


def edit_endpoint(connection: Connection, endpoint: Endpoint) -> bool:
    """Replace what was edited, if it still is of the version before; False when it is not."""
    edited = connection.execute(
        update(webhook_endpoints)
        .where(
            webhook_endpoints.c.id == endpoint.id,
            webhook_endpoints.c.version == endpoint.version - 1,
        )
        .values(
            url=endpoint.url,
            events=endpoint.events,
            version=endpoint.version,
            failing_since=endpoint.failing_since,
            disabled_at=endpoint.disabled_at,
            disabled_why=endpoint.disabled_why,
        )
    )
    if edited.rowcount != 1:
        return False
    drops = webhook_endpoint_drops
    connection.execute(delete(drops).where(drops.c.endpoint_id == endpoint.id))
    _name_drops(connection, endpoint)
    return True


def rotate(connection: Connection, endpoint_id: str, generation: int, now: datetime) -> bool:
    """Give an endpoint the secret after a generation; False when somebody else has."""
    columns = webhook_endpoints.c
    rotated = connection.execute(
        update(webhook_endpoints)
        .where(columns.id == endpoint_id, columns.generation == generation)
        .values(generation=generation + 1, rotated_at=now)
    )
    return rotated.rowcount == 1


def remove_endpoint(connection: Connection, owner: ChecksumAddress, endpoint_id: str) -> bool:
    """Forget an endpoint and what was sent there; False when the account has no such."""
    columns = webhook_endpoints.c
    removed = connection.execute(
        delete(webhook_endpoints).where(columns.id == endpoint_id, columns.owner == owner)
    )
    return removed.rowcount == 1


def hold_endpoint(connection: Connection, endpoint_id: str) -> None:
    """Be the only one who writes to an endpoint until the transaction ends.

    Whoever writes to it and to what waits for it holds it first, or two lock each other out.
    """
    # Whoever enlists holds the key alone, and goes on. SQLite has one writer at a time anyway.
    connection.execute(
        select(webhook_endpoints.c.id)
        .where(webhook_endpoints.c.id == endpoint_id)
        .with_for_update(key_share=True)
    )


def disable(connection: Connection, endpoint_id: str, why: Disabled, now: datetime) -> bool:
    """Send nothing there any more; what waits fails. False when that was so already."""
    columns = webhook_endpoints.c
    disabled = connection.execute(
        update(webhook_endpoints)
        .where(columns.id == endpoint_id, columns.disabled_at.is_(None))
        .values(disabled_at=now, disabled_why=why, version=columns.version + 1)
    )
    give_up_waiting(connection, endpoint_id)
    return disabled.rowcount == 1


def give_up_waiting(connection: Connection, endpoint_id: str) -> None:
    """Let everything fail that waits to be sent to an endpoint."""
    columns = webhook_deliveries.c
    connection.execute(
        update(webhook_deliveries)
        .where(columns.endpoint_id == endpoint_id, columns.state == State.WAITING.value)
        .values(state=State.FAILED.value)
    )


def give_up_unwanted(connection: Connection, endpoint: Endpoint) -> None:
    """Let what waits for an endpoint fail that is of none of the drops that it names.

    The caller holds the outbox, so nobody is enlisting more by what the endpoint was before.
    """
    columns = webhook_deliveries.c
    waiting = connection.execute(
        select(columns.id, columns.drop_id, columns.terms_hash).where(
            columns.endpoint_id == endpoint.id, columns.state == State.WAITING.value
        )
    )
    unwanted = [
        {"unwanted": row.id}
        for row in waiting
        if not endpoint.wish.names(row.drop_id, row.terms_hash)
    ]
    if unwanted:
        connection.execute(
            update(webhook_deliveries)
            .where(columns.id == bindparam("unwanted"), columns.state == State.WAITING.value)
            .values(state=State.FAILED.value, fault=Fault.UNWANTED.value),
            unwanted,
        )


def give_up_disabled(connection: Connection, mirror: MirrorId) -> None:
    """Let some of what waits for an endpoint of a mirror fail that is disabled.

    Whoever disables one lets fail what they see; somebody may have been enlisting more meanwhile.
    """
    columns = webhook_deliveries.c
    late = (
        select(columns.id)
        .join(webhook_endpoints, webhook_endpoints.c.id == columns.endpoint_id)
        .where(
            *endpoint_of(mirror),
            columns.state == State.WAITING.value,
            webhook_endpoints.c.disabled_at.is_not(None),
        )
        .limit(_CLEARED_AT_ONCE)
        .with_for_update(skip_locked=True, of=webhook_deliveries)
        .scalar_subquery()
    )
    connection.execute(
        update(webhook_deliveries)
        .where(columns.id.in_(late), columns.state == State.WAITING.value)
        .values(state=State.FAILED.value)
    )


def hold_outbox(connection: Connection, mirror: MirrorId) -> None:
    """Be the only one who looks at an outbox until the transaction ends."""
    # SQLite has one writer at a time anyway.
    if connection.dialect.name == "postgresql":
        name = f"webhooks of {mirror}"
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def move_cursor(connection: Connection, mirror: MirrorId, seq: int) -> None:
    """Note how far the outbox was looked at; the caller holds it."""
    moved = connection.execute(update(webhook_cursors).filter_by(**mirror.columns).values(seq=seq))
    if moved.rowcount == 0:
        connection.execute(insert(webhook_cursors).values(**mirror.columns, seq=seq))


def add_deliveries(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep messages that are to be sent at once; what is kept under the same id stays as it is."""
    if rows:
        # After a mirror has gone back, the same is told once more.
        into = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        once = into(webhook_deliveries).on_conflict_do_nothing(
            index_elements=["endpoint_id", "message_id"]
        )
        connection.execute(once, list(rows))


def overtake(connection: Connection, endpoint_id: str, message_id: str) -> None:
    """Send a message no more that has been taken back before it arrived."""
    columns = webhook_deliveries.c
    connection.execute(
        update(webhook_deliveries)
        .where(
            columns.endpoint_id == endpoint_id,
            columns.message_id == message_id,
            columns.state == State.WAITING.value,
        )
        .values(state=State.OVERTAKEN.value)
    )


def note_health(
    connection: Connection, endpoint_id: str, now: datetime, *, arrived: bool
) -> datetime | None:
    """Note whether something arrived; gives since when nothing does."""
    columns = webhook_endpoints.c
    if arrived:
        connection.execute(
            update(webhook_endpoints)
            .where(columns.id == endpoint_id, columns.failing_since.is_not(None))
            .values(failing_since=None)
        )
        return None
    connection.execute(
        update(webhook_endpoints)
        .where(columns.id == endpoint_id, columns.failing_since.is_(None))
        .values(failing_since=now)
    )
    since: datetime | None = connection.scalar(
        select(columns.failing_since).where(columns.id == endpoint_id)
    )
    return since


def replay(connection: Connection, endpoint_id: str, delivery_id: str, now: datetime) -> bool:
    """Let a message be sent again at once, whatever became of it; False when there is none."""
    columns = webhook_deliveries.c
    replayed = connection.execute(
        update(webhook_deliveries)
        .where(columns.id == delivery_id, columns.endpoint_id == endpoint_id)
        .values(state=State.WAITING.value, begun_at=now, due_at=now, attempts=0, fault=None)
    )
    return replayed.rowcount == 1


def clear(connection: Connection, before: datetime) -> None:
    """Forget some of the messages that are older than a moment and wait for nothing."""
    columns = webhook_deliveries.c
    stale = (
        select(columns.id)
        .where(columns.created_at < before, columns.state != State.WAITING.value)
        .order_by(columns.created_at)
        .limit(_CLEARED_AT_ONCE)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    connection.execute(delete(webhook_deliveries).where(columns.id.in_(stale)))


def _name_drops(connection: Connection, endpoint: Endpoint) -> None:
    rows = [
        {"endpoint_id": endpoint.id, "drop_id": drop, "terms_hash": terms_hash}
        for drop, terms_hash in endpoint.drops.items()
    ]
    if rows:
        connection.execute(insert(webhook_endpoint_drops), rows)
