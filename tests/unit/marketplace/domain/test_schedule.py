from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.domain.escrow import DAY_SECONDS
from marketplace.domain.schedule import (
    TimeOutOfBounds,
    Times,
    broken_postponement,
    next_pause_from,
    postponed_refund_window,
)

NOW = 1_000_000
DAY = DAY_SECONDS
OLD = Times(starts_at=NOW + 3 * DAY, ends_at=NOW + 4 * DAY, deliver_by=NOW + 10 * DAY)
NEW = Times(starts_at=NOW + 7 * DAY, ends_at=NOW + 8 * DAY, deliver_by=NOW + 10 * DAY)
LATEST = OLD.deliver_by + 180 * DAY


def broken(new: Times) -> TimeOutOfBounds | None:
    return broken_postponement(OLD, new, OLD.deliver_by, NOW)


def test_a_start_seven_days_ahead_is_taken() -> None:
    assert broken(NEW) is None
    assert broken(replace(NEW, ends_at=LATEST - 1, deliver_by=LATEST)) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": NOW + 7 * DAY - 1}, "starts_at"),
        ({"starts_at": NEW.ends_at + 1}, "starts_at"),
        ({"ends_at": LATEST}, "ends_at"),
        ({"deliver_by": OLD.deliver_by - 1}, "deliver_by"),
        ({"deliver_by": LATEST + 1}, "deliver_by"),
        ({"ends_at": OLD.deliver_by, "deliver_by": OLD.deliver_by}, "deliver_by"),
    ],
)
def test_the_first_time_outside_its_bounds_is_named(changes: dict[str, int], field: str) -> None:
    found = broken(replace(NEW, **changes))
    assert found is not None
    assert found.field == field
    assert not found.least <= found.value <= found.most


def test_nothing_moves_to_an_earlier_time() -> None:
    late = replace(OLD, starts_at=NOW + 20 * DAY, ends_at=NOW + 30 * DAY, deliver_by=NOW + 40 * DAY)
    for field in ("starts_at", "ends_at", "deliver_by"):
        earlier = replace(late, **{field: getattr(late, field) - 1})
        found = broken_postponement(late, earlier, OLD.deliver_by, NOW)
        assert found is not None
        assert found.field == field


@pytest.mark.parametrize(
    ("refund_until", "expected"),
    [
        (OLD.starts_at, NEW.starts_at),
        (OLD.starts_at - DAY, NOW + 7 * DAY),
        (OLD.ends_at, NEW.ends_at),
        (OLD.ends_at + DAY, NEW.ends_at),
    ],
)
def test_the_refund_window_moves_with_the_start_for_a_week_at_least(
    refund_until: int, expected: int
) -> None:
    assert postponed_refund_window(refund_until, OLD, NEW, NOW) == expected


def test_the_next_pause_waits_a_week_after_the_last_one() -> None:
    assert next_pause_from(0) == 0
    assert next_pause_from(NOW) == NOW + 7 * DAY + 1
