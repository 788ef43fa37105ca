"""Server-sent events, block by block, as they come over the wire.

Owns splitting bytes into blocks, and their bounds. Refuses to know what is told.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from marketplace.client.errors import AnswerUnexpected
from marketplace.client.transport import MAX_ANSWER_BYTES, asked_of, media_type, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from marketplace.client.transport import Transport

_READ: Final = frozenset({"id", "event", "data"})
"""Of a block's lines; others are not kept."""

_SILENCE_S: Final = 60
"""Seconds without a sign of life after which a stream is given up; a server gives one in 15."""


class Blocks:
    """Iterates over the fields of each block; raises ApiUnavailable when the stream is cut."""

    def __init__(self, answer: httpx.Response, asked: str) -> None:
        self.asked = asked
        self._answer = answer

    def __iter__(self) -> Iterator[dict[str, str]]:
        block: dict[str, str] = {}
        size = 0
        for line in self._lines():
            if not line:
                yield block
                block, size = {}, 0
                continue
            size += len(line)
            if size > MAX_ANSWER_BYTES:
                raise AnswerUnexpected(self.asked, f"a block is over {MAX_ANSWER_BYTES} bytes")
            name, _, value = self._text(line).partition(": ")
            if name in _READ:
                block[name] = value

    def _lines(self) -> Iterator[bytes]:
        waiting = b""
        with typed(self._answer.request):
            for chunk in self._answer.iter_raw():
                *whole, waiting = (waiting + chunk).split(b"\n")
                if len(waiting) > MAX_ANSWER_BYTES:
                    raise AnswerUnexpected(self.asked, f"a line is over {MAX_ANSWER_BYTES} bytes")
                yield from whole

    def _text(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise AnswerUnexpected(self.asked, "a line is no UTF-8") from error


@contextmanager
def opened(transport: Transport, request: httpx.Request) -> Iterator[Blocks]:
    """Send a request for a stream; it is closed when the block ends."""
    request.extensions["timeout"] = {**request.extensions["timeout"], "read": _SILENCE_S}
    with transport.streamed(request) as answer:
        if media_type(answer.headers) != "text/event-stream":
            raise AnswerUnexpected(asked_of(request), "it is no stream of events")
        yield Blocks(answer, asked_of(request))
