"""Listings that sellers have stored on the chain: a drop's in order, or which of some there are.

Owns the reads of an order book. Refuses to say that a listing is alive: what a drop's order
leaves out (expired ones, those whose seller did not own the seat then, and those of seats that will
not move again) is certainly dead, what it gives may be dead too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import case, func, literal, select, tuple_

from indexer.folds.states import StoredListing
from indexer.reads.levels import At, Level, block_of
from indexer.store.fold_tables import seat_states, stored_listings
from indexer.store.states import state_of
from marketplace.domain.ids import SEATS_PER_DROP, SEATS_PER_TIER
from marketplace.storage.columns import BIG, Uint256

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection, ScalarSelect, Subquery

    from indexer.identity import MirrorId
    from marketplace.domain.ids import DropId, TierIndex
    from marketplace.domain.listing import Listing

PAGE = 100
"""Listings in one page, unless the caller asks for another number."""

_SAME = ("seat", "seller", "taker", "price", "epoch", "counter", "terms_version", "expiry")


class StoredAt(NamedTuple):
    """A stored listing's place in the order of a book: by price, then seat, then age."""

    price: int
    seat: int
    block_number: int
    log_index: int


@dataclass(frozen=True, slots=True)
class PlacedListing:
    """A stored listing with the place that the next page begins after."""

    listing: StoredListing
    at: StoredAt


def listings_of_drop(  # noqa: PLR0913 - a page has that many bounds, each named
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    ends_from: int,
    at: At = Level.LATEST,
    *,
    tier: TierIndex | None = None,
    after: StoredAt | None = None,
    limit: int = PAGE,
) -> tuple[PlacedListing, ...]:
    """The listings of a drop's owners of then, each once, by price, seat and age.

    Args:
        connection: Reading the mirror.
        mirror: Which one.
        drop: Whose seats.
        ends_from: Unix second; listings that end before it are left out.
        at: As of when: who owned which seat, and what was stored.
        tier: Of this tier alone.
        after: The place that the page begins after.
        limit: How many at most.

    Raises:
        MirrorMissing: there is no mirror.
        BlockNotMirrored: it has not reached that block.
    """
    block = block_of(connection, mirror, at)
    found = of_owners(mirror, drop, tier, ends_from, block)
    place = (found.c.price, found.c.seat, found.c.block_number, found.c.log_index)
    statement = select(found).where(found.c.telling == 1).order_by(*place).limit(limit)
    if after is not None:
        # Of what was told first: further down, only a later telling of one that a page before had.
        statement = statement.where(tuple_(*place) > _literal(after))
    return tuple(
        PlacedListing(
            cast("StoredListing", state_of(StoredListing, row)),
            StoredAt(row["price"], row["seat"], row["block_number"], row["log_index"]),
        )
        for row in connection.execute(statement).mappings()
    )


def stored_among(
    connection: Connection,
    mirror: MirrorId,
    listings: Collection[Listing],
    at: At = Level.LATEST,
) -> frozenset[Listing]:
    """Those of some listings that their sellers had stored up to then, dead ones too.

    One statement, and no more rows than there are listings, however many a seat was stored with.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    if not listings:
        return frozenset()
    same = [stored_listings.c[name] for name in _SAME]
    rows = connection.execute(
        select(*same)
        .distinct()
        .filter_by(**mirror.columns)
        .where(
            # The index is of seats alone.
            stored_listings.c.seat.in_({one.seat for one in listings}),
            tuple_(*same).in_([_values(one) for one in listings]),
            stored_listings.c.block_number <= block,
        )
    )
    told = {tuple(row) for row in rows}
    return frozenset(one for one in listings if _values(one) in told)


def _values(listing: Listing) -> tuple[object, ...]:
    return tuple(getattr(listing, name) for name in _SAME)


def of_owners(
    mirror: MirrorId, drop: DropId, tier: TierIndex | None, ends_from: int, block: int
) -> Subquery:
    """What every order of a drop's stored listings begins with.

    Storing a listing once more changes nothing: the first time is `telling` 1, and that is shown.
    """
    table = stored_listings
    first = drop * SEATS_PER_DROP + (0 if tier is None else tier * SEATS_PER_TIER)
    seats = SEATS_PER_DROP if tier is None else SEATS_PER_TIER
    return (
        select(table, _telling().label("telling"))
        .filter_by(**mirror.columns)
        .where(
            table.c.seat > first,
            table.c.seat < first + seats,
            table.c.expiry >= ends_from,
            # Not the bare column: everything that was ever listed would be walked through by block.
            table.c.block_number + 0 <= block,
            table.c.seller == _owner(mirror, block),
        )
        .subquery("found")
    )


def _owner(mirror: MirrorId, block: int) -> ScalarSelect[str]:
    """Who might sell the seat then; NULL where it was locked."""
    seats = seat_states.c
    return (
        select(case((seats.locked == 0, seats.owner)))
        .filter_by(**mirror.columns)
        .where(seats.seat == stored_listings.c.seat, seats.block_number <= block)
        .order_by(seats.block_number.desc(), seats.log_index.desc())
        .limit(1)
        .scalar_subquery()
    )


def _telling() -> ColumnElement[int]:
    """The how-manieth time it is that a listing is told.

    Storing it once more changes nothing on the chain and is told all the same. Counted over all of
    a drop's at once: to look for an earlier one of each would take a look at every other of its
    seat, and anybody who owns a seat may store thousands of it.
    """
    columns = stored_listings.c
    return func.row_number().over(
        partition_by=[columns[name] for name in _SAME],
        order_by=[columns.block_number, columns.log_index],
    )


def _literal(at: StoredAt) -> ColumnElement[tuple[object, ...]]:
    return tuple_(
        literal(at.price, Uint256),
        literal(at.seat, BIG),
        literal(at.block_number, BIG),
        literal(at.log_index, BIG),
    )
