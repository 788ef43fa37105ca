"""One connection of a client: what it may cost before a request is read, and while none is sent on.

Owns the bounds on a request's head: its size, and the time in which it must be there; and the time
for which a client may take nothing of what was written to it. Refuses to look at requests: bodies
and answers are bounded by `api.edge`.

The parser is h11, in Python, because it has a limit for the head; httptools, in C, reads an
endless one for as long as it comes, and no other connection is served meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

MAX_HEAD_BYTES: Final = 16_384
"""Bytes of a request's head (first line and headers) after which the rest is not waited for."""

STALLED_S: Final = 60.0
"""Seconds between two looks at what a client has not taken; nothing taken in between is the end."""


class _Bounded(H11Protocol):
    """uvicorn's connection has a limit for the time between two requests; any byte ends that.

    It has none for a client that does not read: closing waits until everything is sent.
    """

    head_timeout_s: ClassVar[float]
    stalled_s: ClassVar[float]
    _deadline: asyncio.TimerHandle | None = None
    _look: asyncio.TimerHandle | None = None
    _unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the class above
        super().connection_made(transport)
        self._watch()
        self._look = self.loop.call_later(self.stalled_s, self._look_at_unsent)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        self._unsent = 0
        super().resume_writing()

    def _look_at_unsent(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        if unsent and unsent == self._unsent:
            self.transport.abort()
            return
        self._unsent = unsent
        self._look = self.loop.call_later(self.stalled_s, self._look_at_unsent)

    def _watch(self) -> None:
        if not self._waits():
            self._forget()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.head_timeout_s, self._give_up)

    def _waits(self) -> bool:
        # Also while the rest of a body comes that was answered before it was read.
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr] # uvicorn's type leaves out that there is none yet

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._waits():
            self.transport.abort()


def bounded_connection(timeout_s: float) -> type[asyncio.Protocol]:
    """The connection that gives a request's head this many seconds."""

    class Bounded(_Bounded):
        head_timeout_s = timeout_s
        stalled_s = STALLED_S

    return Bounded
