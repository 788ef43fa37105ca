"""Everything that the gate asks the mirror, in one statement, and one more for a delegate.

Owns the first. Refuses the decision: an answer here has no opinion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, func, literal, select

from indexer.reads.conditions import latest, of_mirror
from indexer.reads.delegated import (
    DelegatedSeat,
    any_delegation,
    delegated_seats,
    history_missing,
)
from indexer.reads.levels import MirrorMissing, same_mirror
from indexer.rpc.values import Mark
from indexer.store.fold_tables import drop_states, outbox_origins, seat_states
from indexer.store.tables import checkpoints, heartbeats
from marketplace.domain.ids import SEATS_PER_DROP, SEATS_PER_TIER, DropId, SeatId

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import (
        BindParameter,
        ColumnElement,
        Connection,
        RowMapping,
        Select,
        Subquery,
    )

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class DropFact:
    """A drop at the head; `state` is one of `marketplace.domain.drop.DropState`.

    `verifier` is nobody where none was named.
    """

    drop: DropId
    mentor: ChecksumAddress
    verifier: ChecksumAddress
    state: int
    terms_hash: str


@dataclass(frozen=True, slots=True)
class SeatFact:
    """A seat that the account owns at the head, since the block `moved_block`."""

    seat: SeatId
    owner: ChecksumAddress
    moved_block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """What is known of some drops and an account's seats of them, all of one moment.

    Attributes:
        live: As in `MirrorStatus`.
        level_at: As in `MirrorStatus`; lag is measured by it.
        drops: Those that exist, by rising number.
        seats: Of each tier of those drops the one that the account has owned longest, by rising id.
            Each seat that the account ever had costs one look into an index: with 10,000 of them
            the answer takes some 40 ms, with a few less than one.
        delegated: Seats of those drops whose owners let the account act for them, by rising id.
        delegations_missing: Whether there is a registry of delegations whose history does not reach
            the head yet, so that `delegated` may lack some.
    """

    head: Mark
    safe: Mark
    finalized: Mark
    live: bool
    level_at: int | None
    drops: tuple[DropFact, ...]
    seats: tuple[SeatFact, ...]
    delegated: tuple[DelegatedSeat, ...]
    delegations_missing: bool


def gate_facts(
    connection: Connection,
    mirror: MirrorId,
    account: ChecksumAddress | None,
    drops: Collection[DropId],
    rights: str = "",
) -> GateFacts:
    """Read the mirror's levels, some drops and an account's seats of them in one statement.

    An account to which something was ever delegated costs a second one.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        account: Whose seats; None: nobody's.
        drops: At least one.
        rights: The name of the right that a delegate needs; all rights count too.

    Raises:
        MirrorMissing: there is no mirror.
        RightsTooLong: the name has more than 32 bytes.
    """
    asked = sorted(drops)
    given: dict[str, object] = {**mirror.columns, "account": account}
    given |= {_name(place): drop for place, drop in enumerate(asked)}
    statement = _statement(len(asked), with_seats=account is not None)
    rows = connection.execute(statement, given).mappings().all()
    if not rows:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)
    first = rows[0]
    is_delegate = account is not None and first["delegate"]
    return GateFacts(
        head=Mark(first["head_number"], first["head_hash"]),
        safe=Mark(first["safe_number"], first["safe_hash"]),
        finalized=Mark(first["finalized_number"], first["finalized_hash"]),
        live=first["origin"] is not None,
        level_at=first["level_at"],
        drops=tuple(dict.fromkeys(_drop(row) for row in rows if row["drop_id"] is not None)),
        seats=() if account is None else tuple(_seats(rows, account)),
        delegated=delegated_seats(connection, mirror, account, drops, rights)
        if account is not None and is_delegate
        else (),
        delegations_missing=account is not None and bool(first["pending"]),
    )


def _drop(row: RowMapping) -> DropFact:
    return DropFact(
        DropId(row["drop_id"]), row["mentor"], row["verifier"], row["state"], row["terms_hash"]
    )


def _seats(rows: Collection[RowMapping], owner: ChecksumAddress) -> list[SeatFact]:
    return [
        SeatFact(SeatId(row["seat"]), owner, row["moved_block"])
        for row in rows
        if row["seat"] is not None
    ]


@cache
def _statement(drop_count: int, *, with_seats: bool) -> Select[Any]:
    # Built once for each number of drops: compiling takes longer than running it.
    asked: list[BindParameter[Any]] = [bindparam(_name(place)) for place in range(drop_count)]
    drops, columns = drop_states, drop_states.c
    statement = select(
        *(checkpoints.c[name] for name in _LEVELS),
        outbox_origins.c.block_number.label("origin"),
        heartbeats.c.level_at,
        *(columns.drop_id, columns.mentor, columns.verifier, columns.state, columns.terms_hash),
    )
    joined = (
        checkpoints.outerjoin(outbox_origins, same_mirror(outbox_origins))
        .outerjoin(heartbeats, same_mirror(heartbeats))
        .outerjoin(
            drops, and_(same_mirror(drops), columns.drop_id.in_(asked), latest(drops, "drop_id"))
        )
    )
    order: list[ColumnElement[Any]] = [columns.drop_id]
    if with_seats:
        held = _held(asked)
        joined = joined.outerjoin(held, and_(held.c.drop_id == columns.drop_id, held.c.place == 1))
        statement = statement.add_columns(
            held.c.seat, held.c.moved_block, any_delegation(), history_missing()
        )
        order.append(held.c.seat)
    return statement.select_from(joined).where(of_mirror(checkpoints)).order_by(*order)


def _held(drops: list[BindParameter[Any]]) -> Subquery:
    """The account's seats of some drops; `place` 1 is the one of its tier that it owned longest."""
    seats = seat_states.c
    drop_id = seats.seat // literal(SEATS_PER_DROP, Integer)
    tier = seats.seat // literal(SEATS_PER_TIER, Integer)
    place = func.row_number().over(partition_by=tier, order_by=(seats.moved_block, seats.seat))
    return (
        select(seats.seat, seats.moved_block, drop_id.label("drop_id"), place.label("place"))
        .where(
            of_mirror(seat_states),
            seats.owner == bindparam("account", type_=seats.owner.type),
            drop_id.in_(drops),
            latest(seat_states, "seat"),
        )
        .subquery("held")
    )


def _name(place: int) -> str:
    return f"drop_{place}"


_LEVELS = tuple(
    f"{level}_{part}" for level in ("head", "safe", "finalized") for part in ("number", "hash")
)
