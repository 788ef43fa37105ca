"""Seats: who owns them, who owned them, what was paid.

Owns reads of seats, their ownership, sales and stored listings. Refuses to say whether a listing is
alive or a seat may move: those are rules, and their facts are here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from sqlalchemy import and_, literal, select, tuple_

from indexer.folds.states import SeatState, StoredListing
from indexer.reads.conditions import came_and_stayed
from indexer.reads.levels import At, Level, Moment, block_of, last_states
from indexer.store.bulk import last_rows
from indexer.store.fold_tables import sales, seat_states, stored_listings
from indexer.store.states import state_of
from indexer.store.tables import blocks, events
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SEATS_PER_DROP, DropId, SeatId
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import PhaseIndex, TierIndex
    from marketplace.domain.money import Wei
    from marketplace.domain.words import SeatFlag

PAGE = 100
"""Seats in one page, unless the caller asks for another number."""

LogPlace: TypeAlias = tuple[int, int]
"""Where an event is: its block's number and its index in the block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat as it was at the block that was asked for.

    Attributes:
        owner: Nobody once it is burned.
        moved_at: When it last changed hands; `moved_block` is that block's number.
        flags: The bits of `marketplace.domain.words.SeatFlag`.
        locked: Whether the contract has said that it will not move again (ERC-5192).
        face: What was paid at the mint; nothing where it was granted.
        held: K: the royalties, tolls and penalty that wait with it.
        beneficiary: Who burned it, whom a claim pays; nobody before that.
        as_of_block: The block of its last change of any kind; the answer rests on it.
    """

    id: SeatId
    owner: ChecksumAddress
    epoch: int
    moved_at: int
    moved_block: int
    phase: PhaseIndex
    flags: int
    locked: bool
    face: Wei
    held: Wei
    beneficiary: ChecksumAddress
    as_of_block: int
    as_of_hash: str

    @property
    def drop(self) -> DropId:
        """The drop that it belongs to."""
        return self.id.drop

    @property
    def tier(self) -> TierIndex:
        """The tier inside that drop."""
        return self.id.tier

    @property
    def number(self) -> int:
        """The number inside that tier."""
        return self.id.number

    @property
    def burned(self) -> bool:
        """Whether it is gone."""
        return self.owner == ZERO_ADDRESS

    @property
    def payee(self) -> ChecksumAddress:
        """Whom a claim pays: the owner, or who burned it."""
        return self.beneficiary if self.burned else self.owner

    def has(self, flag: SeatFlag) -> bool:
        """Whether this has happened to it."""
        return bool(self.flags & flag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """A change of owner; `owner` holds the seat from it on, nobody after a burn."""

    owner: ChecksumAddress
    how: Literal["mint", "sale", "gift", "burn"]
    epoch: int
    block: Moment
    log_index: int
    tx_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSale:
    """A sale of a seat; `royalty` of `price` waits with it."""

    seat: SeatId
    seller: ChecksumAddress
    buyer: ChecksumAddress
    price: Wei
    royalty: Wei
    block_number: int
    block_hash: str
    log_index: int


def seat(
    connection: Connection, mirror: MirrorId, seat_id: SeatId, at: At = Level.LATEST
) -> Seat | None:
    """Read a seat; None when it was never minted up to then.

    Raises MirrorMissing, BlockNotMirrored.
    """
    row = (
        connection.execute(
            select(seat_states)
            .filter_by(**mirror.columns, seat=seat_id)
            .where(seat_states.c.block_number <= block_of(connection, mirror, at))
            .order_by(seat_states.c.block_number.desc(), seat_states.c.log_index.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else seat_of(row)


def seats_named(
    connection: Connection,
    mirror: MirrorId,
    named: Collection[SeatId],
    at: At = Level.LATEST,
) -> tuple[Seat, ...]:
    """Read some seats at once, by rising id; those that were never minted up to then are left out.

    Raises MirrorMissing, BlockNotMirrored.
    """
    return _last_of(connection, mirror, named, block_of(connection, mirror, at))


def seats_of_owner(
    connection: Connection,
    mirror: MirrorId,
    owner: ChecksumAddress,
    at: At = Level.LATEST,
    *,
    after: SeatId | None = None,
    limit: int = PAGE,
) -> tuple[Seat, ...]:
    """The seats that an account owned then, by rising id; `after` begins the next page.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    number = seat_states.c.seat
    statement = (
        select(number)
        .distinct()
        .filter_by(**mirror.columns)
        .where(
            seat_states.c.owner == owner,
            number > (after or 0),
            came_and_stayed(literal(block, BIG)),
        )
        .order_by(number)
        .limit(limit)
    )
    owned = [SeatId(one) for one in connection.scalars(statement)]
    return _last_of(connection, mirror, owned, block)


def seats_of_drop(
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    at: At = Level.LATEST,
    *,
    after: SeatId | None = None,
    limit: int = PAGE,
) -> tuple[Seat, ...]:
    """The seats of a drop, burned ones too, by rising id; `after` begins the next page.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    first = drop * SEATS_PER_DROP
    statement = (
        last_states(seat_states, ("seat",), mirror, block)
        .where(
            seat_states.c.seat > max(after or 0, first),
            seat_states.c.seat < first + SEATS_PER_DROP,
        )
        .order_by(seat_states.c.seat)
        .limit(limit)
    )
    return tuple(seat_of(row) for row in connection.execute(statement).mappings())


def ownership_history(
    connection: Connection,
    mirror: MirrorId,
    seat_id: SeatId,
    at: At = Level.LATEST,
    *,
    after: LogPlace | None = None,
    limit: int | None = None,
) -> tuple[Ownership, ...]:
    """Every change of owner up to then, the first one first.

    Args:
        connection: The database.
        mirror: Of which chain and contracts.
        seat_id: The seat.
        at: A level or a block's number.
        after: Only those behind it.
        limit: So many at most; None: all.

    Raises:
        MirrorMissing, BlockNotMirrored: nothing is known of then.
    """
    block = block_of(connection, mirror, at)
    states, place = seat_states, ("chain_id", "contract_set", "block_number", "log_index")
    rows = connection.execute(
        select(states, blocks.c.timestamp_s, events.c.tx_hash)
        .join(events, _all_equal(states, events, place))
        .join(
            blocks,
            _all_equal(states, blocks, place[:2]) & (blocks.c.number == states.c.block_number),
        )
        .where(
            states.c.chain_id == mirror.chain_id,
            states.c.contract_set == mirror.contract_set,
            states.c.seat == seat_id,
            states.c.block_number <= block,
            states.c.change.in_(("mint", "sale", "gift", "burn")),
            *_between(states, after, None),
        )
        .order_by(states.c.block_number, states.c.log_index)
        .limit(limit)
    )
    return tuple(
        Ownership(
            owner=row["owner"],
            how=row["change"],
            epoch=row["epoch"],
            block=Moment(row["block_number"], row["block_hash"], row["timestamp_s"]),
            log_index=row["log_index"],
            tx_hash=row["tx_hash"],
        )
        for row in rows.mappings()
    )


def sales_of(
    connection: Connection,
    mirror: MirrorId,
    seat_id: SeatId,
    at: At = Level.LATEST,
    *,
    after: LogPlace | None = None,
    until: LogPlace | None = None,
) -> tuple[SeatSale, ...]:
    """Every sale of a seat up to then, the first one first.

    Args:
        connection: The database.
        mirror: Of which chain and contracts.
        seat_id: The seat.
        at: A level or a block's number.
        after: Only those behind it. A sale is told just before the change of owner that it is.
        until: Only those up to it.

    Raises:
        MirrorMissing, BlockNotMirrored: nothing is known of then.
    """
    block = block_of(connection, mirror, at)
    rows = connection.execute(
        select(sales)
        .filter_by(**mirror.columns, seat=seat_id)
        .where(sales.c.block_number <= block, *_between(sales, after, until))
        .order_by(sales.c.block_number, sales.c.log_index)
    )
    return tuple(
        SeatSale(
            seat=SeatId(row["seat"]),
            seller=row["seller"],
            buyer=row["buyer"],
            price=row["price"],
            royalty=row["royalty"],
            block_number=row["block_number"],
            block_hash=row["block_hash"],
            log_index=row["log_index"],
        )
        for row in rows.mappings()
    )


def listings_of(
    connection: Connection,
    mirror: MirrorId,
    seat_id: SeatId,
    at: At = Level.LATEST,
    *,
    limit: int = PAGE,
) -> tuple[StoredListing, ...]:
    """The newest listings of a seat that were stored on chain up to then, dead ones too.

    Raises as `seat`.
    """
    block = block_of(connection, mirror, at)
    rows = connection.execute(
        select(stored_listings)
        .filter_by(**mirror.columns, seat=seat_id)
        .where(stored_listings.c.block_number <= block)
        .order_by(stored_listings.c.block_number.desc(), stored_listings.c.log_index.desc())
        .limit(limit)
    )
    return tuple(cast("StoredListing", state_of(StoredListing, row)) for row in rows.mappings())


def seat_of(row: RowMapping | Mapping[str, Any]) -> Seat:
    """Read a row of `seat_states`."""
    state = cast("SeatState", state_of(SeatState, row))
    return Seat(
        id=state.seat,
        owner=state.owner,
        epoch=state.epoch,
        moved_at=state.moved_at,
        moved_block=state.moved_block,
        phase=state.phase,
        flags=state.flags,
        locked=bool(state.locked),
        face=state.face,
        held=state.held,
        beneficiary=state.beneficiary,
        as_of_block=row["block_number"],
        as_of_hash=row["block_hash"],
    )


def _last_of(
    connection: Connection, mirror: MirrorId, named: Collection[SeatId], block: int
) -> tuple[Seat, ...]:
    """Some seats as they were at a block, by rising id; of each its last state alone is read."""
    names = (*SeatState.__struct_fields__, "block_number", "block_hash")
    things = [(one,) for one in sorted(named)]
    if not things:
        return ()
    rows = last_rows(
        connection, seat_states, mirror, SeatState.KEY, things, names, before=block + 1
    )
    found = [seat_of(dict(zip(names, row, strict=True))) for row in rows]
    return tuple(sorted(found, key=lambda one: one.id))


def _between(
    table: Table, after: LogPlace | None, until: LogPlace | None
) -> Iterator[ColumnElement[bool]]:
    place = tuple_(table.c.block_number, table.c.log_index)
    if after is not None:
        # The first alone, too: it keeps PostgreSQL out of the partitions before it.
        yield table.c.block_number >= after[0]
        yield place > tuple_(*after)
    if until is not None:
        yield place <= tuple_(*until)


def _all_equal(one: Table, other: Table, names: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in names))
