"""A stream of events, as its reader goes through it.

Owns reading the blocks of server-sent events, and the number to come back with. Refuses to come
back by itself: whoever reads knows how long to wait.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from marketplace.client.answers.events import Event
from marketplace.client.errors import AnswerUnexpected
from marketplace.client.reading import read
from marketplace.client.transport import MAX_ANSWER_BYTES, asked_of, media_type, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from marketplace.client.routes import Route
    from marketplace.client.transport import Query, Transport

_SILENCE_S: Final = 60
"""Seconds without a sign of life after which a stream is given up; a server gives one in 15."""


class EventStream:
    """Iterates over events until the server ends the stream; raises ApiUnavailable when it is cut.

    Attributes:
        last_id: Open the next stream after this number, and nothing is missing.
    """

    def __init__(self, answer: httpx.Response, asked: str) -> None:
        self.last_id: int | None = None
        self._answer = answer
        self._asked = asked

    def __iter__(self) -> Iterator[Event]:
        """Give each event; what takes it back is another one."""
        for block in self._blocks():
            if "id" in block:
                self.last_id = int(block["id"])
            if block.get("event") == "end":
                return
            if "data" in block:
                yield read(Event, block["data"].encode(), self._asked)

    def _blocks(self) -> Iterator[dict[str, str]]:
        block: dict[str, str] = {}
        for line in self._lines():
            if not line:
                yield block
                block = {}
                continue
            name, _, value = line.partition(": ")
            block[name] = value

    def _lines(self) -> Iterator[str]:
        waiting = b""
        with typed(self._answer.request):
            for chunk in self._answer.iter_raw():
                *whole, waiting = (waiting + chunk).split(b"\n")
                if len(waiting) > MAX_ANSWER_BYTES:
                    raise AnswerUnexpected(self._asked, f"a line is over {MAX_ANSWER_BYTES} bytes")
                for line in whole:
                    yield line.decode()


@contextmanager
def opened(
    transport: Transport, route: Route[bytes], after: int | None, query: Query
) -> Iterator[EventStream]:
    """Open a stream; it is closed when the block ends."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    request = transport.request(route, query=query, headers=headers)
    request.extensions["timeout"] = {**request.extensions["timeout"], "read": _SILENCE_S}
    with transport.streamed(request) as answer:
        if media_type(answer.headers) != "text/event-stream":
            raise AnswerUnexpected(asked_of(request), "it is no stream of events")
        yield EventStream(answer, asked_of(request))
