"""Readers of the outbox that wish to be waited for, each by a name that it gives itself.

Owns what such a reader notes: the first message that it still needs. None from there on is thrown
away, however old. Whoever notes nothing may read as well, and bears that messages go after the
indexer's `outbox_days`. Refuses to read for anybody, and to forget one by itself: one that is gone
for good is forgotten by a person (`seats index consumers --forget`).

    with writing(engine) as connection:
        note_read(connection, mirror, "webhooks", next_seq)

It is noted after the messages were dealt with, in any transaction; a number that is behind what was
read costs nothing but room. A consumer notes itself with the snapshot that it begins with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.reads.levels import MirrorMissing
from indexer.reads.messages import OutboxPruned, first_message
from indexer.store import checkpoints, pruning
from indexer.store.pruning import consumers
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId

__all__ = ["ConsumerUnfit", "consumers", "forget", "note_read"]

_LONGEST = 64


@typed_error
class ConsumerUnfit(RuleViolated):
    """A consumer cannot be noted like that."""

    code = "consumer_unfit"

    name: str
    fault: str

    def _sentence(self) -> str:
        return f"The consumer {self.name!r} of the outbox cannot be noted: {self.fault}."


def note_read(connection: Connection, mirror: MirrorId, name: str, next_seq: int) -> None:
    """Note the first message that a consumer still needs.

    Args:
        connection: Of a transaction that writes, on the indexer's own database.
        mirror: Whose outbox.
        name: 1 to 64 characters; it is this consumer's alone.
        next_seq: The number after the last message that it has dealt with.

    Raises:
        ConsumerUnfit: no such name, or a number that no message will have next.
        OutboxPruned: that message is gone: begin again with a snapshot.
        MirrorMissing: there is no mirror.
    """
    if not 1 <= len(name) <= _LONGEST:
        raise ConsumerUnfit(name, f"a name has 1 to {_LONGEST} characters")
    pruning.forbid_deleting(connection, mirror)
    found = checkpoints.load(connection, mirror)
    if found is None:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)
    if next_seq > found.next_seq:
        raise ConsumerUnfit(name, f"the next message has the number {found.next_seq}")
    first = first_message(connection, mirror)
    if next_seq < first:
        raise OutboxPruned(next_seq, first)
    pruning.note_consumer(connection, mirror, name, next_seq)


def forget(connection: Connection, mirror: MirrorId, name: str) -> None:
    """Wait no longer for a consumer. Raises ConsumerUnfit when nobody is called that."""
    if not pruning.forget_consumer(connection, mirror, name):
        known = ", ".join(consumers(connection, mirror)) or "nobody"
        raise ConsumerUnfit(name, f"it is not known; {known} is")
