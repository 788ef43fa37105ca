"""What a stream that goes on is made of.

Owns what a stream asks of whatever it tells, and the outbox as one such thing. Refuses connections
and waiting: `streams` has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from api.push import lines
from api.push.bodies import EventBody

if TYPE_CHECKING:
    from api.push.feeds import Feed


@dataclass(frozen=True, slots=True)
class Look:
    """What one look has found.

    Attributes:
        text: To be sent; empty when there is nothing to be told.
        more: Whether there may be more at once.
    """

    text: str
    more: bool


class Source(Protocol):
    """Something that is told as it comes. One stream uses it, one call at a time."""

    def look(self) -> Look:
        """See what there is to be told; may wait for databases.

        Raises:
            SeatmarketError: the stream ends; where `retry_helps` and it is no StorageError, after
                some seconds in which it has looked again. It has told nothing then.
        """

    def alive(self) -> str:
        """What shows that the stream lives."""


class Outbox:
    """The events of a feed, from a number on.

    Args:
        feed: What is read.
        after: The number after which it tells.
    """

    def __init__(self, feed: Feed, after: int) -> None:
        self._feed = feed
        self._after = after

    def look(self) -> Look:
        """Read what follows. Raises as `Feed.look`."""
        seen = self._feed.look(self._after)
        text = "".join(
            lines.event(one.message.seq, one.topic.value, EventBody.of(one).model_dump_json())
            for one in seen.told
        )
        self._after = seen.after
        return Look(text, seen.more)

    def alive(self) -> str:
        """Where a client can go on from."""
        return lines.reached(self._after)
