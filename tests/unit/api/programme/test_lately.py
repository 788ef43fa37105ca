from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from api.programme.lately import KEPT_S, Lately
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


def test_what_was_read_a_moment_ago_is_given_again() -> None:
    lately, read = Lately(), Reader()

    first = lately.programme(DROP, NOW, read)

    assert lately.programme(DROP, NOW + KEPT_S - 1, read) is first
    assert read.count == 1


# A clock that was set back says nothing about how long ago it was.
@pytest.mark.parametrize("later", [KEPT_S, 3_600, -1])
def test_what_is_too_old_is_read_anew(later: int) -> None:
    lately, read = Lately(), Reader()
    first = lately.programme(DROP, NOW, read)

    assert lately.programme(DROP, NOW + later, read) is not first


def test_each_drop_has_its_own_and_one_can_be_forgotten() -> None:
    lately, read = Lately(), Reader()
    mine, other = (lately.programme(DropId(number), NOW, read) for number in (7, 8))

    lately.forget(DROP)

    assert lately.programme(DROP, NOW, read) is not mine
    assert lately.programme(DropId(8), NOW, read) is other


def test_what_could_not_be_read_is_not_kept() -> None:
    lately, read = Lately(), Reader()

    def fail() -> Programme:
        raise LookupError

    with pytest.raises(LookupError):
        lately.programme(DROP, NOW, fail)

    lately.programme(DROP, NOW, read)
    assert read.count == 1


def test_it_does_not_grow_without_end() -> None:
    lately, read = Lately(), Reader()

    for number in range(1, 5_000):
        lately.programme(DropId(number), NOW, read)

    assert len(lately) <= 1_000
