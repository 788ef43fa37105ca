from __future__ import annotations

from itertools import count

import pytest

from scripts.house.parts import Finished, main, run_parts, table


def test_parts_run_in_order_and_are_timed() -> None:
    ticks = count(step=2)
    finished = run_parts(["lint", "types"], lambda _: 0, lambda: next(ticks))
    assert finished == [Finished("lint", 0, 2), Finished("types", 0, 2)]


def test_the_first_failure_stops_the_run() -> None:
    finished = run_parts(["lint", "types"], {"lint": 2, "types": 0}.__getitem__, lambda: 0.0)
    assert finished == [Finished("lint", 2, 0.0)]


def test_the_table_shows_each_time_and_their_sum() -> None:
    shown = table(["lint", "types"], [Finished("lint", 0, 1.25), Finished("types", 0, 60)])
    assert shown.splitlines() == [
        "lint       1.2 s  passed",
        "types     60.0 s  passed",
        "All parts passed in 61 s.",
    ]


def test_the_table_names_the_failure_and_what_did_not_run() -> None:
    shown = table(["lint", "types"], [Finished("lint", 2, 1)])
    assert shown.splitlines() == [
        "lint       1.0 s  FAILED",
        "types        -    not run",
        "lint failed; its own words are above. Run it alone with: make lint",
    ]


def test_without_parts_it_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Name the parts to run" in capsys.readouterr().err


@pytest.mark.parametrize(("target", "code"), [("help", 0), ("no-such-target", 1)])
def test_the_exit_code_is_that_of_the_parts(target: str, code: int) -> None:
    assert main([target]) == code
