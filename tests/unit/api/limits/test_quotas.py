from __future__ import annotations

import random

import pytest

from api.limits.errors import TooManyRequests, limit_of, policy_of
from api.limits.quotas import SECOND, WINDOW_S, Buckets, Quota

NOW = 1_800_000_000 * SECOND
FOUR = Quota("writes", 4)


def allowed(buckets: Buckets, count: int, now: int, name: str = "ada") -> int:
    """How many of so many requests at one moment are allowed."""
    return sum(buckets.take(name, now).allowed for _ in range(count))


def test_a_whole_bucket_is_there_at_once_and_comes_back_evenly() -> None:
    buckets = Buckets(FOUR)
    assert allowed(buckets, 10, NOW) == 4
    assert allowed(buckets, 10, NOW + 15 * SECOND - 1) == 0
    assert allowed(buckets, 10, NOW + 15 * SECOND) == 1
    assert allowed(buckets, 10, NOW + 120 * SECOND) == 4


@pytest.mark.parametrize("requests", [1, 7, 60, 999, 700_001, 1_000_000])
def test_no_rounding_gives_one_more(requests: int) -> None:
    quota = Quota("reads", requests)
    assert quota.depth // quota.interval == requests
    buckets = Buckets(quota)
    last = buckets.take("ada", NOW)
    if requests < 1_000:
        assert allowed(buckets, requests, NOW) == requests - 1
    assert last.left == requests - 1


def test_what_is_refused_costs_nothing() -> None:
    buckets = Buckets(FOUR)
    assert allowed(buckets, 1_000, NOW) == 4
    assert allowed(buckets, 1, NOW + 15 * SECOND) == 1


def test_what_is_given_back_was_never_counted() -> None:
    buckets = Buckets(FOUR)
    buckets.take("ada", NOW, 3)
    buckets.give_back("ada", 3)
    buckets.give_back("bo")
    assert allowed(buckets, 9, NOW) == 4
    assert allowed(buckets, 9, NOW, "bo") == 4
    # As many as were counted: no cost is above the whole.
    assert buckets.take("cleo", NOW, 9).left == 0
    buckets.give_back("cleo", 9)
    assert allowed(buckets, 9, NOW, "cleo") == 4


def test_in_no_minute_are_there_more_than_twice_as_many() -> None:
    chance = random.Random(7)
    quota, buckets = Quota("reads", 10), Buckets(Quota("reads", 10))
    now, passed = NOW, []
    for _ in range(3_000):
        now += chance.randrange(0, 3 * SECOND)
        if buckets.take("ada", now).allowed:
            passed.append(now)
    window = WINDOW_S * SECOND
    most = max(sum(start <= one < start + window for one in passed) for start in passed)
    assert most <= 2 * quota.requests
    # In the long run it is exactly what it says.
    minutes = (passed[-1] - passed[0]) / window
    assert len(passed) <= quota.requests * (minutes + 1)


def test_everybody_has_a_bucket_of_their_own() -> None:
    buckets = Buckets(FOUR)
    assert allowed(buckets, 9, NOW) == 4
    assert allowed(buckets, 9, NOW, "bo") == 4


def test_a_clock_that_was_set_back_keeps_nobody_out_for_long() -> None:
    buckets = Buckets(FOUR)
    assert allowed(buckets, 9, NOW) == 4
    assert allowed(buckets, 9, NOW - 3_600 * SECOND) == 4
    # A process whose clock is some seconds behind gives nothing away.
    assert allowed(buckets, 9, NOW - 3_605 * SECOND) == 0


def test_so_many_buckets_are_kept_and_the_one_used_longest_ago_goes() -> None:
    buckets = Buckets(FOUR, most=2)
    for name in ("ada", "bo", "ada", "cleo"):
        buckets.take(name, NOW)
    assert len(buckets) == 2
    assert buckets.take("ada", NOW).left == 1
    assert buckets.take("bo", NOW).left == 3
    for number in range(1_000):
        buckets.take(str(number), NOW)
    assert len(buckets) == 2


def test_what_is_left_is_said_as_the_draft_writes_it() -> None:
    buckets = Buckets(FOUR)
    taken = [buckets.take("ada", NOW) for _ in range(5)]
    assert policy_of(FOUR) == '"writes";q=4;w=60'
    assert [limit_of(one) for one in taken[:2]] == ['"writes";r=3;t=15', '"writes";r=2;t=30']
    assert not taken[4].allowed
    refused = TooManyRequests(taken[4])
    assert dict(refused.headers) == {
        "Retry-After": "15",
        "RateLimit-Policy": '"writes";q=4;w=60',
        "RateLimit": '"writes";r=0;t=60',
    }
    assert refused.extensions == {"quota": "writes", "requests": 4, "window_s": 60}


@pytest.mark.parametrize("requests", [1, 4, 1_000_000])
def test_whoever_waits_as_long_as_they_are_told_gets_in(requests: int) -> None:
    buckets = Buckets(Quota("reads", requests))
    now = NOW
    taken = buckets.take("ada", now)
    while taken.allowed and taken.left:
        # Not a request for each: the moment is moved on as they would.
        buckets._full_at["ada"] = now + buckets._quota.depth  # noqa: SLF001 - a million requests would take as many calls
        taken = buckets.take("ada", now)
    refused = buckets.take("ada", now + 1)
    assert not refused.allowed
    assert refused.wait_s >= 1
    assert buckets.take("ada", now + 1 + refused.wait_s * SECOND).allowed
