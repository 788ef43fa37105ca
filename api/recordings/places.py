"""The two places where each recording is kept.

Owns opening them, and reading, writing, removing one file. Files are named by ids that are made
here; no path ever comes from a request, and what is not such an id is refused. Places are folders
or S3 buckets, by obstore; a bucket's credentials, region and endpoint come from the environment
(`AWS_…`), as everywhere. Refuses to know what a file is.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store
from starlette.concurrency import run_in_threadpool

from api.recordings.errors import MediaUnavailable, MediaUnusable
from api.recordings.slots import Slots

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic import SecretStr

    from api.settings import ApiSettings

PIECE_BYTES: Final = 2**20
"""Bytes of a file that are in memory at once, of each that is copied."""

_ID_BYTES: Final = 16
_ID: Final = re.compile(r"[0-9a-f]{32}")
# S3 refuses smaller parts; two at a time bound the memory that an upload takes.
_PART_BYTES: Final = 5 * 2**20
_PARTS_AT_ONCE: Final = 2
_RETRYING: Final = timedelta(seconds=30)
_RETRIES: Final = 3


def new_id() -> str:
    """Make an id that nobody can guess and no file system misreads."""
    return secrets.token_hex(_ID_BYTES)


def is_id(text: str) -> bool:
    """Whether a text can be the id of a recording."""
    return _ID.fullmatch(text) is not None


class Place:
    """One place.

    Every method raises MediaUnavailable when the place does not do it. Errors of whoever is read
    from pass as they are.

    Args:
        name: What logs call it.
        store: Of obstore.
    """

    def __init__(self, name: str, store: LocalStore | S3Store) -> None:
        self.name = name
        self._store = store

    async def write(self, recording_id: str, pieces: AsyncIterator[bytes]) -> None:
        """Keep a file; it is there whole when this returns, or not at all."""
        try:
            await self._store.put_async(
                _key(recording_id),
                pieces,
                chunk_size=_PART_BYTES,
                max_concurrency=_PARTS_AT_ONCE,
            )
            await run_in_threadpool(self._settle, recording_id)
        except (BaseError, OSError) as error:
            raise self._failed("Writing", error) from error

    async def read(self, recording_id: str) -> AsyncIterator[bytes]:
        """Read a whole file, piece by piece."""
        try:
            found = await self._store.get_async(_key(recording_id))
            async for piece in found.stream(min_chunk_size=PIECE_BYTES):
                yield bytes(piece)
        except (BaseError, OSError) as error:
            raise self._failed("Reading", error) from error

    async def read_at(self, recording_id: str, start: int, length: int) -> bytes:
        """Read some bytes of a file; fewer, where it ends."""
        try:
            found = await self._store.get_range_async(
                _key(recording_id), start=start, length=length
            )
        except (BaseError, OSError) as error:
            raise self._failed("Reading", error) from error
        return bytes(found)

    async def remove(self, recording_id: str) -> None:
        """Remove a file and what a broken-off writing has left of it; no matter if it is gone.

        Parts of an upload to a bucket are hidden: a rule of the bucket has to expire those.
        """
        try:
            await self._store.delete_async(_key(recording_id))
        except FileNotFoundError:
            pass
        except (BaseError, OSError) as error:
            raise self._failed("Removing", error) from error
        await run_in_threadpool(self._sweep, recording_id)

    def _settle(self, recording_id: str) -> None:
        # What stands in the database must not outlive the file when the power fails.
        root = self._root()
        if root is not None:
            for path in (root / _key(recording_id), root):
                opened = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(opened)
                finally:
                    os.close(opened)

    def _sweep(self, recording_id: str) -> None:
        # obstore writes beside the file until it is whole, and does not list what it left there.
        root = self._root()
        if root is not None:
            for left in root.glob(f"{_key(recording_id)}#*"):
                left.unlink(missing_ok=True)

    def _root(self) -> Path | None:
        if isinstance(self._store, LocalStore):
            prefix = self._store.prefix
            return None if prefix is None else Path(prefix)
        return None

    def _failed(self, doing: str, error: Exception) -> MediaUnavailable:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return MediaUnavailable(f"{doing} a recording in the {self.name}", first)


@dataclass(frozen=True, slots=True)
class Media:
    """Both places, and how much comes in at once: `first` is written and read first."""

    first: Place
    second: Place
    slots: Slots


def open_media(settings: ApiSettings) -> Media | None:
    """Open both places; None when the settings name none. Nothing of a bucket is asked yet.

    Raises:
        MediaUnusable: one of them cannot be used, or both are one.
    """
    if settings.media_url is None or settings.media_copy_url is None:
        return None
    first = _opened("media_url", settings.media_url)
    second = _opened("media_copy_url", settings.media_copy_url)
    if first == second:
        raise MediaUnusable("media_copy_url", "it is the same place as media_url")
    places = Place("first copy", first), Place("second copy", second)
    return Media(*places, Slots(settings.max_uploads))


def _opened(setting: str, given: SecretStr) -> LocalStore | S3Store:
    url = given.get_secret_value()
    try:
        parts = urlsplit(url)
        # obstore would drop a query, and with it whatever was meant by it.
        if parts.query or parts.fragment or parts.username:
            raise MediaUnusable(setting, "it has more than a place")
        if parts.scheme == "file":
            return LocalStore.from_url(url, mkdir=True)
        if parts.scheme == "s3" and parts.netloc:
            # How to connect is left to the environment: options here would take its place.
            return S3Store.from_url(
                url, retry_config={"max_retries": _RETRIES, "retry_timeout": _RETRYING}
            )
    except (BaseError, ValueError, OSError) as error:
        raise MediaUnusable(setting, str(error).strip().splitlines()[0]) from error
    raise MediaUnusable(setting, "it is neither a folder nor a bucket")


def _key(recording_id: str) -> str:
    if not is_id(recording_id):
        raise ValueError("not the id of a recording")
    return recording_id
