"""A page of a drop's book by age: what lives of its listings, signed and stored, the newest first.

Owns that order: a signed listing is as old as its arrival here, a stored one as its block. Refuses
to say who may look: `api.market.audience` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Self

from api.market import reads
from api.market.book import stored_listing
from api.market.facts import mirrored_sales
from api.market.pages import MAX_JUDGED, MAX_LOOKS, BookPage, in_order, judged
from indexer.queries import mirror_status, newest_listings_of_drop
from marketplace.domain.ids import MAX_UINT256
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.market.book import Living
    from api.market.values import BookListing
    from api.parts import Parts
    from indexer.queries import DatedListing
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, TierIndex

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND_US: Final = 1_000_000
_MAX_US: Final = 253_000_000_000 * _SECOND_US
_MAX_BIG: Final = 2**63 - 1
_CURSOR: Final = re.compile(r"([0-9]{1,18})-([01])-([0-9]{1,78})-([0-9]{1,19})")


@dataclass(frozen=True, slots=True, order=True)
class Age:
    """Where a listing stands by age: the newest first, signed ones before stored ones.

    Attributes:
        until: Microseconds from when it came back to 1970, so below zero.
        first: Of a signed one its digest; of a stored one its block, below zero.
        second: Of a stored one its log, below zero.
    """

    until: int
    stored: bool
    first: int
    second: int

    @property
    def came_at(self) -> datetime:
        """When it came."""
        return _EPOCH - self.until * _MICROSECOND

    @property
    def cursor(self) -> str:
        """The place as text."""
        return f"{-self.until}-{self.stored:d}-{abs(self.first)}-{-self.second}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a cursor; None when it names no place."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            return None
        came_us, stored, first, second = (int(part) for part in match.groups())
        if came_us > _MAX_US or first > (_MAX_BIG if stored else MAX_UINT256) or second > _MAX_BIG:
            return None
        return cls(-came_us, bool(stored), -first if stored else first, -second)


@dataclass(frozen=True, slots=True)
class AskedNewest:
    """Which part of a drop's book is wanted; members as of `api.market.pages.Asked`."""

    drop: DropId
    tier: TierIndex | None
    viewer: ChecksumAddress | None
    after: Age | None
    limit: int


def newest(parts: Parts, asked: AskedNewest) -> BookPage[Age]:
    """Read a page of a drop's living listings, the newest first, judged by one moment."""
    found = _look(parts, asked)
    for _ in range(MAX_LOOKS - 1):
        missing = asked.limit - len(found.listings)
        if found.behind is None or missing == 0:
            break
        more = _look(parts, replace(asked, after=found.behind, limit=missing))
        if more.moment != found.moment:
            break
        found = replace(more, listings=found.listings + more.listings)
    return found


def _look(parts: Parts, asked: AskedNewest) -> BookPage[Age]:
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
    signed: list[tuple[Age, BookListing | None]] = [(_age_of(at, one), one) for at, one in came]
    with reading(parts.reads) as connection:
        moment = mirror_status(connection, parts.mirror_id).head
        sales = mirrored_sales(connection, parts.mirror_id, asked.drop)
        if sales is None:
            return BookPage((), moment, None)
        stored = _stored(parts, connection, asked)
        offered, more = in_order(signed, stored)
        shown, last = judged(sales, asked.limit, parts.now, offered)
    end = None if not more and (not offered or last == offered[-1][0]) else last
    return BookPage(_each_once(parts, shown), moment, end)


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
        told_until=None if after is None or after.stored else -after.until // _SECOND_US,
        limit=MAX_JUDGED,
    )
    found = [(_age_of_told(one), stored_listing(parts, one.listing)) for one in told]
    return [(age, one if one.visible_to(asked.viewer) else None) for age, one in found]


def _each_once(parts: Parts, shown: tuple[Living, ...]) -> tuple[Living, ...]:
    """Leave out what the chain keeps and the book as well: it stands where it was signed."""
    digests = [one.found.digest for one in shown if one.found.stored]
    if not digests:
        return shown
    with reading(parts.store) as connection:
        kept = reads.kept_among(connection, parts.mirror_id, digests)
    return tuple(one for one in shown if not (one.found.stored and one.found.digest in kept))


def _age_of(came_at: datetime, found: BookListing) -> Age:
    until = (_EPOCH - came_at) // _MICROSECOND
    return Age(until, stored=False, first=int(found.digest, 16), second=0)


def _age_of_told(told: DatedListing) -> Age:
    until = -told.told_at * _SECOND_US
    return Age(until, stored=True, first=-told.block_number, second=-told.log_index)
