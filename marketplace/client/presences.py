"""What a room is told of who has to leave, as it goes through it.

Owns reading the stream. Refuses to come back by itself, and to keep who is in: the room knows.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

from marketplace.client import blocks, routes
from marketplace.client.answers.presences import Behind, Leave, RoomLevel
from marketplace.client.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.client.blocks import Blocks
    from marketplace.client.transport import Transport
    from marketplace.domain.ids import DropId

RoomEvent: TypeAlias = "Leave | Behind | RoomLevel"

_KINDS: Final = {"leave": Leave, "behind": Behind, "level": RoomLevel}


class PresenceStream:
    """Iterates over what is told until the server ends the stream.

    Raises ApiUnavailable when it is cut. Whoever opens the next one misses nobody.
    """

    def __init__(self, sent: Blocks) -> None:
        self._sent = sent

    def __iter__(self) -> Iterator[RoomEvent]:
        """Give each event; what a later version of the API tells beside them is passed over."""
        for block in self._sent:
            name = block.get("event", "")
            if name == "end":
                return
            if name in _KINDS:
                yield read(_KINDS[name], block.get("data", "").encode(), self._sent.asked)


@contextmanager
def opened(transport: Transport, drop: DropId, session: int) -> Iterator[PresenceStream]:
    """Open a stream; it is closed when the block ends."""
    asked = transport.request(routes.PRESENCES, {"drop": drop, "session": session})
    with blocks.opened(transport, asked) as sent:
        yield PresenceStream(sent)
