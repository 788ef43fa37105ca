"""Readers of the outbox, who know nothing but where they began and what they were told since.

Owns what a consumer must be able to rely on: a snapshot with the number that follows it, and from
there on messages without gaps, each of which adds an event at the end or takes the last one back.
One that is known to the indexer is never too late; any other is told so, and begins again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.consumers import note_read
from indexer.queries import OutboxPruned, outbox_since
from indexer.store import checkpoints, ledger, pruning
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from sqlalchemy import Connection, Engine

    from indexer.identity import MirrorId

_MOST = 4


@dataclass
class Consumer:
    """One reader: the next number, and the events that stand, by block hash and log index.

    `name` is what it is known by; empty: nobody waits for it.
    """

    next_seq: int
    standing: list[tuple[str, int]]
    name: str = ""

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
    """Some readers that begin at random moments and read at random moments.

    `late` is called whenever one of them had to begin again.
    """

    def __init__(self, dice: Random, late: Callable[[], None]) -> None:
        self._dice = dice
        self._late = late
        self._all: list[Consumer] = []

    def after_commit(self, engine: Engine, mirror: MirrorId) -> None:
        """Let one begin, perhaps, and one read on and compare."""
        read = self._read(engine, mirror)
        if read is not None and read.name:
            with writing(engine) as connection:
                note_read(connection, mirror, read.name, read.next_seq)

    def _read(self, engine: Engine, mirror: MirrorId) -> Consumer | None:
        with reading(engine) as connection:
            checkpoint = checkpoints.load(connection, mirror)
            assert checkpoint is not None
            if ledger.outbox_origin(connection, mirror) is None:
                return None
            standing = [
                (row.log.block_hash, row.log.log_index)
                for row in ledger.events_above(connection, mirror, -1)
            ]
            if len(self._all) < _MOST and self._dice.random() < 0.2:
                # Every second one is known.
                name = f"reader {len(self._all)}" if len(self._all) % 2 else ""
                self._all.append(Consumer(checkpoint.next_seq, list(standing), name))
            if not self._all:
                return None
            one = self._dice.choice(self._all)
            try:
                one.read(connection, mirror)
            except OutboxPruned:
                known = pruning.consumers(connection, mirror)
                assert one.name not in known, "messages are gone that a known consumer needs"
                self._late()
                one.next_seq, one.standing = checkpoint.next_seq, list(standing)
            assert one.next_seq == checkpoint.next_seq
            assert one.standing == standing, "a replay gives another ledger"
            return one
