"""What the mirror says of a drop with wait-lists: seats that anybody could buy, and who got one.

Owns gathering it, all of one moment of the mirror. Refuses to say whose turn a seat is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from api.market import reads as listings
from api.market.book import stored_listing
from api.market.facts import mirrored_sales
from api.waiting.values import ListedSeat, Mirrored, WaitList, has_come
from api.wire import moment
from indexer.queries import arrivals, gate_facts, mirror_status, newest_listings_of_drop
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.orders.judging import refusal_of
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from api.market.facts import MirroredSales
    from api.market.values import BookListing
    from api.parts import Parts
    from api.waiting.values import Came, ListName, OwnPlace, WaitPlace

MOST_LISTINGS: Final = 5_000
"""Listings of each kind that are judged in one look: the newest. A seat that is not among them is
in nobody's book but its seller's; a drop has as many only where somebody owns hundreds of seats."""

_OVER: Final = frozenset(
    {DropState.CANCELLED, DropState.FAILED, DropState.DISPUTED_WIDE, DropState.SPLIT_WIDE}
)


def open_listings(
    connection: Connection, parts: Parts, waiting: WaitList, now: datetime
) -> tuple[tuple[datetime, BookListing], ...]:
    """The signed listings of a drop that are for anybody, dead ones too, with when they came."""
    return listings.newest(
        connection,
        parts.mirror_id,
        waiting.drop,
        tier=None,
        viewer=None,
        ends_from=int(now.timestamp()),
        before=None,
        behind=None,
        limit=MOST_LISTINGS,
    )


def mirrored(
    parts: Parts,
    waiting: WaitList,
    places: Iterable[WaitPlace],
    signed: Iterable[tuple[datetime, BookListing]],
    now: datetime,
) -> Mirrored | None:
    """Read what is known of a drop; None where its number is another drop's by now.

    What lives is judged by a moment from before anything was read. Raises MirrorMissing.
    """
    waits, second = tuple(places), int(now.timestamp())
    with reading(parts.reads) as connection:
        status = mirror_status(connection, parts.mirror_id)
        sales = mirrored_sales(connection, parts.mirror_id, waiting.drop)
        if sales is None or sales.drop.terms_hash != waiting.terms_hash:
            return None
        offers, stored = tuple(signed), _stored(parts, connection, waiting, second)
        to_anybody = [one for one in stored if one[1].listing.taker == ZERO_ADDRESS]
        dated = sorted((*offers, *to_anybody), key=_in_order)
        return Mirrored(
            at=status.head,
            level_at=None if status.level_at is None else moment(status.level_at),
            finalized=status.finalized.number,
            closed=DropState(sales.drop.state) in _OVER,
            listed=_listed(sales, [one for _, one in dated], second),
            came=_came(connection, parts, waiting, waits),
            # Of all that was read, also for one taker: those too can push others out.
            whole=max(len(offers), len(stored)) < MOST_LISTINGS,
        )


def those_over(
    connection: Connection, parts: Parts, lists: Collection[ListName]
) -> frozenset[ListName]:
    """Those of some drops, one at least, that are over, or whose numbers are other drops' by now.

    What the mirror does not know is not known to be. Raises MirrorMissing.
    """
    told = gate_facts(connection, parts.mirror_id, None, {drop for drop, _ in lists})
    living = {one.drop: one.terms_hash for one in told.drops if DropState(one.state) not in _OVER}
    known = {one.drop for one in told.drops}
    return frozenset(
        (drop, terms_hash)
        for drop, terms_hash in lists
        if drop in known and living.get(drop) != terms_hash
    )


def those_bought(
    connection: Connection, parts: Parts, places: Iterable[OwnPlace]
) -> frozenset[OwnPlace]:
    """Those of some places whose account a seat has come to while it waited.

    One look for each drop, none of which may be over. Raises MirrorMissing.
    """
    by_drop: defaultdict[ListName, list[OwnPlace]] = defaultdict(list)
    for one in places:
        by_drop[one.name].append(one)
    bought: set[OwnPlace] = set()
    for name, theirs in by_drop.items():
        waits = tuple(one.place for one in theirs)
        came = _came(connection, parts, WaitList.named(*name), waits)
        bought.update(one for one in theirs if has_come(came, one.place))
    return frozenset(bought)


def _in_order(dated: tuple[datetime, BookListing]) -> tuple[datetime, int, str]:
    came_at, found = dated
    return came_at, found.listing.seat, found.digest


def _stored(
    parts: Parts, connection: Connection, waiting: WaitList, now: int
) -> list[tuple[datetime, BookListing]]:
    told = newest_listings_of_drop(
        connection, parts.mirror_id, waiting.drop, now, limit=MOST_LISTINGS
    )
    return [(moment(one.told_at), stored_listing(parts, one.listing)) for one in told]


def _listed(sales: MirroredSales, offered: list[BookListing], now: int) -> tuple[ListedSeat, ...]:
    """The seats of living listings, each once, where it was listed first."""
    sales.learn({one.listing.seat for one in offered})
    # Most of what is dead is told by its seat alone; of sellers only those are asked for who count.
    theirs = [one for one in offered if _is_sellers(sales, one)]
    sales.learn_counters({one.listing.seller for one in theirs})
    living: dict[ListedSeat, None] = {}
    for found in theirs:
        facts = sales.of(found.listing.seat, found.listing.seller)
        if facts is not None and refusal_of(found.listing, facts, now) is None:
            living.setdefault(ListedSeat(found.listing.seat, found.listing.epoch))
    return tuple(living)


def _is_sellers(sales: MirroredSales, offered: BookListing) -> bool:
    seat = sales.seat(offered.listing.seat)
    return (seat.owner, seat.epoch) == (offered.listing.seller, offered.listing.epoch)


def _came(
    connection: Connection, parts: Parts, waiting: WaitList, places: tuple[WaitPlace, ...]
) -> Came:
    if not places:
        return {}
    found = arrivals(
        connection,
        parts.mirror_id,
        waiting.drop,
        {one.account for one in places},
        min(one.joined_block for one in places),
    )
    # In the order of blocks: the last one stays.
    return {(one.seat.tier, one.owner): one.block_number for one in found}
