from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.webhooks.schedule import (
    DISABLED_AFTER,
    GIVEN_UP_AFTER,
    LONGEST_WAIT,
    Again,
    Attempt,
    Delivered,
    Fault,
    GivenUp,
    Gone,
    Next,
    follows,
    is_hopeless,
    wait_after,
)

NOW = datetime(2027, 3, 1, 18, tzinfo=UTC)
REFUSED = Attempt(500, 3, "no")


def after(attempt: Attempt, attempts: int = 1, begun_at: datetime = NOW) -> Next:
    return follows(attempt, attempts=attempts, begun_at=begun_at, at=NOW, chance=0.5)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_what_was_taken_is_delivered(status: int) -> None:
    assert after(Attempt(status)) == Delivered()


@pytest.mark.parametrize(
    "attempt", [Attempt(302), Attempt(404), REFUSED, Attempt(None, fault=Fault.UNREACHABLE)]
)
def test_anything_else_is_tried_again(attempt: Attempt) -> None:
    assert after(attempt) == Again(NOW + timedelta(seconds=5))


def test_whoever_is_gone_is_told_nothing_more() -> None:
    assert after(Attempt(410)) == Gone()


def test_waits_grow_to_a_longest_one() -> None:
    waits = [wait_after(failures, 0.5).total_seconds() for failures in range(1, 12)]
    assert waits[:4] == [5, 20, 80, 320]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT.total_seconds()
    assert wait_after(10**6, 0.5) == LONGEST_WAIT


@pytest.mark.parametrize(("chance", "seconds"), [(0, 4), (1, 6)])
def test_not_all_come_back_at_once(chance: float, seconds: float) -> None:
    assert wait_after(1, chance) == timedelta(seconds=seconds)


def test_a_message_is_given_up_after_days() -> None:
    begun = NOW - GIVEN_UP_AFTER + timedelta(hours=5)
    assert isinstance(after(REFUSED, 20, begun), Again)
    assert after(REFUSED, 20, begun - timedelta(hours=2)) == GivenUp()


def test_an_endpoint_is_hopeless_after_days_without_one_success() -> None:
    assert not is_hopeless(None, NOW)
    assert not is_hopeless(NOW - DISABLED_AFTER + timedelta(seconds=1), NOW)
    assert is_hopeless(NOW - DISABLED_AFTER, NOW)
