"""Listings that sellers have stored on the chain, a drop at a time, the newest first.

Owns that read. Refuses to say that a listing is alive, as `indexer.reads.listings` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, literal, select, tuple_

from indexer.folds.states import StoredListing
from indexer.reads.levels import At, Level, block_of
from indexer.reads.listings import PAGE, of_owners
from indexer.store.states import state_of
from indexer.store.tables import blocks
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId
    from marketplace.domain.ids import DropId, TierIndex


@dataclass(frozen=True, slots=True)
class DatedListing:
    """A stored listing, where it was told and when; `told_at` is its block's Unix second."""

    listing: StoredListing
    block_number: int
    log_index: int
    told_at: int


def newest_listings_of_drop(  # noqa: PLR0913 - a page has that many bounds, each named
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    ends_from: int,
    at: At = Level.LATEST,
    *,
    tier: TierIndex | None = None,
    before: tuple[int, int] | None = None,
    told_until: int | None = None,
    limit: int = PAGE,
) -> tuple[DatedListing, ...]:
    """The listings of a drop's owners of then, each once, the last told first.

    Args:
        connection: Reading the mirror.
        mirror: Which one.
        drop: Whose seats.
        ends_from: Unix second; listings that end before it are left out.
        at: As of when: who owned which seat, and what was stored.
        tier: Of this tier alone.
        before: Block and log; only what was told before that.
        told_until: Unix second; only what was told up to it.
        limit: How many at most.

    Raises:
        MirrorMissing: there is no mirror.
        BlockNotMirrored: it has not reached that block.
    """
    block = block_of(connection, mirror, at)
    found = of_owners(mirror, drop, tier, ends_from, block)
    in_block = and_(
        blocks.c.chain_id == found.c.chain_id,
        blocks.c.contract_set == found.c.contract_set,
        blocks.c.number == found.c.block_number,
    )
    statement = (
        select(found, blocks.c.timestamp_s)
        .join(blocks, in_block)
        .where(found.c.telling == 1)
        .order_by(found.c.block_number.desc(), found.c.log_index.desc())
        .limit(limit)
    )
    if before is not None:
        told_in, log = (literal(one, BIG) for one in before)
        statement = statement.where(
            tuple_(found.c.block_number, found.c.log_index) < tuple_(told_in, log)
        )
    if told_until is not None:
        statement = statement.where(blocks.c.timestamp_s <= told_until)
    return tuple(
        DatedListing(
            cast("StoredListing", state_of(StoredListing, row)),
            row["block_number"],
            row["log_index"],
            row["timestamp_s"],
        )
        for row in connection.execute(statement).mappings()
    )
