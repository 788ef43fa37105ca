"""The outbox from a number on.

Owns reading messages, where whoever has the rows of a block goes on, and what a consumer is told
that comes too late: to begin again. Refuses to pass over what is gone, and to wait for a message:
whoever was told that there is one asks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from indexer.outbox import Message, message_of
from indexer.store import checkpoints, contracts, ledger, pruning
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


def next_seq_after(connection: Connection, mirror: MirrorId, block: int) -> int | None:
    """The first message that tells of what came after a block, for whoever has its rows.

    Of the messages from there on, none is about the block or one before it: they are the whole
    difference between its rows and those of the mirror's head.

    Args:
        connection: Of the transaction that the rows are read in.
        mirror: Whose.
        block: A mirrored one.

    Returns:
        None where no message is that: the mirror is not live, or was not at this block; messages
        that would show it are gone; or a contract's history is being filled in, or was, and what it
        told of earlier blocks came after what was told of later ones.
    """
    checkpoint = checkpoints.load(connection, mirror)
    origin = ledger.outbox_origin(connection, mirror)
    if checkpoint is None or origin is None or block < origin.number:
        return None
    added = contracts.load(connection, mirror).values()
    if any(not one.joined and block >= one.next_block for one in added):
        return None
    if block == checkpoint.head.number:
        return checkpoint.next_seq
    last: int | None = connection.scalar(
        select(outbox.c.seq)
        .filter_by(**mirror.columns)
        .where(outbox.c.block_number <= block)
        .order_by(outbox.c.seq.desc())
        .limit(1)
    )
    if last is None:
        # All that are kept are of later blocks; so may those be that are gone.
        return 1 if first_message(connection, mirror) == 1 else None
    return None if _stands_above(connection, mirror, block, last) else last + 1


def _stands_above(connection: Connection, mirror: MirrorId, block: int, last: int) -> bool:
    """Whether something of a later block had been told by a message, and not been taken back.

    All of that may be gone, and contracts need not be told in the order of the chain; so what came
    after the message is held against what the ledger has of later blocks. All of it is kept.
    """
    balance = func.sum(case((outbox.c.kind == "apply", 1), else_=-1))
    since = connection.scalar(
        select(balance).filter_by(**mirror.columns).where(outbox.c.seq > last)
    )
    return ledger.count_above(connection, mirror, block) != int(since or 0)
