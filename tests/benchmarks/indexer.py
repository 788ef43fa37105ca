"""`python -m tests.benchmarks.indexer`: how fast history is read, and how soon news are seen.

Owns the rounds, the goals and the last line, one JSON object for programs. At least 100,000 of our
own events over 2,000 blocks, real transactions of the real contract on anvil (`history`), are read
by our indexer into SQLite and PostgreSQL, with all indexes there from the beginning (live) and with
those of readers built at the end (bulk), beside web3.py's EventScanner and a bare loop (`sides`),
interleaved. Figures are medians of the rounds. Refuses to judge: the figures are this machine's,
with all that runs on it, and only their ratios mean something elsewhere.

`EVENTS` and `ROUNDS` in the environment make it smaller.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from scripts.toolchain.command import run, say
from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.project import REPOSITORY
from tests.benchmarks.history import written
from tests.benchmarks.reactions import measured
from tests.benchmarks.sides import Figures, Task
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.benchmarks.history import History
    from tests.benchmarks.reactions import Reactions
    from tests.databases import Databases

EVENTS: Final = 100_000
ROUNDS: Final = 5
HEADS: Final = 100
"""New blocks that a mirror at the head follows."""

_SCANNED: Final = 5
"""The scanner reads one part in so many of the history: its rate is the same all along."""

GOALS: Final[Mapping[str, float]] = {
    "sqlite_live": 35_000,
    "postgres_live": 30_000,
    "ratio_live": 15,
    "sqlite_bulk": 50_000,
    "postgres_bulk": 50_000,
    "ratio_bulk": 22,
    "floor_share": 0.6,
}
"""The least that is aimed at."""

MOST: Final[Mapping[str, float]] = {"head_p50_ms": 5, "head_p99_ms": 50, "rollback_64_ms": 150}
"""The most that is aimed at."""


@dataclass
class Found:
    """What the rounds came to: figures by side, reactions by database."""

    events: int
    sides: dict[str, list[Figures]] = field(default_factory=dict)
    reactions: dict[str, Reactions] = field(default_factory=dict)

    def rate(self, side: str) -> float:
        """Events in a second, in the middle."""
        return median(one.rate for one in self.sides[side])

    def cpu_us(self, side: str) -> float:
        """Processor time for an event, in the middle."""
        return median(one.cpu_us for one in self.sides[side])

    def told(self) -> dict[str, float]:
        """Every figure of the last line; of two databases the worse."""
        live = min(self.rate("sqlite_live"), self.rate("postgres_live"))
        bulk = min(self.rate("sqlite_bulk"), self.rate("postgres_bulk"))
        scanner = self.rate("eventscanner")
        both = self.reactions.values()
        return {
            "events": self.events,
            **{name: round(self.rate(name)) for name in OURS},
            "eventscanner": round(scanner),
            "ratio_live": round(live / scanner, 1),
            "ratio_bulk": round(bulk / scanner, 1),
            "floor_share": round(self.rate("sqlite_live") / self.rate("floor"), 2),
            **{f"cpu_us_{name}": round(self.cpu_us(name), 1) for name in self.sides},
            "cpu_ratio_live": round(self.cpu_us("eventscanner") / self.cpu_us("sqlite_live"), 1),
            "cpu_floor_share": round(self.cpu_us("floor") / self.cpu_us("sqlite_live"), 2),
            "head_p50_ms": round(max(percentile(one.head_ms, 50) for one in both), 1),
            "head_p99_ms": round(max(percentile(one.head_ms, 99) for one in both), 1),
            "rollback_64_ms": round(max(median(one.rollback_ms) for one in both), 1),
            "owner_lookup_us": round(max(one.lookup_us for one in both)),
            "rss_mb": round(max(one.rss_mb for name in OURS for one in self.sides[name])),
        }


OURS: Final = ("sqlite_live", "postgres_live", "sqlite_bulk", "postgres_bulk")


def percentile(values: Sequence[float], share: int) -> float:
    """The least value that at least `share` percent of all values do not exceed."""
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]


def missed(told: Mapping[str, float]) -> Iterator[str]:
    """One sentence for each goal that was not reached."""
    for name, least in GOALS.items():
        if told[name] < least:
            yield f"{name} is {told[name]:,}, aimed at {least:,} or more."
    for name, most in MOST.items():
        if told[name] > most:
            yield f"{name} is {told[name]:,}, aimed at {most:,} or less."


def main() -> int:
    """Measure and end with the JSON line; 1 when something does not run at all."""
    return run(_report)


def _report() -> int:
    events = int(os.environ.get("EVENTS") or EVENTS)
    rounds = int(os.environ.get("ROUNDS") or ROUNDS)
    with ExitStack() as closing:
        history = closing.enter_context(written(events))
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        postgres = PostgresDatabases(closing.enter_context(running_postgres(in_memory=False)))
        closing.callback(postgres.close)
        databases: dict[str, Databases] = {
            "sqlite": SqliteDatabases(folder),
            "postgres": postgres,
        }
        say(f"{history.events:,} events in blocks {history.start_block} to {history.last}")
        found = Found(history.events)
        for number in range(1, rounds + 1):
            for side, figures in _round(history, databases):
                found.sides.setdefault(side, []).append(figures)
                say(
                    f"round {number} {side:<14} {figures.events:>8,} events "
                    f"{figures.seconds:7.2f} s {figures.rate:>9,.0f}/s "
                    f"{figures.cpu_us:6.1f} us each {figures.rss_mb:5.0f} MB"
                )
        for name, kind in databases.items():
            url = kind.create(migrated=True)
            told = url.render_as_string(hide_password=False)
            found.reactions[name] = one = measured(history, told, HEADS, rounds)
            say(
                f"{name}: head p50 {percentile(one.head_ms, 50):.1f} ms, rollback of "
                f"{one.undone:,} events {median(one.rollback_ms):.0f} ms, owner of a seat "
                f"{one.lookup_us:.0f} us"
            )
            kind.drop(url)
    told_line = found.told()
    for sentence in missed(told_line):
        say(sentence)
    say("")
    say(json.dumps(told_line))
    return 0


def _round(history: History, databases: Mapping[str, Databases]) -> Iterator[tuple[str, Figures]]:
    """Each side once, one after the other."""
    part = history.start_block + (history.last - history.start_block) // _SCANNED
    yield "floor", _read("floor", history, databases["sqlite"], history.last)
    for late, name in ((False, "live"), (True, "bulk")):
        for kind, store in databases.items():
            yield f"{kind}_{name}", _read("mirror", history, store, history.last, late=late)
    yield "eventscanner", _read("scanner", history, databases["sqlite"], part)


def _read(
    side: str, history: History, databases: Databases, last: int, *, late: bool = False
) -> Figures:
    """Run one side in a process and a database of its own."""
    url = databases.create(migrated=side != "scanner")
    task = Task(
        url=history.url,
        contract=history.contract,
        first=history.start_block,
        last=last,
        database=url.render_as_string(hide_password=False),
        late=late,
    )
    ended = subprocess.run(  # noqa: S603 - this Python, our own module
        [sys.executable, "-m", "tests.benchmarks.sides", side],
        input=json.dumps(asdict(task)),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY.root)},
    )
    databases.drop(url)
    if ended.returncode:
        raise ToolFailedError(side, ended.stderr[-2_000:])
    figures = Figures(**json.loads(ended.stdout))
    if side != "scanner" and figures.events != history.events:
        raise ToolFailedError(side, f"It read {figures.events} of {history.events} events.")
    return figures


if __name__ == "__main__":
    sys.exit(main())
