"""Drops as they were on a branch that is gone.

Owns whose a drop was when something of it was taken back. A reorganisation may have taken the drop
as well, and given its number to another, before anybody looks at what the outbox tells of it. What
creates a drop names its mentor and its terms, which never change, and is taken back after all that
happened to it. Refuses to write, and to ask the mirror what it knows now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.queries import DropFact, outbox_since
from marketplace.bindings.addresses import parse_address
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from indexer.queries import Message, MirrorId
    from marketplace.domain.addresses import ChecksumAddress

AHEAD: Final = 2_000
"""Messages after a page among which a creation is looked for that is taken back: beyond the longest
reorganisation of a busy market, and read where a page takes back moves of seats."""


class Gone:
    """The drops whose creation a stretch of the outbox takes back."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._drops = [(one.seq, _created(one)) for one in messages if _takes_back_creation(one)]

    @property
    def mentors(self) -> Collection[ChecksumAddress]:
        """Whose they were."""
        return {drop.mentor for _, drop in self._drops}

    def drop_at(self, seq: int, drop: DropId, now: DropFact | None) -> DropFact | None:
        """A drop as it was at a message.

        Args:
            seq: The message's number.
            drop: The drop's.
            now: What the mirror knows under that number.
        """
        for taken_back, was in self._drops:
            if taken_back > seq and was.drop == drop:
                return was
        return now


def gone_after(mirror: Connection, of: MirrorId, page: Sequence[Message]) -> Gone:
    """The drops that a page and what follows it take back, where the page takes back moves."""
    if not any(one.kind == "retract" and one.event == "Transfer" for one in page):
        return Gone(())
    return Gone((*page, *outbox_since(mirror, of, page[-1].seq + 1, limit=AHEAD)))


def _takes_back_creation(message: Message) -> bool:
    return message.kind == "retract" and message.event == "DropCreated"


def _created(message: Message) -> DropFact:
    arguments = message.arguments
    return DropFact(
        DropId(int(str(arguments["drop"]))),
        parse_address(str(arguments["mentor"])),
        ZERO_ADDRESS,
        DropState.LIVE,
        str(arguments["terms_hash"]),
    )
