"""What a mirror may be given, or given again, in the middle of its life.

Owns when the registry of delegations is named, and a watcher of rebuilds that may die. Refuses to
take a contract away: a mirror that was given one is always given it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.identity import Contract, Kind
from tests.integration.indexer.delegating import REGISTRY
from tests.integration.indexer.simulating import Crash

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from tests.simulation.faults import Faults
    from tests.simulation.judging import Judge

_GIVEN = 0.25
"""The chance at each start that it is given, where it comes later."""


class Registry:
    """A second contract, in every second life: from the first block on, or given at some start."""

    def __init__(self, dice: Random, faults: Faults) -> None:
        self._dice, self._faults = dice, faults
        self._when = dice.choice(["never", "never", "first", "later"])
        self._contract = Contract(Kind.DELEGATIONS, REGISTRY, dice.choice([1, 2, 9]))
        self.added: tuple[Contract, ...] = ()
        if self._when == "first":
            self.added = (self._contract,)
            faults.came("registry_first")

    @property
    def is_there(self) -> bool:
        """Whether the chain has one."""
        return self._when != "never"

    def given(self, judge: Judge) -> tuple[Contract, ...]:
        """What a process that starts is given."""
        is_late = self._when == "later" and not self.added
        if is_late and judge.judged and self._dice.random() < _GIVEN:
            self.give(judge)
        return self.added

    def give(self, judge: Judge) -> None:
        """Name it from now on."""
        if not self.added:
            self.added = (self._contract,)
            judge.fills_in()
            self._faults.came("registry_later")


class Builds:
    """Watches a rebuild, and dies after so many pieces."""

    def __init__(self, dies_after: int = -1) -> None:
        self._left = dies_after

    def rebuilt(self, folds: Collection[str], events: int, *, done: int, of: int) -> None:
        assert folds
        assert events >= 0
        self._left -= 1
        if not self._left and done < of:
            raise Crash
