"""Everything that the gate asks the mirror, in one statement, and some more for a delegate.

Owns the first, in a transaction of the caller's or as a question of its own, now or as of a level
or a block. Refuses the decision: an answer here has no opinion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, literal, select

from indexer.reads.conditions import (
    asked_drops,
    bound_drops,
    came_and_stayed,
    is_of,
    latest,
    of_mirror,
    place_of,
    places_for,
)
from indexer.reads.delegated import (
    DelegatedSeat,
    any_delegation,
    delegated_seats,
    history_missing,
)
from indexer.reads.levels import (
    BUILDING,
    At,
    Level,
    MirrorIncomplete,
    MirrorMissing,
    number_column,
    require_mirrored,
    same_mirror,
)
from indexer.rpc.values import Mark
from indexer.store.fold_tables import drop_states, outbox_origins, seat_states
from indexer.store.tables import blocks, checkpoints, heartbeats
from marketplace.domain.ids import SEATS_PER_TIER, DropId, SeatId
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
        ScalarSelect,
        Select,
        Subquery,
    )

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class DropFact:
    """A drop as it was then; `state` is one of `marketplace.domain.drop.DropState`.

    `verifier` is nobody where none was named.
    """

    drop: DropId
    mentor: ChecksumAddress
    verifier: ChecksumAddress
    state: int
    terms_hash: str


@dataclass(frozen=True, slots=True)
class SeatFact:
    """A seat that the account owned then, since the block `moved_block`."""

    seat: SeatId
    owner: ChecksumAddress
    moved_block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """What is known of some drops and an account's seats of them, all of one moment.

    Attributes:
        as_of: The block that drops and seats rest on: the level's. Of a number, the last one up to
            it whose hash is kept, or genesis; in those behind it nothing has happened.
        head: Where the mirror stands, whatever was asked about, as safe and finalized.
        live: As in `MirrorStatus`.
        level_at: As in `MirrorStatus`; lag is measured by it.
        drops: Those that existed, by rising number.
        seats: Of each tier of those drops the one that the account had owned longest, by rising id.
            Each seat of them that the account ever had costs one look into an index: with 10,000
            the answer takes some 40 ms, with a few less than one.
        delegated: Seats of those drops whose owners let the account act for them, by rising id; not
            looked for where no right was named.
        delegations_missing: Whether there is a registry of delegations whose history does not reach
            the block that was asked about yet. Then `delegated` is empty: what is read already may
            have been taken back since.
    """

    as_of: Mark
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
    rights: str | None = None,
    at: At = Level.LATEST,
) -> GateFacts:
    """Read the mirror's levels, some drops and an account's seats of them in one statement.

    An account to which something was ever delegated costs a few more.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        account: Whose seats; None: nobody's.
        drops: At least one.
        rights: The name of the right that a delegate needs; all rights count too. None: delegates
            do not matter.
        at: As of when drops, seats and delegations are told.

    Raises:
        MirrorMissing: there is no mirror.
        MirrorIncomplete: it is being built again.
        BlockNotMirrored: it has not reached that block.
        RightsTooLong: the name has more than 32 bytes.
    """
    found = connection.execute(*_question(mirror, account, drops, at))
    as_of, rows = _read([tuple(row) for row in found], mirror, at)
    lent: tuple[DelegatedSeat, ...] = ()
    if account is not None and rights is not None and _may_be_lent(rows[0]):
        block = None if at is Level.LATEST else as_of.number
        found_lent = delegated_seats(connection, mirror, (account,), drops, rights, block)
        lent = found_lent.get(account, ())
    return _facts(account, as_of, rows, lent)


def gate_facts_now(
    engine: Engine,
    mirror: MirrorId,
    account: ChecksumAddress | None,
    drops: Collection[DropId],
    rights: str | None = None,
    at: At = Level.LATEST,
) -> GateFacts:
    """As `gate_facts`, in a moment of its own and as quickly as can be: one message and its answer.

    An account to which something was ever delegated is asked about in a transaction, because the
    statements that it takes must agree.

    Args:
        engine: Of the mirror's database.
        mirror: Which one.
        account: Whose seats; None: nobody's.
        drops: At least one.
        rights: As of `gate_facts`.
        at: As of `gate_facts`.

    Raises:
        MirrorMissing: there is no mirror.
        MirrorIncomplete: it is being built again.
        BlockNotMirrored: it has not reached that block.
        WouldWaitError: the work under way must not wait, and this would.
        RightsTooLong: the name has more than 32 bytes.
    """
    statement, given = _question(mirror, account, drops, at)
    as_of, rows = _read(rows_of(engine, statement, given), mirror, at)
    if account is not None and rights is not None and _may_be_lent(rows[0]):
        with reading(engine) as connection:
            return gate_facts(connection, mirror, account, drops, rights, at)
    return _facts(account, as_of, rows, ())


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
    building: str | None
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
    mirror: MirrorId, account: ChecksumAddress | None, drops: Collection[DropId], at: At
) -> tuple[Select[Any], dict[str, object]]:
    given: dict[str, object] = {**mirror.columns}
    if account is not None:
        given["account"] = account
    given |= bound_drops(drops)
    level = at if isinstance(at, Level) else None
    if not isinstance(at, Level):
        # Whether there is such a block is known with the answer.
        given["block"] = at if 0 <= at <= _MOST else 0
    return _statement(places_for(drops), with_seats=account is not None, level=level), given


def _read(
    found: Sequence[tuple[Any, ...]], mirror: MirrorId, at: At
) -> tuple[Mark, Sequence[_Row]]:
    """The block that an answer rests on, and its rows, of which there is one at least."""
    if not found:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)
    rows = [_Row(*(row if isinstance(at, Level) else row[2:])) for row in found]
    if rows[0].building is not None:
        raise MirrorIncomplete(mirror.chain_id, mirror.contract_set)
    if isinstance(at, Level):
        return _mark(rows[0], at), rows
    require_mirrored(at, rows[0].head_number)
    return Mark(*found[0][:2]), rows


def _may_be_lent(row: _Row) -> bool:
    # What is half read is not told: what of it was taken back since is not known.
    return row.delegate and not row.pending


def _mark(row: _Row, level: Level) -> Mark:
    if level is Level.LATEST:
        return Mark(row.head_number, row.head_hash)
    if level is Level.SAFE:
        return Mark(row.safe_number, row.safe_hash)
    return Mark(row.finalized_number, row.finalized_hash)


def _facts(
    account: ChecksumAddress | None,
    as_of: Mark,
    rows: Sequence[_Row],
    lent: tuple[DelegatedSeat, ...],
) -> GateFacts:
    first = rows[0]
    return GateFacts(
        as_of=as_of,
        head=_mark(first, Level.LATEST),
        safe=_mark(first, Level.SAFE),
        finalized=_mark(first, Level.FINALIZED),
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
def _statement(places: int, *, with_seats: bool, level: Level | None) -> Select[Any]:
    """Select a row for each drop and seat; without a level as of the bound `block`.

    As of a block, each row begins with the block that the answer rests on.
    """
    # Built once for each number of places: compiling takes longer than running it.
    asked: list[BindParameter[Any]] = [
        bindparam(place_of(place), type_=BIG) for place in range(places)
    ]
    drops, columns, until = drop_states, drop_states.c, _until(level)
    statement = select(
        *(() if level is not None else _kept()),
        *(checkpoints.c[name] for name in _LEVELS),
        outbox_origins.c.block_number.label("origin"),
        heartbeats.c.level_at,
        BUILDING.label("building"),
        *(columns.drop_id, columns.mentor, columns.verifier, columns.state, columns.terms_hash),
    )
    joined = (
        checkpoints.outerjoin(outbox_origins, same_mirror(outbox_origins))
        .outerjoin(heartbeats, same_mirror(heartbeats))
        .outerjoin(
            drops,
            and_(
                same_mirror(drops),
                columns.drop_id.in_(asked),
                latest(drops, "drop_id", until=until),
            ),
        )
    )
    order: list[ColumnElement[Any]] = [columns.drop_id]
    if with_seats:
        held = _held(places, until)
        pending = history_missing() if until is None else history_missing(until)
        joined = joined.outerjoin(held, and_(held.c.drop_id == columns.drop_id, held.c.place == 1))
        statement = statement.add_columns(
            held.c.seat, held.c.moved_block, any_delegation(), pending
        )
        order.append(held.c.seat)
    return statement.select_from(joined).where(of_mirror(checkpoints)).order_by(*order)


def _until(level: Level | None) -> ColumnElement[int] | None:
    """The number of the last block that counts; None: the head's, above which there is nothing."""
    if level is None:
        return bindparam("block", type_=BIG)
    if level is Level.LATEST:
        return None
    standing = checkpoints.alias("standing")
    found: ScalarSelect[int] = (
        select(standing.c[number_column(level).name]).where(of_mirror(standing)).scalar_subquery()
    )
    return found


def _kept() -> tuple[ColumnElement[Any], ...]:
    """The last block up to the bound one whose hash is kept; genesis where none is."""
    number, block_hash = (
        select(column)
        .where(same_mirror(blocks), blocks.c.number <= bindparam("block", type_=BIG))
        .order_by(blocks.c.number.desc())
        .limit(1)
        .scalar_subquery()
        for column in (blocks.c.number, blocks.c.hash)
    )
    return func.coalesce(number, 0), func.coalesce(block_hash, checkpoints.c.genesis_hash)


def _held(places: int, until: ColumnElement[int] | None) -> Subquery:
    """The account's seats of some drops; `place` 1 is the one of its tier that it owned longest."""
    seats, asked = seat_states.c, asked_drops(places)
    tier = seats.seat // literal(SEATS_PER_TIER, Integer)
    place = func.row_number().over(partition_by=tier, order_by=(seats.moved_block, seats.seat))
    return (
        select(seats.seat, seats.moved_block, asked.c.drop_id, place.label("place"))
        .select_from(asked.join(seat_states, is_of(seats.seat, asked.c.drop_id)))
        .where(
            of_mirror(seat_states),
            seats.owner == bindparam("account", type_=seats.owner.type),
            came_and_stayed(until),
        )
        .subquery("held")
    )


_MOST: Final = 2**63 - 1
_LEVELS = tuple(
    f"{level}_{part}" for level in ("head", "safe", "finalized") for part in ("number", "hash")
)
