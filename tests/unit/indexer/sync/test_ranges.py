from __future__ import annotations

from indexer.sync.ranges import ENOUGH_LOGS, RangeSize


def test_a_range_begins_at_its_most() -> None:
    assert RangeSize(2_000).blocks == 2_000


def test_a_failure_halves_it_down_to_one_block() -> None:
    size = RangeSize(5)

    sizes = [(size := size.shrunk()).blocks for _ in range(4)]

    assert sizes == [2, 1, 1, 1]


def test_a_careful_range_doubles_until_something_fails() -> None:
    size = RangeSize.careful(2_000)
    assert size.blocks == 100
    assert RangeSize.careful(3).blocks == 3

    sizes = [(size := size.grown(10)).blocks for _ in range(5)]

    assert sizes == [200, 400, 800, 1_600, 2_000]


def test_after_a_failure_it_grows_by_a_tenth_to_its_most() -> None:
    size = RangeSize(100).shrunk()

    assert size.grown(10).blocks == 55
    assert size.grown(0).grown(0).blocks == 60
    assert RangeSize(100, 98, failed=True).grown(10).blocks == 100
    assert RangeSize(100, 1, failed=True).grown(10).blocks == 2


def test_it_grows_no_further_than_to_enough_logs() -> None:
    assert RangeSize(1_000, 100).grown(ENOUGH_LOGS).blocks == 100
    assert RangeSize(1_000, 100).grown(ENOUGH_LOGS * 4 // 5).blocks == 125


def test_dense_answers_shrink_it_to_enough_logs() -> None:
    assert RangeSize(1_000).grown(4 * ENOUGH_LOGS).blocks == 250
    assert RangeSize(1_000, 1).grown(9 * ENOUGH_LOGS).blocks == 1
