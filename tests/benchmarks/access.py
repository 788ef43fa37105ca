"""`python -m tests.benchmarks.access`: how fast the access check is, and how soon it revokes.

Owns the rounds, the goals and the last line, one JSON object for programs. An API of one worker, a
process of its own, is asked over HTTP by another process (`asking`) on four connections: the check,
over a mirror of SEATS seats and over one of ten times as many (`seated`), on SQLite and on
PostgreSQL; an empty route of the same application, `GET /health/live`; and anvil for a `balanceOf`,
as gates do that ask a node each time. The sides take turns, ROUNDS times; figures are medians of
the rounds. Requests at a fixed rate are counted from when each was due. How long a seller still
gets in after a sale is measured as `revocation` does.

SEATS, ROUNDS, SECONDS and SALES in the environment make it smaller. Refuses to judge: the figures
are this machine's, with all that runs on it, and only their ratios mean something elsewhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, TypedDict

from scripts.toolchain.command import run, say
from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.project import REPOSITORY
from tests.benchmarks.asking import Figures, Task, get, percentile, post
from tests.benchmarks.revocation import sellers_denied
from tests.benchmarks.rooms import opened
from tests.conformance.chains import ANVIL
from tests.conformance.chains import running as running_chain
from tests.integration.api.world import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.benchmarks.rooms import Room

SEATS: Final = 300_000
GROWN: Final = 10
"""How many times as many seats the larger mirror has."""

ROUNDS: Final = 7
SECONDS: Final = 1.5
"""For how long each side is asked in each round."""

RATE: Final = 500
"""Requests in a second, where their number is fixed."""

_WARM_S: Final = 1.0

SALES: Final = 30
"""Sales on each database after which the seller is asked about."""

KINDS: Final = ("sqlite", "postgres")

GOALS: Final[Mapping[str, float]] = {
    "sqlite p50_ms": 2,
    "postgres p50_ms": 3,
    "sqlite p99_ms": 10,
    "postgres p99_ms": 10,
    "sqlite ratio_10x_seats": 1.3,
    "postgres ratio_10x_seats": 1.3,
    "revoke_p99_ms": 1_000,
}
"""The most that is aimed at."""

LEAST: Final[Mapping[str, float]] = {"sqlite share": 0.5, "postgres share": 0.35}
"""The least that is aimed at."""


class Told(TypedDict):
    """What the last line says of one database.

    Attributes:
        p50_ms: Of a check, four connections asking as fast as they are answered.
        p99_ms: At a fixed rate, from when a request was due.
        rps: Checks in a second.
        share: Of the empty route's requests in a second.
        ratio_10x_seats: `p50_ms` over ten times as many seats, by `p50_ms`.
        cpu_us: Processor time of the API's process for one check.
        cpu_share: The empty route's by that.
    """

    p50_ms: float
    p99_ms: float
    rps: int
    share: float
    ratio_10x_seats: float
    cpu_us: int
    cpu_share: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One side in one round; `cpu_us` is of the process that was asked, for each request."""

    figures: Figures
    cpu_us: float


@dataclass
class Found:
    """What the rounds came to, by side: `empty`, `check`, `grown` and `fixed` of each database."""

    seats: int
    sides: dict[str, list[Asked]] = field(default_factory=dict)
    rpc: list[Figures] = field(default_factory=list)
    revoked_s: list[float] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """The last line."""
        return {
            "seats": self.seats,
            **{kind: self._of(kind) for kind in KINDS},
            "empty_rps": round(median(self._rps(f"{kind} empty") for kind in KINDS)),
            "rpc_p50_ms": round(median(one.p50_ms for one in self.rpc), 2),
            "revoke_p99_ms": round(percentile(self.revoked_s, 99) * 1_000),
        }

    def _of(self, kind: str) -> Told:
        p50_ms = self._middle(f"{kind} check", lambda one: one.figures.p50_ms)
        grown_ms = self._middle(f"{kind} grown", lambda one: one.figures.p50_ms)
        cpu_us = self._middle(f"{kind} check", lambda one: one.cpu_us)
        empty_us = self._middle(f"{kind} empty", lambda one: one.cpu_us)
        return Told(
            p50_ms=round(p50_ms, 2),
            p99_ms=round(self._middle(f"{kind} fixed", lambda one: one.figures.p99_ms), 2),
            rps=round(self._rps(f"{kind} check")),
            # Of each round by itself: what disturbs one side of it disturbs the other too.
            share=round(
                median(
                    check.figures.rps / empty.figures.rps
                    for check, empty in zip(
                        self.sides[f"{kind} check"], self.sides[f"{kind} empty"], strict=True
                    )
                ),
                2,
            ),
            ratio_10x_seats=round(grown_ms / p50_ms, 2),
            cpu_us=round(cpu_us),
            cpu_share=round(empty_us / cpu_us, 2),
        )

    def _rps(self, side: str) -> float:
        return self._middle(side, lambda one: one.figures.rps)

    def _middle(self, side: str, value: Callable[[Asked], float]) -> float:
        return median(value(one) for one in self.sides[side])


def missed(told: Mapping[str, object]) -> Iterator[str]:
    """One sentence for each goal that was not reached."""
    for goals, is_missed, word in (
        (GOALS, float.__gt__, "less"),
        (LEAST, float.__lt__, "more"),
    ):
        for name, goal in goals.items():
            value = float(_named(told, name))
            if is_missed(value, float(goal)):
                yield f"{name} is {value:,}, aimed at {goal:,} or {word}."


def _named(told: Mapping[str, object], name: str) -> float:
    value: object = told
    for part in name.split():
        assert isinstance(value, dict)
        value = value[part]
    assert isinstance(value, int | float)
    return value


def main() -> int:
    """Measure and end with the JSON line; 1 when something does not run at all."""
    return run(_report)


def _report() -> int:
    seats = int(os.environ.get("SEATS") or SEATS)
    rounds = int(os.environ.get("ROUNDS") or ROUNDS)
    seconds = float(os.environ.get("SECONDS") or SECONDS)
    sales = int(os.environ.get("SALES") or SALES)
    found = Found(seats)
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        chain = closing.enter_context(running_chain(ANVIL, folder))
        rooms = closing.enter_context(opened(KINDS, seats, GROWN, folder))
        # What is read and compiled once, and the pages that everybody needs, are there after it.
        list(round_of(rooms, min(seconds, _WARM_S)))
        for number in range(1, rounds + 1):
            for side, asked in round_of(rooms, seconds):
                found.sides.setdefault(side, []).append(asked)
                figures = asked.figures
                say(
                    f"round {number} {side:<14} {figures.rps:>6,.0f}/s p50 {figures.p50_ms:6.2f} "
                    f"p99 {figures.p99_ms:7.2f} ms {asked.cpu_us:6.0f} us of processor time each"
                )
            found.rpc.append(_asked(Task(chain.url, [_BALANCE], '"result"', seconds)))
            say(f"round {number} balanceOf      p50 {found.rpc[-1].p50_ms:6.2f} ms")
    for kind in KINDS:
        found.revoked_s += sellers_denied(_REVOKED_ON[kind], sales)
        say(f"{kind}: {sales} sales, slowest {max(found.revoked_s[-sales:]) * 1_000:.0f} ms")
    told = found.told()
    for sentence in missed(told):
        say(sentence)
    say("")
    say(json.dumps(told))
    return 0


_REVOKED_ON: Final = {"sqlite": "sqlite", "postgres": "postgresql"}

_BALANCE: Final = post(
    "/",
    json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "eth_call",
            # balanceOf(0x1111…): where there is no contract, the node has the least to do.
            "params": [{"to": CONTRACT, "data": f"0x70a08231{'11' * 32}"}, "latest"],
        }
    ),
)


def round_of(rooms: Mapping[str, Room], seconds: float) -> Iterator[tuple[str, Asked]]:
    """Each side once, one after the other."""
    for kind in KINDS:
        room, grown = rooms[kind], rooms[f"{kind} grown"]
        yield f"{kind} empty", _of_room(room, [get("/health/live")], '"live"', seconds)
        yield f"{kind} check", _of_room(room, room.checks, _ADMITTED, seconds)
        yield f"{kind} grown", _of_room(grown, grown.checks, _ADMITTED, seconds)
        yield f"{kind} fixed", _of_room(room, room.checks, _ADMITTED, 2 * seconds, RATE)


_ADMITTED: Final = '"allow":true'


def _of_room(
    room: Room, requests: list[str], expected: str, seconds: float, rate: float = 0
) -> Asked:
    used = _cpu_s(room.pid)
    figures = _asked(Task(room.url, requests, expected, seconds, rate))
    return Asked(figures, (_cpu_s(room.pid) - used) / figures.count * 1_000_000)


def _asked(task: Task) -> Figures:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.asking"],
        input=json.dumps(asdict(task)),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY.root)},
    )
    if ended.returncode:
        raise ToolFailedError("asking", ended.stderr[-2_000:])
    return Figures(**json.loads(ended.stdout))


def _cpu_s(pid: int) -> float:
    """Seconds of processor time that a process has used, with all its threads."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
