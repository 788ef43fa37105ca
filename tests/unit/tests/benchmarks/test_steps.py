"""The stop-watch of a history's steps: every moment falls into one of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from indexer.sync.steps import Step
from tests.benchmarks import steps
from tests.benchmarks.steps import NAMES, Watch, told


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Two clocks that stand until they are moved."""
    now = SimpleNamespace(clock=100.0, cpu=10.0)
    turned = SimpleNamespace(perf_counter=lambda: now.clock, process_time=lambda: now.cpu)
    monkeypatch.setattr(steps, "time", turned)
    return now


def watched(time: SimpleNamespace, events: int, seconds: float) -> Watch:
    """A pass whose every step takes so long by the clock, and half of it by the processor."""
    watch = Watch()
    for step in Step:
        time.clock += seconds
        time.cpu += seconds / 2
        watch.reached(step)
    watch.events = events
    return watch


def test_every_step_has_its_time_and_what_has_no_name_is_the_rest(time: SimpleNamespace) -> None:
    found = told([watched(time, 1_000, 0.001)])

    assert list(found) == list(NAMES)
    assert found["folded"] == {"clock_us": 1.0, "cpu_us": 0.5}
    unnamed = len(Step) - (len(NAMES) - 1)
    assert found["rest"] == {"clock_us": float(unnamed), "cpu_us": unnamed / 2}
    assert sum(one["clock_us"] for one in found.values()) == len(Step)


def test_figures_are_those_in_the_middle(time: SimpleNamespace) -> None:
    rounds = [watched(time, 1_000, seconds) for seconds in (0.003, 0.001, 0.002)]

    assert told(rounds)["gathered"] == {"clock_us": 2.0, "cpu_us": 1.0}
