"""`python -m tests.benchmarks.load`: many clients at the gate while seats are sold and blocks go.

Owns what happens when, and the last line, one JSON object for programs. For SECONDS the clients
(`crowd`, a process of its own) ask the API's WORKERS processes, all CLIENTS together RATE times a
second, while this process has a seat sold or the chain reorganised ACTS times a second (`turmoil`);
in the middle the leading indexer is killed and the other has to take over. Then every answer is
held against the truth of the very block that it names (`verdicts`, `truths`).

SEED chooses what is asked and what happens. Exit code 1 when an answer was wrong, or older than it
says. Refuses to judge anything else: times are this machine's, with all that runs on it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, Final, Self

from scripts.toolchain.command import run, say
from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.project import REPOSITORY
from tests.benchmarks.asking import percentile
from tests.benchmarks.crowd import PATIENCE_S, Task, answers_in
from tests.benchmarks.premises import ALLOWED_LAG_S, EIGHT, running_premises
from tests.benchmarks.turmoil import OPEN_S, QUESTIONS
from tests.benchmarks.verdicts import Court, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.premises import Premises
    from tests.benchmarks.verdicts import Answer, Counts

REORG: Final = 4
"""One act of so many is a reorganisation; the others are sales."""

_WARM_S: Final = 20.0
"""After so long, or a fourth of the whole, the API's processes have what they need."""

_OVER_S: Final = 60.0
"""For so long the clients may still wait for answers when it is over."""

_TOLD: Final = ("wrong", "late", "errors")
_NEVER: Final = threading.Event()


@dataclass(frozen=True, slots=True)
class Wished:
    """How much of it.

    Attributes:
        clients: At least `EIGHT`.
        seconds: For how long they ask.
        rate: Requests in a second, of all clients together.
        acts: Sales and reorganisations in a second, at most about.
        workers: Processes of the API.
        seed: Of the dice.
    """

    clients: int = 200
    seconds: float = 120
    rate: float = 100
    acts: float = 1.5
    workers: int = 2
    seed: int = 1

    @classmethod
    def by_environment(cls) -> Self:
        """As the variables say that are set. Raises ToolFailedError."""

        def given(name: str, default: float) -> float:
            return float(os.environ.get(name) or default)

        usual = cls()
        try:
            wished = cls(
                clients=int(given("CLIENTS", usual.clients)),
                seconds=given("SECONDS", usual.seconds),
                rate=given("RATE", usual.rate),
                acts=given("ACTS", usual.acts),
                workers=int(given("WORKERS", usual.workers)),
                seed=int(given("SEED", usual.seed)),
            )
        except ValueError as error:
            raise ToolFailedError("the load", f"Its variables are numbers: {error}.") from error
        least = min(wished.clients / EIGHT, wished.workers)
        if least < 1 or not 0 < wished.seconds <= OPEN_S or min(wished.rate, wished.acts) <= 0:
            raise ToolFailedError(
                "the load",
                f"It takes {EIGHT} CLIENTS, a WORKER, some RATE and ACTS, and up to {OPEN_S} "
                "SECONDS.",
            )
        return wished


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of it.

    Attributes:
        answers: All of them, in the order in which they came.
        court: That judges them.
        killed_at: The Unix second at which the leader was killed.
        before: Hashes of the blocks that there were by then.
        grown_mb: By how much the API's processes have grown since they were warm.
        sales: As of the turmoil.
        reorgs: As of the turmoil.
    """

    answers: Sequence[Answer]
    court: Court
    killed_at: float
    before: frozenset[str]
    grown_mb: float
    sales: int
    reorgs: int

    def told(self, counts: Counts) -> dict[str, object]:
        """What the last line says of it."""
        p50_ms, p99_ms = (
            round(percentile(counts.decided_ms, share), 1) if counts.decided_ms else None
            for share in (50, 99)
        )
        after = [at for name, at in counts.first_at.items() if name not in self.before]
        return {
            "requests": counts.requests,
            "decisions": counts.decisions,
            **{name: counts.verdicts[name] for name in (*_TOLD, "refused")},
            "p50_ms": p50_ms,
            "p99_ms": p99_ms,
            "rss_growth_mb": round(self.grown_mb, 1),
            "sales": self.sales,
            "reorgs": self.reorgs,
            "takeover_ms": round((min(after) - self.killed_at) * 1_000) if after else None,
        }


@dataclass
class _Course:
    """What happens while the clients ask, each thing when its time has come."""

    premises: Premises
    wished: Wished
    dice: Random
    warm_mb: float | None = None
    killed_at: float | None = None
    before: frozenset[str] = frozenset()
    acts: int = 0

    def go_on(self, passed_s: float) -> None:
        seconds, turmoil = self.wished.seconds, self.premises.turmoil
        if self.warm_mb is None and passed_s > min(_WARM_S, seconds / 4):
            self.warm_mb = self.premises.resident_mb
        if self.killed_at is None and passed_s > seconds / 2:
            self.before = frozenset(turmoil.truths.blocks)
            self.killed_at = time.time()
            self.premises.leader.send(signal.SIGKILL)
        self.acts += 1
        if self.acts % REORG:
            turmoil.sell()
        else:
            turmoil.reorganise()
        _NEVER.wait(self.dice.uniform(0, 2 / self.wished.acts))

    def lived(self, answers: Sequence[Answer]) -> Lived:
        premises = self.premises
        if self.warm_mb is None or self.killed_at is None:
            raise ToolFailedError("the load", "It was over before everything had happened.")
        grown_mb = premises.resident_mb - self.warm_mb
        people = [None if one is None else one.address for one in premises.people]
        turmoil = premises.turmoil
        court = Court(turmoil.truths.blocks, QUESTIONS, people, ALLOWED_LAG_S)
        return Lived(
            answers, court, self.killed_at, self.before, grown_mb, turmoil.sales, turmoil.reorgs
        )


def main() -> int:
    """Measure and end with the JSON line; 1 when an answer was wrong, 2 when something fails."""
    return run(_report)


def _report() -> int:
    wished = Wished.by_environment()
    with running_premises(wished.clients, wished.workers, wished.seed) as premises:
        say(
            f"{wished.clients} clients ask {wished.rate:g} times a second at {wished.workers} "
            f"processes for {wished.seconds:g} s"
        )
        lived = live(premises, wished)
    counts = counted(lived.court, lived.answers)
    for verdict in _TOLD:
        for one in counts.shown.get(verdict, ()):
            say(f"{verdict}: {one}")
    say("")
    say(json.dumps({**asdict(wished), **lived.told(counts)}))
    return 1 if counts.verdicts["wrong"] or counts.verdicts["late"] else 0


def live(premises: Premises, wished: Wished, patience_s: float = PATIENCE_S) -> Lived:
    """Let everything happen, until all answers are there; each is waited for so long.

    Raises ToolFailedError.
    """
    answers = premises.folder / "answers"
    task = Task(
        urls=premises.urls,
        tokens=premises.tokens,
        questions=[one.members for one in QUESTIONS],
        seconds=wished.seconds,
        rate=wished.rate,
        seed=wished.seed,
        answers=str(answers),
        patience_s=patience_s,
    )
    course = _Course(premises, wished, Random(wished.seed))
    began = time.monotonic()
    with _crowd(task) as crowd:
        while crowd.poll() is None:
            passed_s = time.monotonic() - began
            if passed_s > wished.seconds + _OVER_S:
                raise ToolFailedError("the clients", "They do not come to an end.")
            course.go_on(passed_s)
        if crowd.returncode:
            raise ToolFailedError("the clients", f"They ended with {crowd.returncode}.")
    lived = course.lived(list(answers_in(answers)))
    # Otherwise it was not the other one that went on.
    premises.second.line("started")
    return lived


@contextmanager
def _crowd(task: Task) -> Iterator[subprocess.Popen[str]]:
    """The clients, who ask until they are done or the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.crowd"],
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY.root)},
    ) as crowd:
        try:
            assert crowd.stdin is not None
            crowd.stdin.write(json.dumps(asdict(task)))
            crowd.stdin.close()
            yield crowd
        finally:
            crowd.kill()


if __name__ == "__main__":
    sys.exit(main())
