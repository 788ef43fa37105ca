from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from api.programme.lately import AFRESH_S, KEPT_S, Lately
from marketplace.domain.ids import DropId

if TYPE_CHECKING:
    from api.programme.values import Programme

NOW = 1_800_000_000
DROP = DropId(7)


class Reader:
    """Reads a programme, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> Programme:
        self.count += 1
        return cast("Programme", f"read {self.count}")


def still() -> str:
    """What a look gives while the drop is as it was."""
    return "block 5"


def test_what_was_read_a_moment_ago_is_given_again() -> None:
    lately, read = Lately(), Reader()

    first = lately.programme(DROP, NOW, read, still)

    assert lately.programme(DROP, NOW + KEPT_S - 1, read, still) is first
    assert read.count == 1


def test_what_a_look_says_to_be_as_it_was_is_given_for_a_minute() -> None:
    lately, read = Lately(), Reader()
    first = lately.programme(DROP, NOW, read, still)

    for later in range(0, AFRESH_S, KEPT_S):
        assert lately.programme(DROP, NOW + later, read, still) is first
    assert read.count == 1


@pytest.mark.parametrize("place", ["block 6", None])
def test_what_a_look_says_to_be_another_is_read_anew(place: str | None) -> None:
    lately, read = Lately(), Reader()
    first = lately.programme(DROP, NOW, read, still)

    assert lately.programme(DROP, NOW + KEPT_S, read, lambda: place) is not first


def test_what_was_not_there_to_be_looked_at_is_read_anew() -> None:
    lately, read = Lately(), Reader()
    first = lately.programme(DROP, NOW, read, lambda: None)

    assert lately.programme(DROP, NOW + KEPT_S, read, lambda: None) is not first


# A clock that was set back says nothing about how long ago it was.
@pytest.mark.parametrize("later", [AFRESH_S, 3_600, -1])
def test_what_is_too_old_is_read_anew(later: int) -> None:
    lately, read = Lately(), Reader()
    first = lately.programme(DROP, NOW, read, still)

    assert lately.programme(DROP, NOW + later, read, still) is not first


def test_each_drop_has_its_own_and_one_can_be_forgotten() -> None:
    lately, read = Lately(), Reader()
    mine, other = (lately.programme(DropId(number), NOW, read, still) for number in (7, 8))

    lately.forget(DROP)

    assert lately.programme(DROP, NOW, read, still) is not mine
    assert lately.programme(DropId(8), NOW, read, still) is other


def test_what_could_not_be_read_is_not_kept() -> None:
    lately, read = Lately(), Reader()

    def fail() -> Programme:
        raise LookupError

    with pytest.raises(LookupError):
        lately.programme(DROP, NOW, fail, still)

    lately.programme(DROP, NOW, read, still)
    assert read.count == 1


def test_it_does_not_grow_without_end() -> None:
    lately, read = Lately(), Reader()

    for number in range(1, 5_000):
        lately.programme(DropId(number), NOW, read, still)

    assert len(lately) <= 1_000
