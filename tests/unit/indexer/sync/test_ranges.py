from __future__ import annotations

from indexer.sync.ranges import ENOUGH_LOGS, RangeSize


def test_a_range_begins_at_its_most() -> None:
    assert RangeSize(2_000).blocks == 2_000


def test_a_failure_halves_it_down_to_one_block() -> None:
    size = RangeSize(5)

    sizes = [(size := size.shrunk()).blocks for _ in range(4)]

    assert sizes == [2, 1, 1, 1]


def test_success_grows_it_slowly_to_its_most() -> None:
    size = RangeSize(100, 50)

    assert size.grown(10).blocks == 55
    assert RangeSize(100, 98).grown(10).blocks == 100


def test_dense_answers_shrink_it_to_enough_logs() -> None:
    assert RangeSize(1_000).grown(4 * ENOUGH_LOGS).blocks == 250
    assert RangeSize(1_000, 1).grown(9 * ENOUGH_LOGS).blocks == 1
