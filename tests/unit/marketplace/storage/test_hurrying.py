"""When a server is asked on a loop: as long as its answers come quickly, and a second after."""

from __future__ import annotations

import pytest

from marketplace.storage import hurrying
from marketplace.storage.hurrying import REST_S, USUAL_S, Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which stands until it is changed."""
    now = [1_000.0]
    monkeypatch.setattr(hurrying, "monotonic", lambda: now[0])
    return now


@pytest.mark.usefixtures("clock")
def test_a_quick_server_never_rests() -> None:
    pace = Pace()
    for _ in range(1_000):
        pace.took(USUAL_S / 2)
        assert not pace.rests()


@pytest.mark.usefixtures("clock")
def test_a_late_answer_now_and_then_is_borne() -> None:
    pace = Pace()
    for _ in range(100):
        pace.took(USUAL_S * 5)
        for _ in range(50):
            pace.took(USUAL_S / 2)
    assert not pace.rests()


def test_a_server_that_is_far_away_is_left_alone_after_some_answers(clock: list[float]) -> None:
    pace = Pace()
    for _ in range(3):
        asked = 0
        while not pace.rests() and asked < 30:
            pace.took(USUAL_S * 1.5)
            asked += 1
        assert 1 < asked < 30
        clock[0] += REST_S


def test_after_a_rest_it_is_asked_again(clock: list[float]) -> None:
    pace = Pace()
    pace.rest()
    clock[0] += REST_S - 0.001
    assert pace.rests()
    clock[0] += 0.001
    assert not pace.rests()
    pace.took(USUAL_S / 2)
    assert not pace.rests()
