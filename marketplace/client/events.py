"""A stream of events, as its reader goes through it.

Owns the number to come back with. Refuses to come back by itself: whoever reads knows how long to
wait.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from marketplace.client import blocks
from marketplace.client.answers.events import Event
from marketplace.client.errors import AnswerUnexpected
from marketplace.client.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.client.blocks import Blocks
    from marketplace.client.routes import Route
    from marketplace.client.transport import Query, Transport

_NUMBER: Final = re.compile("[0-9]{1,19}")


class EventStream:
    """Iterates over events until the server ends the stream; raises ApiUnavailable when it is cut.

    Attributes:
        last_id: Open the next stream after this number, and nothing is missing.
    """

    def __init__(self, sent: Blocks) -> None:
        self.last_id: int | None = None
        self._sent = sent

    def __iter__(self) -> Iterator[Event]:
        """Give each event; what takes it back is another one."""
        for block in self._sent:
            number = self._number(block["id"]) if "id" in block else self.last_id
            ends = block.get("event") == "end"
            told = None
            if "data" in block and not ends:
                told = read(Event, block["data"].encode(), self._sent.asked)
            # Only now: one that cannot be read is not passed over by who comes back.
            self.last_id = number
            if ends:
                return
            if told is not None:
                yield told

    def _number(self, sent: str) -> int:
        if _NUMBER.fullmatch(sent) is None:
            raise AnswerUnexpected(self._sent.asked, "an event's id is no number")
        return int(sent)


@contextmanager
def opened(
    transport: Transport, route: Route[bytes], after: int | None, query: Query
) -> Iterator[EventStream]:
    """Open a stream; it is closed when the block ends."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with blocks.opened(transport, transport.request(route, query=query, headers=headers)) as sent:
        yield EventStream(sent)
