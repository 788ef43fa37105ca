"""The gate's facts, read from the mirror.

Owns turning rows of `indexer.queries` into facts, all of one transaction, and what "lag" means: how
long ago the mirror last knew itself level with its node. A chain that stands still lags by nothing,
and a mirror that has stopped lags more every second. Refuses to judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.gate.values import BlockFacts, DropFacts, Facts, SeatFacts
from indexer.queries import (
    MirrorMissing,
    drop_terms,
    mirror_status,
    require_current,
    seats_of_owner,
)
from marketplace.domain.drop import DropState
from marketplace.domain.ids import SEATS_PER_DROP, DropId, SeatId
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from api.gate.ports import Question
    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress

_PAGE: Final = 100
_TOLERATED_LEAD_S: Final = 5
"""Seconds by which the indexer's clock may be ahead of ours, and of waiting for a connection. A
mirror that stops is noticed later by as much."""


class MirrorFacts:
    """A `FactSource` over one mirror.

    Args:
        engine: Of the mirror's database.
        mirror: The chain and contract set.
    """

    def __init__(self, engine: Engine, mirror: MirrorId) -> None:
        self._engine = engine
        self._mirror = mirror

    def require_current(self) -> None:
        """Return when the mirror's tables are of this program's version; else StorageError."""
        require_current(self._engine)

    def block(self, now: int) -> BlockFacts | None:
        """Say where the mirror stands at a Unix second; None when it was never level."""
        with reading(self._engine) as connection:
            return self._block(connection, now)

    def facts(self, question: Question) -> Facts:
        """Read what is known, all of one moment."""
        with reading(self._engine) as connection:
            block = self._block(connection, question.now)
            known = block is not None
            return Facts(
                block=block,
                drops=tuple(self._drops(connection, question)) if known else (),
                seats=tuple(self._seats(connection, question)) if known else (),
                allowed_lag_s=question.allowed_lag_s,
                least_block=question.least_block,
            )

    def _block(self, connection: Connection, now: int) -> BlockFacts | None:
        try:
            status = mirror_status(connection, self._mirror)
        except MirrorMissing:
            return None
        if not status.live or status.level_at is None:
            # History, or a new branch, is still being read: what was sold there is not known.
            return None
        age = now - status.level_at
        return BlockFacts(
            number=status.head.number,
            block_hash=status.head.hash,
            safe_number=status.safe.number,
            finalized_number=status.finalized.number,
            lag_s=0 if -_TOLERATED_LEAD_S <= age < 0 else age,
        )

    def _drops(self, connection: Connection, question: Question) -> Iterator[DropFacts]:
        for drop in sorted(question.drops):
            found = drop_terms(connection, self._mirror, drop)
            if found is not None:
                yield DropFacts(drop, found.drop.mentor, DropState(found.drop.state))

    def _seats(self, connection: Connection, question: Question) -> Iterator[SeatFacts]:
        if question.account is None:
            return
        for drop in sorted(question.drops):
            yield from self._seats_in(connection, question.account, drop)

    def _seats_in(
        self, connection: Connection, owner: ChecksumAddress, drop: DropId
    ) -> Iterator[SeatFacts]:
        after = SeatId(drop * SEATS_PER_DROP)
        while True:
            page = seats_of_owner(connection, self._mirror, owner, after=after, limit=_PAGE)
            for seat in page:
                if seat.drop != drop:
                    return
                yield SeatFacts(seat.id, seat.owner, seat.moved_block)
            if len(page) < _PAGE:
                return
            after = page[-1].id
