"""Leading one mirror: waiting for the lead, keeping it, and letting go of it.

Owns how long silence is borne and how often life is shown. Several indexers may run over one
mirror; one of them leads and the others stand by. Refuses to keep a second writer out: the fence in
the checkpoint does that, whatever a lock or a lease says. Refuses wall clocks.
"""

from __future__ import annotations

import os
import platform
import re
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from indexer.store.leases import Lease
from indexer.store.locks import SessionLock, name_of
from indexer.waking import Term
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from indexer.identity import MirrorId
    from indexer.store.claims import Claim, Sign
    from indexer.waking import Stopper

_BEATS: Final = 4
"""Signs of life in the time after which silence counts as death."""

_LOOKS: Final = 12
"""Looks at a leader in that time."""

_ENDED_S: Final = 10.0


class LeadWatcher(Protocol):
    """Is told of what becomes of the lead; from another thread than the loop's."""

    def write(self, event: str, **fields: str | float | bool) -> None:
        """Tell of it."""


def life_name(mirror: MirrorId) -> str:
    """A name for this life of this process, and no other: host and process id, then its own."""
    host = re.sub(r"[^A-Za-z0-9.-]", "-", platform.node()) or "host"
    return name_of(mirror, host, os.getpid())


def claim_of(engine: Engine, mirror: MirrorId, holder: str) -> Claim:
    """The claim to a mirror; `holder` names this life of this process."""
    if engine.dialect.name == "postgresql":
        return SessionLock(engine, mirror, holder)
    return Lease(engine, mirror, holder)


@dataclass(slots=True)
class Silence:
    """For how long a leader has given no sign.

    A gap between two looks counts for no more than `gap_s`: while this process slept, or nobody
    could reach the database, the leader may have slept or found no way to it either.
    """

    gap_s: float
    sign: Sign | None = None
    is_broken: bool = False
    """Whether another sign came than the first."""
    seconds: float = 0.0
    looked_at: float = 0.0

    def after(self, sign: Sign, now: float) -> float:
        """Note a look at a moment of a monotonic clock; gives the seconds of silence."""
        if sign != self.sign:
            self.is_broken = self.sign is not None
            self.sign, self.seconds = sign, 0.0
        else:
            self.seconds += max(0.0, min(now - self.looked_at, self.gap_s))
        self.looked_at = now
        return self.seconds


class Lead:
    """The lead of one mirror, as this process wants or has it.

    Args:
        claim: Who has it, in the database.
        lease_s: Seconds of silence after which a leader is taken for dead.
        watcher: Is told.
        clock: Gives seconds, from any moment on, that nobody sets.
    """

    def __init__(
        self,
        claim: Claim,
        lease_s: float,
        watcher: LeadWatcher,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._claim = claim
        self.lease_s = lease_s
        self._watcher = watcher
        self._clock = clock
        self._silence = Silence(2 * lease_s / _LOOKS)

    @property
    def look_s(self) -> float:
        """Seconds between two looks at whoever leads."""
        return self.lease_s / _LOOKS

    def take(self) -> bool:
        """Take the lead if it is free, or if whoever had it was silent for too long.

        One look; who stands by looks every `look_s`. Raises StorageError.
        """
        expired = self._silence.sign if self._silence.seconds >= self.lease_s else None
        sign = self._claim.take(expired)
        if expired is not None and sign in {None, expired}:
            self._watcher.write("ousted", silent_s=round(self._silence.seconds, 1))
            self._silence = Silence(self._silence.gap_s)
        if sign is not None:
            self._silence.after(sign, self._clock())
        return sign is None

    def take_if_silent(self, stopper: Stopper) -> bool:
        """Take the lead unless whoever has it shows life; gives False then, or when stopped.

        A leader that is gone without having let go is waited for, as by one that stands by.
        """
        while not stopper.is_stopped():
            if self.take():
                return True
            if self._silence.is_broken:
                break
            stopper.wait(self.look_s)
        self._let_go()
        return False

    def seize(self, stopper: Stopper) -> bool:
        """Take the lead from whoever has it; gives False when stopped before that."""
        sign = self._claim.take()
        while sign is not None and not stopper.is_stopped():
            sign = self._claim.take(sign)
            if sign is not None:
                stopper.wait(self.look_s / 10)
        return sign is None

    @contextmanager
    def kept(self, stopper: Stopper) -> Iterator[Term]:
        """Keep the lead for the length of the block, by signs of life from another thread."""
        term, ended = Term(stopper), Event()
        keeper = Thread(target=self._keep, args=(term, ended), name="lead", daemon=True)
        keeper.start()
        try:
            yield term
        finally:
            ended.set()
            keeper.join(_ENDED_S)
            self._let_go()

    def _keep(self, term: Term, ended: Event) -> None:
        try:
            self._beat(ended)
        finally:
            # Whatever else ended it: who shows no life must not go on as if it did.
            if not ended.is_set():
                term.lose()

    def _beat(self, ended: Event) -> None:
        doubtful = False
        while not ended.wait(self.lease_s / _BEATS):
            try:
                kept = self._claim.keep()
            except StorageError as error:
                # Others may take over meanwhile; then the fence stops this one.
                if not doubtful:
                    self._watcher.write("lead_in_doubt", code=error.code, said=str(error))
                doubtful = True
                continue
            doubtful = False
            if not kept:
                self._watcher.write("lead_lost")
                return

    def _let_go(self) -> None:
        try:
            self._claim.release()
        except StorageError as error:
            self._watcher.write("lead_in_doubt", code=error.code, said=str(error))
