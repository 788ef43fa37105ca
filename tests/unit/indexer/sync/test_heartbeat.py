from __future__ import annotations

import pytest

from indexer.rpc.values import BlockHeader
from indexer.sync.heartbeat import Ahead, Heartbeat, Sighting

NOW = 1_800_000_000


def test_a_second_that_has_begun_counts_from_its_beginning() -> None:
    assert Heartbeat(lambda: NOW + 0.999).now() == NOW


@pytest.mark.parametrize("last", [NOW, NOW - 1])
def test_what_was_noted_counts_for_a_while(last: int) -> None:
    assert not Heartbeat(lambda: NOW, every_s=2).is_due(last, NOW)


# The last two: a clock was set back, and what it noted before would count until then.
@pytest.mark.parametrize("last", [None, NOW - 2, NOW - 3_600, NOW + 1, NOW + 3_600])
def test_what_is_missing_old_or_of_the_future_is_noted_again(last: int | None) -> None:
    assert Heartbeat(lambda: NOW, every_s=2).is_due(last, NOW)


@pytest.mark.parametrize(("age_s", "bound"), [(0, 60), (60, 60), (10**9, None), (-5, 60)])
def test_a_head_is_believed_up_to_its_bound(age_s: int, bound: int | None) -> None:
    assert Heartbeat(lambda: NOW, max_head_age_s=bound).believes(header(NOW - age_s), NOW)


def test_a_head_above_its_bound_is_not_believed() -> None:
    assert not Heartbeat(lambda: NOW, max_head_age_s=60).believes(header(NOW - 61), NOW)


@pytest.mark.parametrize(
    ("number", "later_s", "held_back"),
    [(8, 0, True), (8, 59, True), (9, 0, False), (10, 0, False), (8, 60, False)],
)
def test_a_block_that_was_seen_holds_back_for_a_while(
    number: int, later_s: int, *, held_back: bool
) -> None:
    assert Sighting(9, NOW).holds_back(number, NOW + later_s) is held_back


@pytest.mark.parametrize(
    ("seen", "asked_s", "latest"),
    [
        ([(9, 0)], 59, 9),
        ([(9, 0)], 60, 0),
        # A lower block does not take the place of a later one, and is not forgotten for it.
        ([(9, 0), (8, 59)], 59, 9),
        ([(9, 0), (8, 59)], 60, 8),
        ([(9, 0), (8, 59)], 118, 8),
        ([(9, 0), (8, 59)], 119, 0),
        ([(9, 0), (9, 59)], 118, 9),
        ([(9, 0), (10, 59)], 118, 10),
        ([(9, 0), (8, 20), (7, 40), (8, 50)], 99, 8),
    ],
)
def test_of_the_blocks_that_were_seen_the_latest_holds_back_as_long_as_it_is_remembered(
    seen: list[tuple[int, int]], asked_s: int, latest: int
) -> None:
    now = [0.5]
    ahead = Ahead(lambda: now[0])
    assert not ahead.holds_back(0)

    for number, later_s in seen:
        now[0] = 0.5 + later_s
        ahead.saw(number)

    now[0] = 0.5 + asked_s
    assert ahead.latest() == latest
    assert ahead.holds_back(latest - 1) is (latest > 0)
    assert not ahead.holds_back(latest)


def header(timestamp_s: int) -> BlockHeader:
    word = f"0x{1:064x}"
    return BlockHeader(number=7, hash=word, parent_hash=word, timestamp_s=timestamp_s, logs_bloom=0)
