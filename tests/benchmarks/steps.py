"""`python -m tests.benchmarks.steps`: where the time of a history goes, step by step.

Owns the stop-watch, the rounds and the last line, one JSON object for programs. The history of
`indexer` is read by our passes in one thread, nothing ahead, so that every microsecond falls into
one step; the process's own time is told beside the clock's, and what lies between them is waiting:
for the node, for the disk, on PostgreSQL for the server. Figures are medians of the rounds, for one
event. Refuses to judge, and to be compared with `indexer`, where a second thread reads ahead.

    gathered   ask, read the JSON, the logs and the headers, check them
    moved      decode, and move the checkpoint
    ledgered   read the last states, fold, insert blocks and events
    folded     insert the states
    told       forget blocks without events
    committed  the commit
    rest       the view of the chain, deciding, and what lies between two passes

EVENTS and ROUNDS in the environment make it smaller.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from indexer.process import collecting_rarely
from indexer.sync.backfilling import Limits
from indexer.sync.steps import Step
from scripts.toolchain.command import run, say
from tests.benchmarks.history import written
from tests.benchmarks.indexer import EVENTS, ROUNDS
from tests.benchmarks.mirrors import Counting, opened, read_history
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.benchmarks.history import History
    from tests.databases import Databases

TIMED: Final = (
    Step.GATHERED,
    Step.MOVED,
    Step.LEDGERED,
    Step.FOLDED,
    Step.TOLD,
    Step.COMMITTED,
)
"""The steps that are told by name; what is spent on the way to any other is the rest."""

REST: Final = "rest"
NAMES: Final = (*(step.value for step in TIMED), REST)


@dataclass
class Watch(Counting):
    """Takes the time from each step to the next, by the clock and by the processor."""

    clock_s: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    cpu_s: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _since: tuple[float, float] = field(
        default_factory=lambda: (time.perf_counter(), time.process_time())
    )

    def reached(self, step: Step) -> None:
        """Note what was spent since the last step."""
        now = time.perf_counter(), time.process_time()
        name = step.value if step in TIMED else REST
        self.clock_s[name] += now[0] - self._since[0]
        self.cpu_s[name] += now[1] - self._since[1]
        self._since = now


def main() -> int:
    """Measure and end with the JSON line; 1 when something does not run at all."""
    return run(_report)


def _report() -> int:
    events = int(os.environ.get("EVENTS") or EVENTS)
    rounds = int(os.environ.get("ROUNDS") or ROUNDS)
    found: dict[str, list[Watch]] = {}
    with ExitStack() as closing:
        history = closing.enter_context(written(events))
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        postgres = PostgresDatabases(closing.enter_context(running_postgres(in_memory=False)))
        closing.callback(postgres.close)
        databases: dict[str, Databases] = {
            "sqlite": SqliteDatabases(folder),
            "postgres": postgres,
        }
        closing.enter_context(collecting_rarely())
        for number in range(1, rounds + 1):
            for kind, watch in _round(history, databases):
                found.setdefault(kind, []).append(watch)
                say(f"round {number} {kind:<9} {_line(watch)}")
    say("")
    say(json.dumps({"events": history.events, **{kind: told(of) for kind, of in found.items()}}))
    return 0


def told(watches: list[Watch]) -> dict[str, dict[str, float]]:
    """Microseconds of each step for one event, in the middle: by the clock, and of the process."""
    return {
        name: {
            "clock_us": round(median(one.clock_s[name] / one.events for one in watches) * 1e6, 1),
            "cpu_us": round(median(one.cpu_s[name] / one.events for one in watches) * 1e6, 1),
        }
        for name in NAMES
    }


def _round(history: History, databases: Mapping[str, Databases]) -> Iterator[tuple[str, Watch]]:
    for kind, store in databases.items():
        url = store.create(migrated=True)
        limits = Limits(prefetch=False)
        address = url.render_as_string(hide_password=False)
        watch = Watch()
        with opened(
            address, history.url, history.contract, history.start_block, limits, counting=watch
        ) as (shell, _):
            read_history(shell, watch, history.last)
        store.drop(url)
        yield kind, watch


def _line(watch: Watch) -> str:
    parts = (f"{name} {watch.clock_s[name] / watch.events * 1e6:.1f}" for name in NAMES)
    return f"{watch.events:,} events, us each: {', '.join(parts)}"


if __name__ == "__main__":
    sys.exit(main())
