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
from indexer.store import ledger, pruning
from marketplace.storage.transactions import writing
from tests.integration.indexer.simulating import MIRROR

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from sqlalchemy import Connection, Engine

    from tests.simulation.judging import Place

_MOST = 4


@dataclass
class Consumer:
    """One reader: the next number, and the events that stand, by block hash and log index.

    `name` is what it is known by; empty: nobody waits for it.
    """

    next_seq: int
    standing: list[tuple[str, int]]
    name: str = ""

    def read(self, connection: Connection, *, in_order: bool) -> None:
        """Read on to the end."""
        for message in outbox_since(connection, MIRROR, self.next_seq, limit=1_000_000):
            assert message.seq == self.next_seq, "the outbox has a gap"
            place = (message.block.hash, message.log_index)
            if message.kind == "apply":
                self.standing.append(place)
            elif not in_order:
                self.standing.remove(place)
            else:
                assert self.standing.pop() == place, "another event was taken back than the last"
            self.next_seq += 1


class Consumers:
    """Some readers that begin at random moments and read at random moments.

    `late` is called whenever one of them had to begin again. `in_order` says that what is taken
    back is what was told last: not where the history of a contract was filled in.
    """

    def __init__(self, dice: Random, late: Callable[[], None]) -> None:
        self.in_order = True
        self._dice = dice
        self._late = late
        self._all: list[Consumer] = []

    def read(self, connection: Connection, next_seq: int, held: list[Place]) -> Consumer | None:
        """Let one begin, perhaps, and one read on and compare; gives the one that read.

        Args:
            connection: Of a transaction that reads.
            next_seq: The number of the next message.
            held: The events that the outbox must have told, and not taken back.
        """
        if ledger.outbox_origin(connection, MIRROR) is None:
            return None
        if len(self._all) < _MOST and self._dice.random() < 0.2:
            # Every second one is known.
            name = f"reader {len(self._all)}" if len(self._all) % 2 else ""
            self._all.append(Consumer(next_seq, list(held), name))
        if not self._all:
            return None
        one = self._dice.choice(self._all)
        try:
            one.read(connection, in_order=self.in_order)
        except OutboxPruned:
            known = pruning.consumers(connection, MIRROR)
            assert one.name not in known, "messages are gone that a known consumer needs"
            self._late()
            one.next_seq, one.standing = next_seq, list(held)
        assert one.next_seq == next_seq
        standing = one.standing if self.in_order else sorted(one.standing)
        assert standing == (held if self.in_order else sorted(held)), (
            "a replay gives another ledger"
        )
        return one

    def note(self, engine: Engine, one: Consumer) -> None:
        """Let one that is known say how far it has read."""
        if one.name:
            with writing(engine) as connection:
                note_read(connection, MIRROR, one.name, one.next_seq)
