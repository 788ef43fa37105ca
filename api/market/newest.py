"""A page of a drop's book by age: what lives of its listings, signed and stored, the newest first.

Owns that order: a signed listing is as old as its arrival here, a stored one as its block, and one
of both as what came first. Refuses to say who may look: `api.market.audience` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.market import reads
from api.market.book import stored_listing
from api.market.facts import mirrored_sales
from api.market.looking import MAX_JUDGED, Page, page_of
from api.market.pages import each_once, in_order, judged
from api.market.values import Age
from indexer.queries import mirror_status, newest_listings_of_drop
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from api.market.book import Living
    from api.market.values import BookListing
    from api.parts import Parts
    from indexer.queries import DatedListing
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, TierIndex


@dataclass(frozen=True, slots=True)
class AskedNewest:
    """Which part of a drop's book is wanted; members as of `api.market.pages.Asked`."""

    drop: DropId
    tier: TierIndex | None
    viewer: ChecksumAddress | None
    after: Age | None
    limit: int
    may_show: Callable[[BookListing], bool]


def newest(parts: Parts, asked: AskedNewest) -> Page[Living, Age]:
    """Read a page of a drop's living listings, the newest first, judged by one moment."""
    return page_of(
        lambda after, limit: _look(parts, replace(asked, after=after, limit=limit)),
        asked.after,
        asked.limit,
    )


def _look(parts: Parts, asked: AskedNewest) -> Page[Living, Age]:
    # One connection at a time: who holds one and waits for another can wait for ever.
    after = asked.after
    with reading(parts.store) as connection:
        came = reads.newest(
            connection,
            parts.mirror_id,
            asked.drop,
            tier=asked.tier,
            viewer=asked.viewer,
            ends_from=parts.now,
            before=None if after is None else after.came_at,
            behind=None if after is None or after.stored else f"0x{after.first:064x}",
            limit=MAX_JUDGED,
        )
    signed: list[tuple[Age, BookListing | None]] = [
        (_age_of(at, one), one if asked.may_show(one) else None) for at, one in came
    ]
    with reading(parts.reads) as connection:
        moment = mirror_status(connection, parts.mirror_id).head
        sales = mirrored_sales(connection, parts.mirror_id, asked.drop)
        if sales is None:
            return Page((), moment, None)
        stored = _stored(parts, connection, asked)
        offered, more = in_order(signed, stored)
        shown, last = judged(sales, asked.limit, parts.now, offered)
    end = None if not more and (not offered or last == offered[-1][0]) else last
    return Page(each_once(parts, shown), moment, end)


def _stored(
    parts: Parts, connection: Connection, asked: AskedNewest
) -> list[tuple[Age, BookListing | None]]:
    after = asked.after
    told = newest_listings_of_drop(
        connection,
        parts.mirror_id,
        asked.drop,
        parts.now,
        tier=asked.tier,
        before=None if after is None or not after.stored else (-after.first, -after.second),
        told_until=None if after is None or after.stored else after.came_at_s,
        limit=MAX_JUDGED,
    )
    found = [(_age_of_told(one), stored_listing(parts, one.listing)) for one in told]
    return [
        (age, one if one.visible_to(asked.viewer) and asked.may_show(one) else None)
        for age, one in found
    ]


def _age_of(came_at: datetime, found: BookListing) -> Age:
    return Age.of_signed(came_at, int(found.digest, 16))


def _age_of_told(told: DatedListing) -> Age:
    return Age.of_stored(told.told_at, told.block_number, told.log_index)
