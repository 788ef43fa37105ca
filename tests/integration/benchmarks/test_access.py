"""The benchmark of the access check, small: every side is asked, and only right answers count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.access import KINDS, round_of
from tests.benchmarks.asking import Task, asked, get
from tests.benchmarks.rooms import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.benchmarks.rooms import Room


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Room]]:
    with opened(KINDS, 1_000, 2, tmp_path_factory.mktemp("access")) as found:
        yield found


def test_every_side_is_asked_and_takes_processor_time(rooms: Mapping[str, Room]) -> None:
    found = dict(round_of(rooms, 0.5))

    sides = [f"{kind} {side}" for kind in KINDS for side in ("empty", "check", "grown", "fixed")]
    assert list(found) == sides
    for side, one in found.items():
        assert one.figures.count > 0, side
        assert 0 < one.figures.p50_ms <= one.figures.p99_ms, side
    # So many were due in that second, however quickly they are answered.
    assert {found[f"{kind} fixed"].figures.count for kind in KINDS} == {501}
    assert sum(one.cpu_us for one in found.values()) > 0


def test_everybody_who_asks_holds_the_seat_that_they_come_with(rooms: Mapping[str, Room]) -> None:
    for room in rooms.values():
        doors = {(door.drop, door.token) for door in room.doors}
        assert len(doors) == len(room.doors)
        figures = asked(Task(room.url, room.checks[:40], '"via":"seat"', 0.2))
        assert figures.count > 0


def test_an_answer_that_is_not_the_expected_one_is_no_figure(rooms: Mapping[str, Room]) -> None:
    room = rooms["sqlite"]
    for request, expected in (
        (room.checks[0], '"allow":false'),
        (get("/v1/access/check?action=fly&drop=1"), '"allow"'),
    ):
        with pytest.raises(ValueError, match=r'HTTP|"allow"'):
            asked(Task(room.url, [request], expected, 0.2))
