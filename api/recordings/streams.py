"""An answer that goes on only while its reader may have it.

Owns asking again while bytes flow, and cutting. While a question is open nothing is sent; when the
answer is no, or none, the connection ends before its announced length is reached, so that nobody
takes a part for the whole. The event loop's clock says when to ask. Refuses to know what is asked.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from api.logs import FAULTS
from marketplace.domain.errors import SeatmarketError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from starlette.types import Receive, Scope, Send

STALLED_S: Final = 60
"""Seconds without a byte taken after which a reader is given up."""


_PIECE_BYTES: Final = 65_536
"""Bytes that are handed over at once, and cannot be taken back."""


class GuardedStream(Response):
    """A stream of a known length.

    Args:
        content: The bytes.
        status: Of the answer.
        headers: With Content-Length.
        may_go_on: Returns while the reader may have it; raises a SeatmarketError when not.
        every_s: Seconds between two questions.
    """

    def __init__(
        self,
        content: AsyncIterator[bytes],
        status: int,
        headers: Mapping[str, str],
        *,
        may_go_on: Callable[[], Awaitable[None]],
        every_s: float,
    ) -> None:
        # No body: the length is in the headers that are given.
        self.status_code = status
        self.background = None
        self.init_headers(headers)
        self._content = content
        self._may_go_on = may_go_on
        self._every_s = every_s
        self._permitted = asyncio.Event()
        self._moved_at = 0.0
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or as much of it as may be sent."""
        del scope
        self._permitted.set()
        self._move()
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
                (sending, leaving), timeout=self._every_s, return_when=asyncio.FIRST_COMPLETED
            )
            if sending in done:
                return sending.result()
            if leaving in done or self._has_stalled():
                return None
            self._permitted.clear()
            await self._may_go_on()
            self._permitted.set()

    async def _send(self, send: Send) -> None:
        async for content in self._content:
            for start in range(0, len(content), _PIECE_BYTES):
                await self._permitted.wait()
                await self._begin(send)
                piece = content[start : start + _PIECE_BYTES]
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                self._move()
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

    def _move(self) -> None:
        self._moved_at = asyncio.get_running_loop().time()

    def _has_stalled(self) -> bool:
        return asyncio.get_running_loop().time() - self._moved_at > STALLED_S


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
