"""Owns noticing that a part of the house has ended, and saying so in its own sentence.

Refuses to mend or to restart: what has ended by itself ends the demo.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

from marketplace.domain.errors import (
    ChainUnavailable,
    MirrorInconsistent,
    SeatmarketError,
    typed_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@typed_error
class PartEnded(MirrorInconsistent):
    """A part has ended by itself, and a retry does not help."""

    code = "part_ended"

    part: str
    said: str

    def _sentence(self) -> str:
        return f"The {self.part} has ended: {self.said}"


@typed_error
class PartUnavailable(ChainUnavailable):
    """A part has ended by itself, and trying again may help."""

    code = "part_unavailable"

    part: str
    said: str

    def _sentence(self) -> str:
        return f"The {self.part} has ended: {self.said}"


class Watch:
    """Is told how parts end; the first one counts."""

    def __init__(self) -> None:
        self._ended = Event()
        self._cause: BaseException | None = None
        self._part = ""

    def ended(self, part: str, cause: BaseException) -> None:
        """Note that a part has ended by itself."""
        if not self._ended.is_set():
            self._part, self._cause = part, cause
            self._ended.set()

    def require_whole(self) -> None:
        """Return while every part runs.

        Raises:
            PartEnded, PartUnavailable: with what the part said.
            BaseException: what is none of our errors is a defect, and raised as it is.
        """
        if self._cause is None:
            return
        if not isinstance(self._cause, SeatmarketError):
            raise self._cause
        kind = PartUnavailable if self._cause.retry_helps else PartEnded
        raise kind(self._part, str(self._cause)) from self._cause

    def wait(self, seconds: float) -> None:
        """Wait, or until a part has ended; raises as `require_whole`."""
        self._ended.wait(seconds)
        self.require_whole()


class Part:
    """Something that runs on a thread until it is told to stop.

    Args:
        name: As it is called in messages.
        run: Returns when it has been stopped, and only then.
        stop: Tells it to stop.
        watch: Is told when it ends by itself.
    """

    def __init__(
        self, name: str, run: Callable[[], object], stop: Callable[[], object], watch: Watch
    ) -> None:
        self._name = name
        self._run = run
        self._stop = stop
        self._watch = watch
        self._thread = Thread(target=self._watched, name=name, daemon=True)

    def start(self) -> None:
        """Let it run."""
        self._thread.start()

    def end(self, seconds: float) -> None:
        """Tell it to stop and wait at most so long."""
        self._stop()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _watched(self) -> None:
        try:
            self._run()
        except BaseException as cause:  # noqa: BLE001 - handed over to the thread that waits
            self._watch.ended(self._name, cause)
