"""Who may wait for the node, and whose contract is asked.

Owns the places of one process: of those who wait for what somebody else's contract says, and of all
others who wait for the node. They are apart: anybody may fill the others', and what a wallet has
accepted must be asked again all the same. Of one account's contract one thing is asked at a time:
it can make each answer take as long as there is gas and time, and would hold the places of all
others. The question to which it came to no answer is not asked again for some seconds; other
questions are, as whoever shows something to a wallet, or was its owner once, must not speak for it.
For the same reason what the wallet has accepted, for its own sessions and keys, is asked beside
what anybody may show to it. Refuses to remember a yes or a no, and whatever was the node's fault.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, Condition
from typing import TYPE_CHECKING, Final

from marketplace.domain.errors import ChainUnavailable, typed_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from marketplace.domain.addresses import ChecksumAddress

MAX_AT_ONCE: Final = 12
"""Requests that may wait for the node at once, strangers' contracts apart. A node that hangs holds
each for seconds: it must not hold the threads that answer from the mirror."""

MAX_STRANGERS_AT_ONCE: Final = 4
"""Beside them, who may wait for what somebody else's contract says: it can make each wait long."""

MAX_SHOWN_AT_ONCE: Final = MAX_STRANGERS_AT_ONCE - 1
"""Of these, with what anybody may show to it; the rest is for what a wallet has accepted."""

MAX_BEHIND_ONE: Final = 3
"""Requests of one account's sessions and keys that wait behind another: a page sends several."""

MAX_BEHIND: Final = 8
"""Of all accounts. Each holds a thread and no place."""

MAX_SHARING: Final = 8
"""Beside them, of all accounts, who wait while the very same is asked: its answer is theirs too."""

SILENCE_S: Final = 10.0
"""Seconds for which a question without an answer is not asked again."""

MAX_SILENT: Final = 10_000
"""Such questions that a process remembers; the oldest goes first."""


@typed_error
class NodeBusy(ChainUnavailable):
    """As many requests as may wait for the node, or for one contract, already do."""

    code = "node_busy"

    waiting: int

    def _sentence(self) -> str:
        return f"{self.waiting} requests wait for the node already: try again."


@typed_error
class StrangerSilent(ChainUnavailable):
    """A contract came to no answer a moment ago, and is not asked the same yet."""

    code = "stranger_silent"

    account: ChecksumAddress

    def _sentence(self) -> str:
        return f"The contract at {self.account} came to no answer a moment ago: try again."


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an account's contract.

    Attributes:
        account: Whose contract.
        name: Of the question; the same one has the same.
        accepted: Whether the contract has said yes to it before; else anybody may have made it up.
    """

    account: ChecksumAddress
    name: bytes
    accepted: bool

    @property
    def turn(self) -> tuple[ChecksumAddress, bool]:
        """What is asked one after the other."""
        return self.account, self.accepted


class NodeTurns:
    """The places of one process at its node. Used by any thread.

    Args:
        timeout_s: For how long a turn is waited for, in seconds.
        passed: Seconds from any moment on.
    """

    def __init__(self, timeout_s: float, passed: Callable[[], float]) -> None:
        self._timeout_s = timeout_s
        self._passed = passed
        self._places = BoundedSemaphore(MAX_AT_ONCE)
        self._changed = Condition()
        self._under_way: dict[tuple[ChecksumAddress, bool], bytes] = {}
        self._sharing = 0
        self._behind: Counter[ChecksumAddress] = Counter()
        self._silent: dict[Asked, float] = {}

    @contextmanager
    def any(self) -> Iterator[None]:
        """Hold one of the places of those who wait for no stranger's contract. Raises NodeBusy."""
        if not self._places.acquire(blocking=False):
            raise NodeBusy(MAX_AT_ONCE)
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def of_stranger(self, asked: Asked) -> Iterator[None]:
        """Hold one of the few places of those who wait for a stranger's contract.

        What the contract has accepted waits behind another such question, and may have been
        answered when its turn comes; what somebody shows to it while it is being shown something
        is refused at once.

        Raises:
            NodeBusy: there is no place, or too many wait for this contract.
            StrangerSilent: it came to no answer to this a moment ago.
        """
        with self._changed:
            self._require_spoken(asked)
            if asked.turn in self._under_way:
                self._wait(asked)
            self._require_place(asked)
            self._under_way[asked.turn] = asked.name
        try:
            yield
        finally:
            with self._changed:
                del self._under_way[asked.turn]
                self._changed.notify_all()

    def note_silence(self, asked: Asked) -> None:
        """Remember that a contract came to no answer, while the node answered something else."""
        with self._changed:
            # Anew, so that what is first is oldest.
            self._silent.pop(asked, None)
            self._silent[asked] = self._passed()
            if len(self._silent) > MAX_SILENT:
                del self._silent[next(iter(self._silent))]

    def _require_spoken(self, asked: Asked) -> None:
        since = self._silent.get(asked)
        if since is None:
            return
        if self._passed() - since < SILENCE_S:
            raise StrangerSilent(asked.account)
        del self._silent[asked]

    def _require_place(self, asked: Asked) -> None:
        if len(self._under_way) >= MAX_STRANGERS_AT_ONCE:
            raise NodeBusy(MAX_STRANGERS_AT_ONCE)
        if asked.accepted:
            return
        if sum(not accepted for _, accepted in self._under_way) >= MAX_SHOWN_AT_ONCE:
            raise NodeBusy(MAX_SHOWN_AT_ONCE)

    def _wait(self, asked: Asked) -> None:
        waiting = 1 + self._behind[asked.account]
        with self._counted(asked):
            free = self._changed.wait_for(
                lambda: asked.turn not in self._under_way, timeout=self._timeout_s
            )
        if not free:
            raise NodeBusy(waiting)
        self._require_spoken(asked)

    @contextmanager
    def _counted(self, asked: Asked) -> Iterator[None]:
        """Count one who waits for a turn. Raises NodeBusy."""
        account, same = asked.account, self._under_way[asked.turn] == asked.name
        if asked.accepted and same and self._sharing < MAX_SHARING:
            self._sharing += 1
            try:
                yield
            finally:
                self._sharing -= 1
            return
        behind_one = self._behind[account]
        full = behind_one >= MAX_BEHIND_ONE or self._behind.total() >= MAX_BEHIND
        if full or not asked.accepted:
            raise NodeBusy(1 + behind_one)
        self._behind[account] += 1
        try:
            yield
        finally:
            self._behind[account] -= 1
            # Accounts that nobody waits for are forgotten.
            self._behind = +self._behind
