"""An answer that goes on for as long as its reader listens.

Owns the order of looking, sending and waiting, and how a stream ends. In memory there is what one
look has found: while a reader takes nothing, nothing more is read, and after a while the connection
is cut. Whoever is cut, or comes to an end, comes back and has missed nothing. Refuses to know what
is told: a source does.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.auth.errors import SessionEnded
from api.keys.errors import ApiKeyEnded
from api.logs import FAULTS
from api.push import lines
from marketplace.domain.errors import SeatmarketError
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

    from api.push.breaths import Breaths
    from api.push.crowd import Crowd
    from api.push.listening import Listening
    from api.push.sources import Look, Source

RETRY_MS: Final = 1_000
_SPREAD_MS: Final = 4_000
"""When a server ends, its readers come back spread over so many milliseconds."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a stream does what.

    Attributes:
        look_s: Seconds after which it looks though nobody has woken it.
        beat_s: Seconds without an event after which it shows that it lives.
        stalled_s: Seconds without a byte taken after which its reader is cut.
        breath_s: Seconds between two looks at least, however often it is woken.
        unknown_s: Seconds for which it tells nothing and looks again while nobody knows whether
            its reader may hear it.
    """

    look_s: float
    beat_s: float
    stalled_s: float
    breath_s: float = 0
    unknown_s: float = 5


class EventStream(Response):
    """A stream of server-sent events.

    Args:
        source: What it tells.
        listening: Who wakes it.
        crowd: Where it counts, and under which names.
        pace: How often it does what.
        breaths: Where it waits after a page of which nothing was told, before the next one; None:
            it does not.
    """

    def __init__(
        self,
        source: Source,
        *,
        listening: Listening,
        crowd: tuple[Crowd, Sequence[str]],
        pace: Pace,
        breaths: Breaths | None = None,
    ) -> None:
        self.status_code = 200
        self.background = None
        self.media_type = lines.MEDIA_TYPE
        # A proxy that gathers an answer before it hands it on would hold it back for ever.
        self.init_headers({"X-Accel-Buffering": "no"})
        self._source = source
        self._listening = listening
        self._crowd, self._whose = crowd
        self._pace = pace
        self._breaths = breaths
        self._sent_at = 0.0
        self._unknown_since: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the reader leaves, is cut, or there is nothing more to be told.

        Raises:
            StreamsBusy: there is no room for it; nothing has been sent.
        """
        del scope
        with ExitStack() as open_:
            open_.enter_context(self._crowd.one(self._whose))
            woken = open_.enter_context(self._listening.woken())
            leaving = asyncio.create_task(_left(receive))
            try:
                await self._run(send, woken, leaving)
            except TimeoutError:
                # Returning before the end makes the server cut the connection.
                FAULTS.warning("A stream of events was cut: its reader took nothing.")
            finally:
                leaving.cancel()
                await asyncio.gather(leaving, return_exceptions=True)

    async def _run(self, send: Send, woken: asyncio.Event, leaving: asyncio.Task[None]) -> None:
        head = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        await send(head)
        # At once a client knows from where it can go on.
        await self._put(send, lines.retry(RETRY_MS) + self._source.alive())
        while not leaving.done():
            woken.clear()
            if self._listening.ending:
                return await self._finish(send, "restart")
            try:
                seen = await self._look(send)
            except SessionEnded:
                return await self._finish(send, "session_ended")
            except ApiKeyEnded:
                return await self._finish(send, "api_key_ended")
            except SeatmarketError as error:
                if not self._may_look_again(error):
                    FAULTS.warning("A stream of events ended: %s", error)
                    return await self._finish(send, "try_again")
                await self._rest(woken, leaving)
                continue
            self._unknown_since = None
            if not seen.more:
                await self._rest(woken, leaving)
            elif self._breaths is not None and not seen.text:
                # The next sign of life is not held up.
                left_s = self._pace.beat_s - (_now() - self._sent_at)
                await self._breaths.take(leaving, max(left_s, 0))
        return None

    async def _rest(self, woken: asyncio.Event, leaving: asyncio.Task[None]) -> None:
        await _either(woken, leaving, self._pace.look_s)
        if self._pace.breath_s and not self._listening.ending:
            await asyncio.wait((leaving,), timeout=self._pace.breath_s)

    def _may_look_again(self, error: SeatmarketError) -> bool:
        # What a database breaks off may have been told to nobody and be noted as told.
        if isinstance(error, StorageError) or not error.retry_helps:
            return False
        # From the end of the first look on: it may have taken as long as the node has.
        if self._unknown_since is None:
            self._unknown_since = _now()
        return _now() - self._unknown_since <= self._pace.unknown_s

    async def _look(self, send: Send) -> Look:
        seen = await run_in_threadpool(self._source.look)
        if seen.text:
            await self._put(send, seen.text)
        if _now() - self._sent_at >= self._pace.beat_s:
            await self._put(send, self._source.alive())
        return seen

    async def _put(self, send: Send, text: str) -> None:
        # The server waits here while its own buffer is full.
        async with asyncio.timeout(self._pace.stalled_s):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        self._sent_at = _now()

    async def _finish(self, send: Send, reason: str) -> None:
        wait = RETRY_MS + secrets.randbelow(_SPREAD_MS)
        await self._put(send, lines.retry(wait) + self._source.alive() + lines.end(reason))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _either(woken: asyncio.Event, leaving: asyncio.Task[None], seconds: float) -> None:
    waking = asyncio.create_task(woken.wait())
    try:
        await asyncio.wait((waking, leaving), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waking.cancel()


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
