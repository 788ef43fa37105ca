"""A page of a drop's book: what lives of its listings, signed and stored, in one order.

Owns merging both kinds, judging them, and that a listing of both stands once, where it came first.
Refuses to say who may look: `api.market.audience` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from api.market import reads
from api.market.book import Living, stored_listing
from api.market.facts import mirrored_sales
from api.market.looking import MAX_JUDGED, Page, page_of
from api.market.values import Age, BookListing, Place
from indexer.queries import StoredAt, listings_of_drop, mirror_status
from marketplace.orders.judging import refusal_of
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from api.market.facts import MirroredSales
    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, TierIndex

P = TypeVar("P", Place, Age)
"""A place in an order; the orders differ and the looking is the same."""

_Candidate: TypeAlias = "tuple[P, BookListing | None]"
"""A listing that may be shown, at its place; None where it is not for the viewer."""

CHUNK: Final = 100
"""Listings whose seats are read at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a drop's book is wanted.

    Attributes:
        tier: Of this tier alone.
        viewer: Who asks; None sees what is for everybody.
        after: The place that the page begins after.
        may_show: Whether a listing that the viewer may know of is shown to them now.
    """

    drop: DropId
    tier: TierIndex | None
    viewer: ChecksumAddress | None
    after: Place | None
    limit: int
    may_show: Callable[[BookListing], bool]


def page(parts: Parts, asked: Asked) -> Page[Living, Place]:
    """Read a page of a drop's living listings, by price and seat, judged by one moment."""
    return page_of(
        lambda after, limit: _look(parts, replace(asked, after=after, limit=limit)),
        asked.after,
        asked.limit,
    )


def _look(parts: Parts, asked: Asked) -> Page[Living, Place]:
    # One connection at a time: who holds one and waits for another can wait for ever.
    signed = _signed_in(parts, asked)
    with reading(parts.reads) as connection:
        moment = mirror_status(connection, parts.mirror_id).head
        sales = mirrored_sales(connection, parts.mirror_id, asked.drop)
        if sales is None:
            return Page((), moment, None)
        stored = _stored_in(parts, connection, asked)
        offered, more = in_order(signed, stored)
        shown, last = judged(sales, asked.limit, parts.now, offered)
    # Nothing is known to be behind the last of the last look.
    end = None if not more and (not offered or last == offered[-1][0]) else last
    return Page(each_once(parts, shown), moment, end)


def _signed_in(parts: Parts, asked: Asked) -> list[_Candidate[Place]]:
    with reading(parts.store) as connection:
        found = reads.page(
            connection,
            parts.mirror_id,
            asked.drop,
            tier=asked.tier,
            viewer=asked.viewer,
            ends_from=parts.now,
            after=asked.after,
            limit=MAX_JUDGED,
        )
    return [(place, one if asked.may_show(one) else None) for place, one in found]


def _stored_in(parts: Parts, connection: Connection, asked: Asked) -> list[_Candidate[Place]]:
    told = listings_of_drop(
        connection,
        parts.mirror_id,
        asked.drop,
        parts.now,
        tier=asked.tier,
        after=_stored_after(asked.after),
        limit=MAX_JUDGED,
    )
    found = [(_place_of(one.at), stored_listing(parts, one.listing)) for one in told]
    return [
        (place, one if one.visible_to(asked.viewer) and asked.may_show(one) else None)
        for place, one in found
    ]


def in_order(
    signed: list[_Candidate[P]], stored: list[_Candidate[P]]
) -> tuple[list[_Candidate[P]], bool]:
    """Both in one order, as far as both are known; says also whether there is more behind."""
    # Both are sorted, which makes sorting them together a merge.
    both = signed + stored
    both.sort(key=_place_in)
    ends: list[P] = [some[-1][0] for some in (signed, stored) if len(some) == MAX_JUDGED]
    if not ends:
        return both, False
    return [one for one in both if one[0] <= min(ends)], True


def _place_in(candidate: _Candidate[P]) -> P:
    return candidate[0]


def judged(
    sales: MirroredSales, limit: int, now: int, offered: list[_Candidate[P]]
) -> tuple[tuple[Living, ...], P | None]:
    """The first living ones, and the place of the last that was looked at."""
    shown: list[Living] = []
    last: P | None = None
    for number, (place, found) in enumerate(offered):
        if len(shown) == limit:
            break
        if number % CHUNK == 0:
            coming = offered[number : number + CHUNK]
            found_now = [one for _, one in coming if one is not None]
            sales.learn({one.listing.seat for one in found_now})
            sales.learn_counters({one.listing.seller for one in found_now})
            sales.learn_kept([one.listing for one in found_now if one.storing_matters])
        living = None if found is None else _living(sales, found, now)
        if living is not None:
            shown.append(living)
        last = place
    return tuple(shown), last


def _living(sales: MirroredSales, found: BookListing, now: int) -> Living | None:
    facts = sales.of(found.listing.seat, found.listing.seller)
    if facts is None or refusal_of(found.listing, facts, now) is not None:
        return None
    if found.storing_matters and sales.keeps(found.listing):
        # `each_once` has the other half: there it is shown.
        return None if found.stored_first else Living(found.with_stored(), facts)
    return Living(found, facts)


def each_once(parts: Parts, shown: tuple[Living, ...]) -> tuple[Living, ...]:
    """Leave out what was signed before it was stored: it stands where it was signed.

    What was stored first stands where it is stored, as the book has it signed.
    """
    digests = [one.found.digest for one in shown if one.found.signature is None]
    if not digests:
        return shown
    with reading(parts.store) as connection:
        signed = reads.those_signed(connection, parts.mirror_id, digests)
    entries = (_entry(one, signed.get(one.found.digest)) for one in shown)
    return tuple(one for one in entries if one is not None)


def _entry(shown: Living, signed: BookListing | None) -> Living | None:
    if shown.found.signature is not None or signed is None:
        return shown
    return replace(shown, found=signed.with_stored()) if signed.stored_first else None


def _place_of(at: StoredAt) -> Place:
    return Place(at.price, at.seat, stored=True, first=at.block_number, second=at.log_index)


def _stored_after(after: Place | None) -> StoredAt | None:
    if after is None:
        return None
    if after.stored:
        return StoredAt(after.price, after.seat, after.first, after.second)
    # Stored listings of a price and a seat stand behind the signed ones.
    return StoredAt(after.price, after.seat, -1, -1)
