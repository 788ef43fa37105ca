"""Where random choices come from: a seed, so that a step can be taken again.

Owns the few kinds of choice that guesses are made of. Refuses to know what is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_T = TypeVar("_T")


class Chooser(Protocol):
    """Picks one of several; what stands first is the simplest."""

    def pick(self, options: Sequence[_T]) -> _T: ...


class Seeded:
    """Chooses the same every time."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def pick(self, options: Sequence[_T]) -> _T:
        return self._random.choice(options)


def chance(choose: Chooser, percent: int) -> bool:
    """True so often; the simplest is False."""
    return choose.pick(range(100)) >= 100 - percent


def mostly(choose: Chooser, usual: _T, others: Sequence[_T], percent: int = 15) -> _T:
    """The usual one, and now and then another."""
    return choose.pick(others) if others and chance(choose, percent) else usual
