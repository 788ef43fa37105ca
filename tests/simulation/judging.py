"""The judge of one life: after every commit all tables, and the outbox from every commit on.

Owns what it looks with, which no trouble reaches, and what it remembers: each message as it was
first told, and of each commit the next number with the events that stood. Refuses to steer.

    after a commit     every row against a fold of the branch afresh; the new messages must lead
                       from what stood after the last commit to what the ledger holds now
    now and then       what the reads answer, against the market's model
    at the end         the messages that are kept must be those that were told, and a replay from
                       each commit on must give what stands at the end; from some of them it is read
                       in pages; whoever asks for one that is gone is told so
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest

from indexer.queries import OutboxPruned, outbox_since
from indexer.reads.messages import first_message
from indexer.store import fold_versions, ledger
from marketplace.storage.transactions import reading
from tests.integration.indexer.oracle import require_reads, require_tables
from tests.integration.indexer.simulating import MIRROR
from tests.simulation.database import opened

if TYPE_CHECKING:
    from random import Random

    from sqlalchemy import Connection, Engine

    from indexer.queries import Message
    from indexer.rpc.values import Mark
    from tests.integration.indexer.tree import Tree
    from tests.simulation.consumers import Consumers

Place: TypeAlias = "tuple[str, int]"
"""An event, by block hash and log index."""

_READS: Final = 0.08
_PAGED: Final = 5
_ALL: Final = 1_000_000


@dataclass
class Told:
    """The outbox as it was told, from the first message on, and what stood after each commit.

    `in_order`: what is taken back is what was told last. Not where a contract was filled in.
    """

    messages: list[tuple[str, Place]] = field(default_factory=list)
    standing: list[Place] = field(default_factory=list)
    stands: list[tuple[int, tuple[Place, ...]]] = field(default_factory=list)
    in_order: bool = True

    @property
    def next_seq(self) -> int:
        return len(self.messages) + 1

    def add(self, messages: tuple[Message, ...], held: list[Place]) -> None:
        """Add what a commit told, after which the ledger holds these events."""
        found = [_brief(one) for one in messages]
        numbers = range(self.next_seq, self.next_seq + len(found))
        assert [one.seq for one in messages] == list(numbers), "the outbox has a gap"
        self.messages += found
        self.standing = self.replayed(self.standing, found)
        self.require(self.standing, held)
        self.stands.append((self.next_seq, tuple(held)))

    def replayed(
        self, standing: list[Place] | tuple[Place, ...], messages: list[tuple[str, Place]]
    ) -> list[Place]:
        """What stands after messages."""
        after = list(standing)
        for kind, place in messages:
            if kind == "apply":
                after.append(place)
            elif self.in_order:
                assert after.pop() == place, "another event was taken back than the last"
            else:
                after.remove(place)
        return after

    def require(self, one: list[Place], other: list[Place]) -> None:
        """Return when both are the same events, in the same order where that is kept."""
        if not self.in_order:
            one, other = sorted(one), sorted(other)
        assert one == other, "a replay gives another ledger"


class Judge:
    """Judges one mirror; called after every commit that came through."""

    def __init__(self, engine: Engine, tree: Tree, consumers: Consumers, dice: Random) -> None:
        # Its own connections: what goes wrong with the mirror's is not to go wrong here.
        self.engine = opened(engine.url)
        self.told = Told()
        self.judged = 0
        self._tree = tree
        self._consumers = consumers
        self._dice = dice

    def after_commit(self) -> None:
        """Compare the mirror with the chain, and let a consumer read on."""
        self._compare(reads=self._dice.random() < _READS)
        self.judged += 1

    def at_the_end(self) -> None:
        """Compare all there is to compare, and replay the outbox from every commit on."""
        self._compare(reads=True)
        with reading(self.engine) as connection:
            first = first_message(connection, MIRROR)
            kept = outbox_since(connection, MIRROR, first, limit=_ALL)
            assert [_brief(one) for one in kept] == self.told.messages[first - 1 :]
            for next_seq, stood in self.told.stands:
                if next_seq < first:
                    with pytest.raises(OutboxPruned):
                        outbox_since(connection, MIRROR, next_seq, limit=1)
                replayed = self.told.replayed(stood, self.told.messages[next_seq - 1 :])
                self.told.require(replayed, self.told.standing)
            readable = [one for one in self.told.stands if one[0] >= first]
            for next_seq, stood in self._dice.sample(readable, min(_PAGED, len(readable))):
                read = self._pages(connection, next_seq)
                self.told.require(self.told.replayed(stood, read), self.told.standing)

    def fills_in(self) -> None:
        """Note that the history of a contract comes in: what is told last may be older."""
        self.told.in_order = self._consumers.in_order = False

    def close(self) -> None:
        """Close its connections."""
        self.engine.dispose()

    def _compare(self, *, reads: bool) -> None:
        with reading(self.engine) as connection:
            checkpoint, rows = require_tables(connection, MIRROR, self._tree)
            # While a table is being folded again nobody is answered out of it.
            if reads and fold_versions.stale(connection, MIRROR) is None:
                require_reads(connection, MIRROR, self._tree.blocks[checkpoint.head.hash])
            new = outbox_since(connection, MIRROR, self.told.next_seq, limit=_ALL)
            origin = ledger.outbox_origin(connection, MIRROR)
            held = _above(origin, rows)
            self.told.add(new, held)
            assert self.told.next_seq == checkpoint.next_seq
            read = self._consumers.read(connection, checkpoint.next_seq, held)
        if read is not None:
            self._consumers.note(self.engine, read)

    def _pages(self, connection: Connection, seq: int) -> list[tuple[str, Place]]:
        found: list[tuple[str, Place]] = []
        while page := outbox_since(connection, MIRROR, seq, limit=self._dice.randint(20, 400)):
            found += map(_brief, page)
            seq = page[-1].seq + 1
        return found


def _brief(message: Message) -> tuple[str, Place]:
    return (message.kind, (message.block.hash, message.log_index))


def _above(origin: Mark | None, rows: list[dict[str, object]]) -> list[Place]:
    """The events of the ledger's rows that the outbox must have told."""
    found: list[Place] = []
    for row in rows:
        number, block_hash, index = (
            row[name] for name in ("block_number", "block_hash", "log_index")
        )
        assert isinstance(number, int)
        assert isinstance(block_hash, str)
        assert isinstance(index, int)
        if origin is not None and number > origin.number:
            found.append((block_hash, index))
    return found
