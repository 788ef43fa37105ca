"""Taking in a recording: from the bytes of a request to two verified copies.

Owns the order. A row is written before the first byte is kept, so that whatever a crash leaves can
be told from what counts; the recording is available once both copies have been read back and found
to be what was received. Anything else ends with no file and no row. Refuses HTTP, and to judge who
may upload.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from api.hosting.errors import CoHostRemoved
from api.hosting.writes import HostedDrop, hold_co_host, is_co_host
from api.idempotency.attempts import nothing_along
from api.logs import FAULTS
from api.recordings import writes
from api.recordings.digests import Digesting
from api.recordings.errors import DigestDiffers, MediaUnavailable, UploadCut
from api.recordings.places import PIECE_BYTES
from api.recordings.reads import Recording
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from sqlalchemy import Connection

    from api.idempotency.attempts import Along
    from api.parts import Parts
    from api.recordings.digests import Digest
    from api.recordings.places import Media, Place
    from api.recordings.slots import Slot
    from api.recordings.writes import Draft

LOOK_S: Final = 5
"""Seconds after which it is asked again whether a co-host is one, while their bytes come."""

_SWEPT_AT_ONCE: Final = 10
_CLOCKS_DIFFER: Final = timedelta(minutes=10)


async def take_in(
    parts: Parts,
    media: Media,
    draft: Draft,
    body: AsyncIterator[bytes],
    announced: str | None,
    along: Along[Recording] = nothing_along,
) -> Recording:
    """Keep a recording, twice.

    Args:
        parts: Of this application.
        media: Where to.
        draft: What is known before its bytes.
        body: The bytes, bounded in number and in time by whoever gives them.
        announced: The SHA-256 that the client has worked out, or None.
        along: Keeps what is to be kept along, when the recording begins to count.

    Raises:
        UploadCut: the bytes ended early, there are none, or it took too long.
        UploadTooSlow: they hardly come, and somebody else has the place by now.
        DigestDiffers: they are not what was announced.
        RecordingsFull: there is no room for it.
        UploadsBusy: too many are under way.
        CoHostRemoved: the mentor has removed whoever sends it while it came.
        MediaUnavailable: a place refuses, or does not keep what it was given.
    """
    with media.slots.one(draft.uploaded_by, draft.drop, by_co_host=draft.by_co_host) as slot:
        await sweep(parts, media)
        await run_in_threadpool(_begin, parts, draft)
        try:
            async with _watched(parts, draft, slot):
                digest = await _receive(media, draft.id, slot.arriving(body), announced)
            await _copy(media, draft.id, digest, parts.settings.upload_timeout_s)
            return await run_in_threadpool(_finish, parts, draft, digest, along)
        except BaseException:
            await discard(parts, media, draft.id)
            raise


async def sweep(parts: Parts, media: Media) -> None:
    """Remove what is left of uploads and of recordings that were taken back; a few at a time.

    What is older than an upload can last is nobody's any more.
    """
    last = timedelta(seconds=2 * parts.settings.upload_timeout_s) + _CLOCKS_DIFFER
    try:
        left = await run_in_threadpool(_unfinished, parts, parts.clock() - last)
    except StorageError:
        FAULTS.exception("What was left of uploads could not be looked for.")
        return
    for recording_id in left:
        if await discard(parts, media, recording_id):
            FAULTS.warning(
                "A recording that was never finished, or was taken back, has been cleared away.",
                extra={"seen": {"recording": recording_id}},
            )


@asynccontextmanager
async def _watched(parts: Parts, draft: Draft, slot: Slot) -> AsyncIterator[None]:
    """Break off what a co-host sends who was removed; nobody waits an hour to be told."""
    if not draft.by_co_host:
        yield
        return
    watching = asyncio.create_task(_watch(parts, draft, slot))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(parts: Parts, draft: Draft, slot: Slot) -> None:
    named = True
    while named:
        await asyncio.sleep(LOOK_S)
        try:
            named = await run_in_threadpool(_is_still_named, parts, draft)
        except StorageError as error:
            # It is asked once more before the recording counts.
            FAULTS.warning("Whether an upload's co-host was removed could not be asked: %s", error)
    slot.break_off(CoHostRemoved(draft.drop))


async def _keep(place: Place, recording_id: str, body: AsyncIterator[bytes]) -> Digest:
    digesting = Digesting()
    await place.write(recording_id, _digested(_regrouped(body), digesting))
    return digesting.digest()


async def _receive(
    media: Media, recording_id: str, body: AsyncIterator[bytes], announced: str | None
) -> Digest:
    digest = await _keep(media.first, recording_id, body)
    if digest.size_bytes == 0:
        raise UploadCut
    if announced is not None and announced != digest.sha256:
        raise DigestDiffers(announced, digest.sha256)
    return digest


async def _copy(media: Media, recording_id: str, digest: Digest, timeout_s: int) -> None:
    """Read the first copy back, make the second of it, and read that back too."""
    try:
        async with asyncio.timeout(timeout_s):
            first = await _keep(media.second, recording_id, media.first.read(recording_id))
            second = await _read_back(media.second, recording_id)
    except TimeoutError as error:
        raise MediaUnavailable("Copying a recording", "it took too long") from error
    for place, found in ((media.first, first), (media.second, second)):
        if found != digest:
            raise MediaUnavailable(f"Reading the {place.name} back", "it is not what was written")


async def _read_back(place: Place, recording_id: str) -> Digest:
    digesting = Digesting()
    async for _ in _digested(place.read(recording_id), digesting):
        pass
    return digesting.digest()


async def _digested(pieces: AsyncIterator[bytes], digesting: Digesting) -> AsyncIterator[bytes]:
    async for piece in pieces:
        # Hashing a piece takes milliseconds, in which no other request would be served.
        await run_in_threadpool(digesting.take, piece)
        yield piece


async def _regrouped(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    waiting = bytearray()
    async for piece in body:
        waiting += piece
        if len(waiting) >= PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


async def discard(parts: Parts, media: Media, recording_id: str) -> bool:
    """Remove all that is left of a recording that counts for nothing.

    False when it does count, or when a place or the store does not do it now.
    """
    try:
        if not await run_in_threadpool(_abandon, parts, recording_id):
            # Its last transaction was done after all, though its answer was lost.
            return False
        await media.first.remove(recording_id)
        await media.second.remove(recording_id)
        await run_in_threadpool(_forget, parts, recording_id)
    except (MediaUnavailable, StorageError):
        # The row says that it counts for nothing, and a later sweep tries again.
        FAULTS.exception("What was left of a recording could not be removed yet.")
        return False
    return True


def _begin(parts: Parts, draft: Draft) -> None:
    with writing(parts.store) as connection:
        writes.begin(connection, draft)


def _finish(parts: Parts, draft: Draft, digest: Digest, along: Along[Recording]) -> Recording:
    now = max(parts.clock(), draft.begun_at)
    finished = Recording(
        id=draft.id,
        drop=draft.drop,
        terms_hash=draft.terms_hash,
        mentor=draft.mentor,
        session=draft.session,
        title=draft.title,
        media_type=draft.media_type,
        size_bytes=digest.size_bytes,
        sha256=digest.sha256,
        available_at=now,
        uploaded_by=draft.uploaded_by,
    )
    with writing(parts.store) as connection:
        if draft.by_co_host:
            _require_still_named(connection, draft)
        most = parts.settings.max_drop_recordings_bytes
        if not writes.finish(connection, draft, digest, now, most):
            raise UploadCut
        along(connection, finished)
    return finished


def _require_still_named(connection: Connection, draft: Draft) -> None:
    # In the transaction that makes it count: who is removed before that has added nothing.
    if not hold_co_host(connection, _hosted(draft), draft.uploaded_by):
        raise CoHostRemoved(draft.drop)


def _is_still_named(parts: Parts, draft: Draft) -> bool:
    with reading(parts.store) as connection:
        return is_co_host(connection, _hosted(draft), draft.uploaded_by)


def _hosted(draft: Draft) -> HostedDrop:
    return HostedDrop(draft.mirror, draft.drop, draft.terms_hash, draft.mentor)


def _unfinished(parts: Parts, before: datetime) -> tuple[str, ...]:
    with reading(parts.store) as connection:
        # Another market's files may lie elsewhere, and its uploads take longer.
        return tuple(writes.unfinished(connection, parts.mirror_id, before, _SWEPT_AT_ONCE))


def _abandon(parts: Parts, recording_id: str) -> bool:
    with writing(parts.store) as connection:
        return writes.abandon(connection, recording_id, parts.clock())


def _forget(parts: Parts, recording_id: str) -> None:
    with writing(parts.store) as connection:
        writes.forget(connection, recording_id)
