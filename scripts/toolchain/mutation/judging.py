"""One group of mutants from its build to a verdict about each.

Owns what counts: a mutant that does not compile does not, one that hangs is killed. Refuses a group
whose tests fail with every switch off: its verdicts would mean nothing.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.mutation.schemata import SWITCH, SWITCH_FILE, replaced, switched
from scripts.toolchain.mutation.selections import EVERYTHING, HISTORIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scripts.toolchain.mutation.builds import Build, Forge
    from scripts.toolchain.mutation.mutant import Mutant
    from scripts.toolchain.mutation.selections import Order

_BUILD_TIMEOUT: Final = 1800.0
_LEAST_TIMEOUT: Final = 60.0
_PATIENCE: Final = 5
"""A run that takes so many times as long as without a mutant hangs."""


class Outcome(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    UNCOMPILED = "does not compile"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one mutant and who killed it."""

    mutant: Mutant
    outcome: Outcome
    by: str = ""


class Bench:
    """One worker: forge in a copy of the project, and the tests that it asks."""

    def __init__(self, forge: Forge, sources: Mapping[str, str], order: Order) -> None:
        self._forge = forge
        self._sources = sources
        self._order = order
        self._patience = _LEAST_TIMEOUT

    def judge(self, mutants: Sequence[Mutant], tell: Callable[[Verdict], None]) -> None:
        """Build `mutants` together and tell the verdict about each as it falls."""
        left, alone = self._build(list(mutants), tell)
        if left:
            self._require_sound()
        for mutant in left:
            tell(self._ask(mutant, mutant.number))
        for mutant in alone:
            self.judge_alone(mutant, tell)

    def judge_alone(self, mutant: Mutant, tell: Callable[[Verdict], None]) -> None:
        """Build one mutant without a switch and tell the verdict."""
        fault = {mutant.source: replaced(self._sources[mutant.source], mutant)}
        self._forge.write({**self._sources, **fault})
        if self._forge.build(_BUILD_TIMEOUT).compiled:
            tell(self._ask(mutant, 0))
        else:
            tell(Verdict(mutant, Outcome.UNCOMPILED))

    def _build(
        self, mutants: list[Mutant], tell: Callable[[Verdict], None]
    ) -> tuple[list[Mutant], list[Mutant]]:
        """Build what compiles together; also returns what has to be built alone."""
        alone: list[Mutant] = []
        while mutants:
            owners = self._write_switched(mutants)
            answer = self._forge.build(_BUILD_TIMEOUT)
            if answer.compiled:
                break
            refused, unsure = _blamed(answer, owners)
            if not refused and not unsure:
                half = len(mutants) // 2
                if half == 0:
                    return [], [*alone, *mutants]
                # One of the halves is too deep for the compiler's stack: each for itself.
                self.judge(mutants[:half], tell)
                mutants = mutants[half:]
                continue
            for mutant in mutants:
                if mutant.number in refused:
                    tell(Verdict(mutant, Outcome.UNCOMPILED))
            alone += [mutant for mutant in mutants if mutant.number in unsure - refused]
            mutants = [mutant for mutant in mutants if mutant.number not in refused | unsure]
        return mutants, alone

    def _require_sound(self) -> None:
        started = time.monotonic()
        for selection in (EVERYTHING, HISTORIES):
            run = self._forge.test(selection, 0, _BUILD_TIMEOUT)
            if not run.passed:
                raise ToolFailedError("the suite", f"{run.failed_in} fails without any mutant")
        self._patience = max(_LEAST_TIMEOUT, _PATIENCE * (time.monotonic() - started))

    def _ask(self, mutant: Mutant, switch: int) -> Verdict:
        for selection in self._order.selections(mutant.source):
            run = self._forge.test(selection, switch, self._patience)
            if not run.passed:
                self._order.note(mutant.source, run.failed_in)
                return Verdict(mutant, Outcome.KILLED, run.failed_in)
        return Verdict(mutant, Outcome.SURVIVED)

    def _write_switched(self, mutants: Sequence[Mutant]) -> dict[str, dict[int, frozenset[int]]]:
        by_source: dict[str, list[Mutant]] = defaultdict(list)
        for mutant in mutants:
            by_source[mutant.source].append(mutant)
        texts: dict[str, str] = {SWITCH_FILE: SWITCH}
        owners: dict[str, dict[int, frozenset[int]]] = {}
        for source, some in by_source.items():
            result = switched(source, self._sources[source], some)
            texts[source], owners[source] = result.text, result.owners
        self._forge.write({**self._sources, **texts})
        return owners


def _blamed(
    answer: Build, owners: Mapping[str, Mapping[int, frozenset[int]]]
) -> tuple[set[int], set[int]]:
    """The mutants that the compiler refuses, and those of which one is."""
    refused: set[int] = set()
    unsure: set[int] = set()
    for path, line in answer.places:
        numbers = owners.get(path, {}).get(line, frozenset())
        (refused if len(numbers) == 1 else unsure).update(numbers)
    return refused, unsure
