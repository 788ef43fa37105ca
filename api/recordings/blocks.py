"""The bytes of a recording, each block held against its hash before it leaves.

Owns reading from the first copy and, block by block, from the second where the first is missing,
short or altered. Refuses to send what neither copy vouches for, or what was taken back meanwhile,
and to mend a copy: an operator is told which one it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from api.errors import NotFound
from api.logs import FAULTS
from api.recordings import reads
from api.recordings.digests import BLOCK_BYTES, is_block
from api.recordings.errors import MediaUnavailable
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.parts import Parts
    from api.recordings.places import Media, Place
    from api.recordings.ranges import Span
    from api.recordings.reads import Recording

_HASHES_AT_ONCE: Final = 1_024


async def bytes_of(
    parts: Parts, media: Media, recording: Recording, span: Span
) -> AsyncIterator[bytes]:
    """Give the bytes of a span, in order; a block at a time is in memory.

    Raises:
        MediaUnavailable: neither copy has a block as it was.
        NotFound: the recording was taken back.
    """
    first, last = span.first // BLOCK_BYTES, span.last // BLOCK_BYTES
    reader = _Reader(parts, media, recording)
    for window in range(first, last + 1, _HASHES_AT_ONCE):
        count = min(_HASHES_AT_ONCE, last + 1 - window)
        hashes = await run_in_threadpool(_hashes, parts, recording, window, count)
        if len(hashes) < count:
            raise NotFound("recording")
        for block, block_hash in enumerate(hashes, start=window):
            content = await reader.block(block, block_hash)
            begins = block * BLOCK_BYTES
            yield content[max(0, span.first - begins) : span.last + 1 - begins]


class _Reader:
    """Reads blocks of one recording; a copy that has failed once is asked last."""

    def __init__(self, parts: Parts, media: Media, recording: Recording) -> None:
        self._store = parts.store
        self._recording = recording
        self._places = [media.first, media.second]

    async def block(self, number: int, block_hash: bytes) -> bytes:
        faults = []
        for place in tuple(self._places):
            try:
                return await self._from(place, number, block_hash)
            except MediaUnavailable as error:
                await self._require_there()
                faults.append(error)
                self._note(place, number, error)
        raise faults[0]

    async def _from(self, place: Place, number: int, block_hash: bytes) -> bytes:
        content = await place.read_at(self._recording.id, number * BLOCK_BYTES, BLOCK_BYTES)
        if not await run_in_threadpool(is_block, content, block_hash):
            raise MediaUnavailable(f"Reading the {place.name}", "it is not what was kept")
        return content

    async def _require_there(self) -> None:
        # What was taken back is missing, and that is no fault.
        if not await run_in_threadpool(reads.is_there, self._store, self._recording.id):
            raise NotFound("recording")

    def _note(self, place: Place, number: int, error: MediaUnavailable) -> None:
        if place is self._places[0]:
            self._places.reverse()
        FAULTS.error(
            "A copy of a recording is missing or altered.",
            extra={
                "seen": {
                    "recording": self._recording.id,
                    "copy": place.name,
                    "block": number,
                    "fault": error.fault,
                }
            },
        )


def _hashes(parts: Parts, recording: Recording, first: int, count: int) -> tuple[bytes, ...]:
    with reading(parts.store) as connection:
        return reads.block_hashes(connection, recording.id, first, count)
