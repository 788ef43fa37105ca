"""Readers of the outbox, who know nothing but where they began and what they were told since.

Owns what a consumer must be able to rely on: a snapshot with the number that follows it, and from
there on messages without gaps, each of which adds an event at the end or takes the last one back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.queries import outbox_since
from indexer.store import checkpoints, ledger
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from random import Random

    from sqlalchemy import Connection, Engine

    from indexer.identity import MirrorId

_MOST = 4


@dataclass
class Consumer:
    """One reader: the next number, and the events that stand, by block hash and log index."""

    next_seq: int
    standing: list[tuple[str, int]]

    def read(self, connection: Connection, mirror: MirrorId) -> None:
        """Read on to the end."""
        for message in outbox_since(connection, mirror, self.next_seq, limit=1_000_000):
            assert message.seq == self.next_seq, "the outbox has a gap"
            place = (message.block.hash, message.log_index)
            if message.kind == "apply":
                self.standing.append(place)
            else:
                assert self.standing.pop() == place, "another event was taken back than the last"
            self.next_seq += 1


class Consumers:
    """Some readers that begin at random moments and read at random moments."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._all: list[Consumer] = []

    def after_commit(self, engine: Engine, mirror: MirrorId) -> None:
        """Let one begin, perhaps, and one read on and compare."""
        with reading(engine) as connection:
            checkpoint = checkpoints.load(connection, mirror)
            assert checkpoint is not None
            if ledger.outbox_origin(connection, mirror) is None:
                return
            standing = [
                (row.log.block_hash, row.log.log_index)
                for row in ledger.events_above(connection, mirror, -1)
            ]
            if len(self._all) < _MOST and self._dice.random() < 0.2:
                self._all.append(Consumer(checkpoint.next_seq, list(standing)))
            if self._all:
                one = self._dice.choice(self._all)
                one.read(connection, mirror)
                assert one.next_seq == checkpoint.next_seq
                assert one.standing == standing, "a replay gives another ledger"
