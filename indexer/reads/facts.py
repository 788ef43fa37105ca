"""Everything that the gate asks the mirror, in one statement, and one more for a delegate.

Owns the first, in a transaction of the caller's or as a question of its own. Refuses the decision:
an answer here has no opinion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

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
from marketplace.storage.columns import BIG
from marketplace.storage.single import rows_of
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import (
        BindParameter,
        ColumnElement,
        Connection,
        Engine,
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
    found = connection.execute(*_question(mirror, account, drops))
    rows = [_Row(*row) for row in found]
    lent: tuple[DelegatedSeat, ...] = ()
    if account is not None and rows and rows[0].delegate:
        lent = delegated_seats(connection, mirror, account, drops, rights)
    return _facts(mirror, account, rows, lent)


def gate_facts_now(
    engine: Engine,
    mirror: MirrorId,
    account: ChecksumAddress | None,
    drops: Collection[DropId],
    rights: str = "",
) -> GateFacts:
    """As `gate_facts`, of the present moment and as quickly as can be: one message and its answer.

    An account to which something was ever delegated is asked about in a transaction, because the
    two statements that it takes must agree.

    Args:
        engine: Of the mirror's database.
        mirror: Which one.
        account: Whose seats; None: nobody's.
        drops: At least one.
        rights: As of `gate_facts`.

    Raises:
        MirrorMissing: there is no mirror.
        WouldWaitError: the work under way must not wait, and this would.
        RightsTooLong: the name has more than 32 bytes.
    """
    statement, given = _question(mirror, account, drops)
    rows = [_Row(*row) for row in rows_of(engine, statement, given)]
    if account is not None and rows and rows[0].delegate:
        with reading(engine) as connection:
            return gate_facts(connection, mirror, account, drops, rights)
    return _facts(mirror, account, rows, ())


class _Row(NamedTuple):
    """A row of the statement: a drop or a seat of it, beside what is the same in all rows.

    The last four are told of an account alone.
    """

    head_number: int
    head_hash: str
    safe_number: int
    safe_hash: str
    finalized_number: int
    finalized_hash: str
    origin: int | None
    level_at: int | None
    drop_id: int | None
    mentor: ChecksumAddress
    verifier: ChecksumAddress
    state: int
    terms_hash: str
    seat: int | None = None
    moved_block: int = 0
    delegate: bool = False
    pending: bool = False


def _question(
    mirror: MirrorId, account: ChecksumAddress | None, drops: Collection[DropId]
) -> tuple[Select[Any], dict[str, object]]:
    given: dict[str, object] = {**mirror.columns}
    if account is not None:
        given["account"] = account
    # A driver looks longer at a subclass.
    given |= {_name(place): int(drop) for place, drop in enumerate(sorted(drops))}
    return _statement(len(drops), with_seats=account is not None), given


def _facts(
    mirror: MirrorId,
    account: ChecksumAddress | None,
    rows: Sequence[_Row],
    lent: tuple[DelegatedSeat, ...],
) -> GateFacts:
    if not rows:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)
    first = rows[0]
    return GateFacts(
        head=Mark(first.head_number, first.head_hash),
        safe=Mark(first.safe_number, first.safe_hash),
        finalized=Mark(first.finalized_number, first.finalized_hash),
        live=first.origin is not None,
        level_at=first.level_at,
        drops=tuple(
            dict.fromkeys(_drop(row, row.drop_id) for row in rows if row.drop_id is not None)
        ),
        seats=()
        if account is None
        else tuple(
            SeatFact(SeatId(row.seat), account, row.moved_block)
            for row in rows
            if row.seat is not None
        ),
        delegated=lent,
        delegations_missing=bool(first.pending),
    )


def _drop(row: _Row, drop: int) -> DropFact:
    return DropFact(DropId(drop), row.mentor, row.verifier, row.state, row.terms_hash)


@cache
def _statement(drop_count: int, *, with_seats: bool) -> Select[Any]:
    # Built once for each number of drops: compiling takes longer than running it.
    asked: list[BindParameter[Any]] = [
        bindparam(_name(place), type_=BIG) for place in range(drop_count)
    ]
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
