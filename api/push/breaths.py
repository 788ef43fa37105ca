"""How fast streams read on that find nothing to be told.

Owns the turns that they take. What a stream sends, its reader has to take before it looks again;
what it leaves out slows it by nothing, and a reader may name what is nowhere and begin at the first
message that is kept. So all that have found nothing go on one after another, with a breath
between: together they read so many pages in a second, however many they are. Refuses to look.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from api.push.listening import Listening

BREATH_S: Final = 0.05
"""Seconds between two pages of which nothing was told, of all streams of a process."""


class Breaths:
    """The turns in one process, on one event loop.

    Args:
        listening: Knows when everything ends: then nobody waits for others any more.
    """

    def __init__(self, listening: Listening) -> None:
        self._listening = listening
        self._turn = asyncio.Lock()

    async def take(self, leaving: asyncio.Task[None], most_s: float) -> None:
        """Wait for a turn and a breath.

        Args:
            leaving: Done when the reader has left, for whom nobody waits.
            most_s: Seconds after which the stream goes on though it has had no turn.
        """
        taken = asyncio.create_task(self._taken())
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait((taken, leaving), timeout=most_s, return_when=first)
        finally:
            taken.cancel()
            await asyncio.gather(taken, return_exceptions=True)

    async def _taken(self) -> None:
        async with self._turn:
            if not self._listening.ending:
                await asyncio.sleep(BREATH_S)
