"""A stream of events, as its reader goes through it.

Owns reading the blocks of server-sent events, and the number to come back with. Refuses to come
back by itself: whoever reads knows how long to wait.
"""

from __future__ import annotations

import re
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

_NUMBER: Final = re.compile("[0-9]{1,19}")
_READ: Final = frozenset({"id", "event", "data"})
"""Of a block's lines; others are not kept."""

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
            number = self._number(block["id"]) if "id" in block else self.last_id
            ends = block.get("event") == "end"
            told = None
            if "data" in block and not ends:
                told = read(Event, block["data"].encode(), self._asked)
            # Only now: one that cannot be read is not passed over by who comes back.
            self.last_id = number
            if ends:
                return
            if told is not None:
                yield told

    def _blocks(self) -> Iterator[dict[str, str]]:
        block: dict[str, str] = {}
        size = 0
        for line in self._lines():
            if not line:
                yield block
                block, size = {}, 0
                continue
            size += len(line)
            if size > MAX_ANSWER_BYTES:
                raise AnswerUnexpected(self._asked, f"a block is over {MAX_ANSWER_BYTES} bytes")
            name, _, value = self._text(line).partition(": ")
            if name in _READ:
                block[name] = value

    def _lines(self) -> Iterator[bytes]:
        waiting = b""
        with typed(self._answer.request):
            for chunk in self._answer.iter_raw():
                *whole, waiting = (waiting + chunk).split(b"\n")
                if len(waiting) > MAX_ANSWER_BYTES:
                    raise AnswerUnexpected(self._asked, f"a line is over {MAX_ANSWER_BYTES} bytes")
                yield from whole

    def _number(self, sent: str) -> int:
        if _NUMBER.fullmatch(sent) is None:
            raise AnswerUnexpected(self._asked, "an event's id is no number")
        return int(sent)

    def _text(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise AnswerUnexpected(self._asked, "a line is no UTF-8") from error


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
