"""The gate's facts, read from the mirror.

Owns turning rows of `indexer.queries` into facts, all of one transaction, and what "lag" means: how
long ago the mirror last knew itself level with its node. A chain that stands still lags by nothing,
and a mirror that has stopped lags more every second, whatever the clocks say. Refuses to judge.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.gate.values import BlockFacts, DropFacts, Facts, SeatFacts
from indexer.queries import (
    MirrorMissing,
    crowd_facts,
    gate_facts_now,
    mirror_status,
    require_current,
)
from marketplace.bindings.delegations import RIGHT_TO_ATTEND
from marketplace.domain.drop import DropState
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sqlalchemy import Engine

    from api.gate.ports import Question
    from indexer.queries import DropFact, GateFacts, MirrorId, MirrorStatus
    from marketplace.domain.addresses import ChecksumAddress

_TOLERATED_LEAD_S: Final = 5
"""Seconds by which the indexer's clock may be ahead of ours, and of waiting for a connection. A
mirror that stops is noticed later by as much."""


class MirrorFacts:
    """A `FactSource` over one mirror.

    Args:
        engine: Of the mirror's database.
        mirror: The chain and contract set.
        elapsed: Seconds since some moment, of a clock that nobody sets.
    """

    def __init__(
        self, engine: Engine, mirror: MirrorId, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._mirror = mirror
        self._elapsed = elapsed
        self._seen: tuple[int, float] | None = None

    def require_current(self) -> None:
        """Return when the mirror's tables are of this program's version; else StorageError."""
        require_current(self._engine)

    def block(self, now: int) -> BlockFacts | None:
        """Say where the mirror stands at a Unix second; None when it was never level."""
        with reading(self._engine) as connection:
            try:
                status = mirror_status(connection, self._mirror)
            except MirrorMissing:
                return None
        return self._block(status, now)

    def facts(self, question: Question) -> Facts:
        """Read what is known, all of one moment."""
        try:
            found = gate_facts_now(
                self._engine, self._mirror, question.account, question.drops, _rights(question)
            )
        except MirrorMissing:
            found = None
        block = None if found is None else self._block(found, question.now)
        known = found if block is not None else None
        return Facts(
            block=block,
            drops=() if known is None else tuple(map(_drop, known.drops)),
            seats=() if known is None else tuple(_seats(known, question.account)),
            allowed_lag_s=question.allowed_lag_s,
            least_block=question.least_block,
            delegations_missing=known is not None and known.delegations_missing,
        )

    def facts_of_each(
        self, question: Question, accounts: Collection[ChecksumAddress]
    ) -> Mapping[ChecksumAddress | None, Facts]:
        """Read what is known about each of many accounts, all of one moment."""
        unknown = Facts(None, (), (), question.allowed_lag_s, question.least_block)
        try:
            with reading(self._engine) as connection:
                found = crowd_facts(
                    connection, self._mirror, accounts, question.drops, _rights(question)
                )
        except MirrorMissing:
            return dict.fromkeys((None, *accounts), unknown)
        block = self._block(found.facts, question.now)
        if block is None:
            return dict.fromkeys((None, *accounts), unknown)
        nobody = replace(
            unknown,
            block=block,
            drops=tuple(map(_drop, found.facts.drops)),
            delegations_missing=found.facts.delegations_missing,
        )
        seats: dict[ChecksumAddress, list[SeatFacts]] = {one: [] for one in accounts}
        for owned in found.seats:
            seats[owned.owner].append(SeatFacts(owned.seat, owned.owner, owned.moved_block))
        for account, lent in found.delegated.items():
            seats[account] += [
                SeatFacts(one.seat, one.owner, one.since_block, account) for one in lent
            ]
        return {None: nobody} | {
            account: replace(nobody, seats=tuple(own)) for account, own in seats.items()
        }

    def _block(self, found: GateFacts | MirrorStatus, now: int) -> BlockFacts | None:
        if not found.live or found.level_at is None:
            # History, or a new branch, is still being read: what was sold there is not known.
            return None
        age, unchanged_s = now - found.level_at, self._unchanged_s(found.level_at)
        if age >= -_TOLERATED_LEAD_S:
            # A clock that was set makes a moment young that has long been the last one.
            age = max(0, age, unchanged_s)
        return BlockFacts(
            number=found.head.number,
            block_hash=found.head.hash,
            safe_number=found.safe.number,
            finalized_number=found.finalized.number,
            lag_s=age,
        )

    def _unchanged_s(self, level_at: int) -> int:
        """For how many seconds this has been the last moment at which the mirror was level."""
        now, seen = self._elapsed(), self._seen
        if seen is None or seen[0] != level_at:
            # Two threads may overwrite each other while it changes, and not once it has stopped.
            self._seen = seen = (level_at, now)
        return int(now - seen[1])


def _rights(question: Question) -> str | None:
    return RIGHT_TO_ATTEND if question.delegates else None


def _drop(found: DropFact) -> DropFacts:
    return DropFacts(
        found.drop, found.mentor, DropState(found.state), found.terms_hash, found.verifier
    )


def _seats(found: GateFacts, account: ChecksumAddress | None) -> Iterator[SeatFacts]:
    for owned in found.seats:
        yield SeatFacts(owned.seat, owned.owner, owned.moved_block)
    for lent in found.delegated:
        yield SeatFacts(lent.seat, lent.owner, lent.since_block, account)
