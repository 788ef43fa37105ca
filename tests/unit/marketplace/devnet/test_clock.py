from __future__ import annotations

import pytest

from marketplace.devnet.clock import LAST_SECOND, ChainClock
from marketplace.devnet.errors import InvalidParams
from tests.unit.marketplace.devnet.driving import START, Clock


def test_a_block_is_later_than_its_parent_when_the_clock_stands() -> None:
    assert ChainClock(Clock(START)).next_timestamp(START) == START + 1


def test_a_block_bears_the_clocks_second_when_it_has_moved_on() -> None:
    assert ChainClock(Clock(START + 50)).next_timestamp(START) == START + 50


def test_time_moves_on_from_the_later_of_head_and_clock() -> None:
    clock = ChainClock(Clock(START))
    clock.advance(100, head_timestamp=START + 30)
    assert clock.next_timestamp(START + 30) == START + 130


def test_shifts_add_up() -> None:
    clock = ChainClock(Clock(START))
    assert [clock.advance(10, START), clock.advance(5, START)] == [10, 15]


def test_an_exact_timestamp_serves_one_block_and_time_runs_on_from_it() -> None:
    machine = Clock(START)
    clock = ChainClock(machine)
    clock.set_next(START + 1_000, START)
    assert clock.next_timestamp(START) == START + 1_000
    clock.mined(START + 1_000)
    machine.second += 7
    assert clock.next_timestamp(START + 1_000) == START + 1_007


@pytest.mark.parametrize("timestamp", [START, START - 1, LAST_SECOND + 1])
def test_an_exact_timestamp_lies_after_the_head_and_within_bounds(timestamp: int) -> None:
    with pytest.raises(InvalidParams, match="Timestamp error"):
        ChainClock(Clock(START)).set_next(timestamp, START)


def test_time_cannot_be_shifted_out_of_bounds() -> None:
    with pytest.raises(InvalidParams):
        ChainClock(Clock(START)).advance(LAST_SECOND, START)
