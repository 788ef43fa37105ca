from __future__ import annotations

from itertools import count
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from scripts.house.parts import Finished, main, run_parts, table

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


def test_parts_run_in_order_and_are_timed() -> None:
    ticks = count(step=2)
    finished = run_parts(["lint", "types"], lambda _, __: 0, lambda: next(ticks))
    assert finished == [Finished("lint", 0, 2), Finished("types", 0, 2)]


def test_the_first_failure_stops_the_run() -> None:
    codes = {"lint": 2, "types": 0}
    finished = run_parts(["lint", "types"], lambda part, _: codes[part], lambda: 0.0)
    assert finished == [Finished("lint", 2, 0.0)]


def test_joined_parts_run_two_at_a_time(tmp_path: Path) -> None:
    both, alone = Barrier(2), Barrier(1)
    meeting = {"types": both, "slither": both, "lint": alone}

    def run(part: str, words: BinaryIO | None) -> int:
        assert (words is None) == (part == "lint")
        meeting[part].wait(10)
        return 0

    finished = run_parts(["types+slither", "lint"], run, lambda: 0.0, tmp_path)
    assert {each.part for each in finished[:2]} == {"types", "slither"}
    assert finished[2:] == [Finished("lint", 0, 0.0)]


def test_what_joined_parts_say_is_shown_whole(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    both = Barrier(2)

    def run(part: str, words: BinaryIO | None) -> int:
        assert words is not None
        for number in range(3):
            both.wait(10)
            words.write(f"{part} {number}\n".encode())
        return 0

    run_parts(["types+slither"], run, lambda: 0.0, tmp_path)
    first, *begun = capsys.readouterr().out.splitlines()
    begun, shown = begun[:2], begun[2:]
    assert first == "--- types, slither: 2 at a time"
    assert set(begun) == {
        f"--- {part} begins: {tmp_path / part}.txt" for part in ("types", "slither")
    }
    said = [
        [f"--- {part}", *(f"{part} {number}" for number in range(3))]
        for part in ("types", "slither")
    ]
    assert shown in (said[0] + said[1], said[1] + said[0])


def test_what_a_joined_part_says_lies_in_its_file_while_it_runs(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"

    def run(part: str, words: BinaryIO | None) -> int:
        assert words is not None
        words.write(f"{part} waits".encode())
        words.flush()
        assert (folder / f"{part}.txt").read_text() == f"{part} waits"
        return 0

    for _ in range(2):
        finished = run_parts(["types+slither"], run, lambda: 0.0, folder)
        assert [each.code for each in finished] == [0, 0]


def test_a_failure_among_joined_parts_lets_the_others_end_and_begins_none(tmp_path: Path) -> None:
    failed, ended = Barrier(2), []

    def run(part: str, _: BinaryIO | None) -> int:
        failed.wait(10)
        ended.append(part)
        return 1

    finished = run_parts(["types+slither+solidity", "lint"], run, lambda: 0.0, tmp_path)
    assert {each.part for each in finished} == set(ended) == {"types", "slither"}


def test_the_table_shows_each_time_and_that_of_the_whole() -> None:
    shown = table(["lint+types"], [Finished("types", 0, 60), Finished("lint", 0, 1.25)], 60.4)
    assert shown.splitlines() == [
        "types     60.0 s  passed",
        "lint       1.2 s  passed",
        "All parts passed in 60 s.",
    ]


def test_the_table_names_the_failures_and_what_did_not_run() -> None:
    ran = [Finished("slither", 1, 1), Finished("lint", 2, 1)]
    assert table(["lint+types+slither"], ran, 2).splitlines() == [
        "slither      1.0 s  FAILED",
        "lint         1.0 s  FAILED",
        "types          -    not run",
        "slither failed; its own words are above. Run it alone with: make slither",
        "lint failed; its own words are above. Run it alone with: make lint",
    ]


def test_without_parts_it_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Name the parts to run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "code"), [("help", 0), ("no-such-target", 1), ("help+no-such-target", 1)]
)
def test_the_exit_code_is_that_of_the_parts(target: str, code: int) -> None:
    assert main([target]) == code
