"""A whole run: groups of mutants, the workers that judge them, and the report.

Owns what is shared by the workers. Its last line is one JSON object.
"""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from scripts.toolchain.command import say
from scripts.toolchain.copies import copy_of
from scripts.toolchain.mutation.builds import CopiedForge
from scripts.toolchain.mutation.judging import Bench, Outcome, Verdict
from scripts.toolchain.mutation.selections import Order
from scripts.toolchain.reasons import row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.toolchain.mutation.mutant import Mutant
    from scripts.toolchain.project import Project

_TOLD_EVERY: Final = 20


def grouped(mutants: Sequence[Mutant], size: int) -> list[list[Mutant]]:
    """Mutants that are built together; one that has no switch is a group of its own."""
    together = [mutant for mutant in mutants if mutant.fault.switchable]
    groups = [together[i : i + size] for i in range(0, len(together), size)]
    return groups + [[mutant] for mutant in mutants if not mutant.fault.switchable]


def summary(verdicts: Sequence[Verdict]) -> str:
    """The last line: how many were judged and killed, and which survived."""
    judged = [it for it in verdicts if it.outcome is not Outcome.UNCOMPILED]
    survivors = sorted(
        (it.mutant for it in judged if it.outcome is Outcome.SURVIVED),
        key=lambda mutant: mutant.number,
    )
    killed = len(judged) - len(survivors)
    return json.dumps(
        {
            "mutants": len(judged),
            "killed": killed,
            "killed_share": round(killed / len(judged), 4) if judged else 0.0,
            "survivors": [str(mutant) for mutant in survivors],
        }
    )


class Campaign:
    """The mutants of one run and the verdicts so far."""

    def __init__(
        self,
        project: Project,
        sources: Mapping[str, str],
        mutants: Sequence[Mutant],
        reasons: Mapping[int, str],
    ) -> None:
        self._project = project
        self._sources = sources
        self._mutants = mutants
        self._reasons = reasons
        self._order = Order()
        self._verdicts: list[Verdict] = []
        self._lock = threading.Lock()
        self._started = time.monotonic()

    def run(self, workers: int, group: int) -> None:
        """Judge all mutants, `group` of them in one build, and report."""
        queue: SimpleQueue[list[Mutant]] = SimpleQueue()
        for some in grouped(self._mutants, group):
            queue.put(some)
        with ThreadPoolExecutor(workers) as pool:
            for future in [pool.submit(self._work, number, queue) for number in range(workers)]:
                future.result()
        say(f"{len(self._verdicts)} mutants tried in {self._seconds()} s.")
        say(summary(self._verdicts))

    def _work(self, number: int, queue: SimpleQueue[list[Mutant]]) -> None:
        copy = copy_of(self._project, f"mutation/{number}")
        bench = Bench(CopiedForge(copy), self._sources, self._order)
        while True:
            try:
                some = queue.get_nowait()
            except Empty:
                return
            if some[0].fault.switchable:
                bench.judge(some, self._tell)
            else:
                bench.judge_alone(some[0], self._tell)

    def _tell(self, verdict: Verdict) -> None:
        with self._lock:
            self._verdicts.append(verdict)
            if verdict.outcome is Outcome.SURVIVED:
                self._tell_survivor(verdict.mutant)
            if len(self._verdicts) % _TOLD_EVERY == 0:
                say(f"{len(self._verdicts)} of {len(self._mutants)} after {self._seconds()} s")

    def _tell_survivor(self, mutant: Mutant) -> None:
        if mutant.number in self._reasons:
            say(f"survived, explained: {mutant}")
        else:
            say(f"survived, unexplained; for docs/mutation.md: {row(mutant, '…')}")

    def _seconds(self) -> int:
        return round(time.monotonic() - self._started)
