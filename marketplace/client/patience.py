"""How long a caller waits: for the API's copy of the chain, and for an answer that was lost.

Owns the bounds. Refuses to wait for anything that is a no.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from marketplace.client.errors import AnswerLost, ApiRefused, ApiUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")

_BEHIND: Final = "mirror_behind"
_UNDER_WAY: Final = "idempotency_key_in_use"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, and how often to look.

    Attributes:
        seconds: Longest wait in all.
        interval: Seconds between two looks; the API's own advice counts where it is shorter.
        pause: Waits so many seconds; a test passes its own.
        now: A clock in seconds that never goes back.
    """

    seconds: float = 15.0
    interval: float = 0.25
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic


def until_mirrored(ask: Callable[[], _T], patience: Patience) -> _T:
    """Ask until the API has mirrored what was asked for, or patience ends.

    Raises ApiUnavailable as the API last said it, and whatever else `ask` raises.
    """
    deadline = patience.now() + patience.seconds
    while True:
        try:
            return ask()
        except ApiUnavailable as error:
            behind = error.problem is not None and error.problem.code == _BEHIND
            if not behind or patience.now() >= deadline:
                raise
        patience.pause(patience.interval)


def until_answered(send: Callable[[], _T], patience: Patience) -> _T:
    """Send something with its key until the API has said what became of it, or patience ends.

    Only an answer that was lost is asked for again: before that, an API that is away or refuses
    has done nothing, and whoever asks is told at once.

    Raises AnswerLost as it was lost first, and whatever else `send` raises.
    """
    try:
        return send()
    except AnswerLost as error:
        lost = error
    deadline = patience.now() + patience.seconds
    while patience.now() < deadline:
        patience.pause(patience.interval)
        try:
            return send()
        except ApiUnavailable:
            continue
        except ApiRefused as refused:
            if refused.problem.code != _UNDER_WAY:
                raise
    raise lost
