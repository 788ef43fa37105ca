"""The outbox from a number on.

Owns reading messages, and what a consumer is told that comes too late: to begin again. Refuses to
pass over what is gone, and to wait for a message: whoever was told that there is one asks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from indexer.outbox import Message, message_of
from indexer.store import checkpoints, pruning
from indexer.store.tables import outbox
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId

PAGE = 1_000
"""Messages in one page, unless the caller asks for another number."""


@typed_error
class OutboxPruned(RuleViolated):
    """Messages were asked for that are no longer kept."""

    code = "outbox_pruned"

    seq: int
    first: int

    def _sentence(self) -> str:
        return (
            f"Message {self.seq} is no longer kept, the first one that is has the number "
            f"{self.first}: what came between cannot be told any more. Forget what was built on "
            "them, and begin again with a snapshot of the mirror and its next_seq."
        )


def outbox_since(
    connection: Connection, mirror: MirrorId, seq: int, *, limit: int = PAGE
) -> tuple[Message, ...]:
    """The messages numbered `seq` and above, in order.

    Raises:
        OutboxPruned: one of them is no longer kept.
    """
    rows = connection.execute(
        select(outbox)
        .filter_by(**mirror.columns)
        .where(outbox.c.seq >= seq)
        .order_by(outbox.c.seq)
        .limit(limit)
    )
    messages = tuple(message_of(row) for row in rows.mappings())
    # Where nothing is found, all that there ever were may be gone.
    first = messages[0].seq if messages else first_message(connection, mirror)
    if max(1, seq) < first:
        raise OutboxPruned(seq, first)
    return messages


def first_message(connection: Connection, mirror: MirrorId) -> int:
    """The number of the first message that is kept, or of the next one when none is."""
    first = pruning.first_kept(connection, mirror)
    if first is not None:
        return first
    found = checkpoints.load(connection, mirror)
    return 1 if found is None else found.next_seq
