"""An answer that goes on only while its reader may have it.

Owns asking again while bytes flow, and cutting. While a question is open nothing is sent. When the
answer is no, the connection ends before its announced length is reached, so that nobody takes a
part for the whole; when nothing is known, the stream stands still for a while and asks again. The
event loop's clock says when to ask. Refuses to know what is asked.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from api.logs import FAULTS
from marketplace.domain.errors import SeatmarketError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from starlette.types import Receive, Scope, Send


_PIECE_BYTES: Final = 65_536
"""Bytes that are handed over at once, and cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When a stream asks, and when it is given up.

    Attributes:
        every_s: Seconds between two questions.
        unknown_s: Seconds for which it stands still while nothing is known.
        stalled_s: Seconds without a byte taken after which its reader is given up.
    """

    every_s: float
    unknown_s: float = 5
    stalled_s: float = 60


class GuardedStream(Response):
    """A stream of a known length.

    Args:
        content: The bytes.
        status: Of the answer.
        headers: With Content-Length.
        may_go_on: Returns while the reader may have it; raises a SeatmarketError when not, or,
            with `retry_helps`, when that is not known.
        pace: When to ask.
        place: Held for as long as it lasts; may refuse it.
    """

    def __init__(
        self,
        content: AsyncIterator[bytes],
        status: int,
        headers: Mapping[str, str],
        *,
        may_go_on: Callable[[], Awaitable[None]],
        pace: Pace,
        place: AbstractContextManager[None] | None = None,
    ) -> None:
        # No body: the length is in the headers that are given.
        self.status_code = status
        self.background = None
        self.init_headers(headers)
        self._content = content
        self._may_go_on = may_go_on
        self._pace = pace
        self._place = place or nullcontext()
        self._permitted = asyncio.Event()
        self._moved_at = 0.0
        self._known_at = 0.0
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or as much of it as may be sent."""
        del scope
        with self._place:
            await self._guarded(receive, send)

    async def _guarded(self, receive: Receive, send: Send) -> None:
        self._permitted.set()
        self._moved_at = self._known_at = _now()
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await self._watch(sending, leaving)
        except SeatmarketError as error:
            if not self._begun:
                raise
            # Returning with bytes unsent makes the server cut the connection.
            FAULTS.warning("A stream was cut: %s", error)
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    async def _watch(self, sending: asyncio.Task[None], leaving: asyncio.Task[None]) -> None:
        while True:
            done, _ = await asyncio.wait(
                (sending, leaving),
                timeout=self._pace.every_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if sending in done:
                return sending.result()
            if leaving in done or _now() - self._moved_at > self._pace.stalled_s:
                return None
            await self._ask()

    async def _ask(self) -> None:
        self._permitted.clear()
        try:
            await self._may_go_on()
        except SeatmarketError as error:
            if not error.retry_helps or _now() - self._known_at > self._pace.unknown_s:
                raise
        else:
            self._known_at = _now()
            self._permitted.set()

    async def _send(self, send: Send) -> None:
        async for content in self._content:
            for start in range(0, len(content), _PIECE_BYTES):
                await self._permitted.wait()
                await self._begin(send)
                piece = content[start : start + _PIECE_BYTES]
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                self._moved_at = _now()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _begin(self, send: Send) -> None:
        # Only with the first bytes in hand: until then a fault can still be told.
        if not self._begun:
            self._begun = True
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
