"""One bell for all streams of a process.

Owns the thread that waits at the outbox's bell, and whom it wakes. It runs while somebody listens.
What it says is never relied on: a stream also looks by itself. Refuses to read messages.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from api.logs import FAULTS
from indexer.queries import outbox_bell
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from indexer.queries import MirrorId

_LOOK_UP_S: Final = 0.5
"""Seconds after which the thread notices that nobody listens any more."""

_AGAIN_S: Final = 1.0
"""Seconds until a bell that was lost is made anew."""


class Listening:
    """Wakes whoever listens, in one process and on one event loop.

    Args:
        engine: Over the mirror's tables; one connection of it is kept while somebody listens.
        mirror: Whose outbox.
    """

    def __init__(self, engine: Engine, mirror: MirrorId) -> None:
        self._engine = engine
        self._mirror = mirror
        self._listeners: set[asyncio.Event] = set()
        self._ear: _Ear | None = None
        self.ending = False

    @contextmanager
    def woken(self) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever there may be something new, and at the end."""
        told = asyncio.Event()
        self._listeners.add(told)
        if self._ear is None:
            self._ear = _Ear(self._engine, self._mirror, self._wake)
        try:
            yield told
        finally:
            self._listeners.discard(told)
            if not self._listeners and self._ear is not None:
                self._ear.close()
                self._ear = None

    def end(self) -> None:
        """Let every stream come to its end."""
        self.ending = True
        self._wake()

    def _wake(self) -> None:
        for told in self._listeners:
            told.set()


class _Ear:
    """The thread."""

    def __init__(self, engine: Engine, mirror: MirrorId, wake: Callable[[], None]) -> None:
        self._engine = engine
        self._mirror = mirror
        self._wake = wake
        self._loop = asyncio.get_running_loop()
        self._closed = threading.Event()
        threading.Thread(target=self._run, name="outbox bell", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                self._listen()
            except StorageError as error:
                FAULTS.warning("The outbox's bell is lost: %s", error)
            except Exception:  # noqa: BLE001 - logged; or nobody would be woken until a restart
                FAULTS.exception("The outbox's bell is lost.")
            self._closed.wait(_AGAIN_S)

    def _listen(self) -> None:
        with outbox_bell(self._engine, self._mirror) as bell:
            # What came before there was a bell was told by nobody.
            came = True
            while not self._closed.is_set():
                if came:
                    self._call()
                came = bell.wait(_LOOK_UP_S)

    def _call(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:
            # The loop is closed: nobody is left who listens.
            self._closed.set()
