from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace as changed

from api.catalogue.supply import is_open, left_in
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId
from tests.unit.api.programme.mirrored import mirrored
from tests.unit.marketplace.launch.texts import SMALL, parse, with_line

if TYPE_CHECKING:
    from indexer.queries import DropTerms

_SECOND = """closes = "start - 1 day"

[[phases]]
name = "Friends"
tier = "Access"
gate = "public"
price = "0.03"
opens = "launch"
closes = "launch + 2 days"
seats = 3
reserved = true"""

DROP = mirrored(parse(with_line('closes = "start - 1 day"', _SECOND, SMALL)), DropId(1))
SALE, FRIENDS = DROP.phases
NOW = SALE.opens


def with_tier(**changes: int) -> DropTerms:
    return replace(DROP, tiers=(changed(DROP.tiers[0], **changes),))


def with_drop(**changes: int) -> DropTerms:
    return replace(DROP, drop=changed(DROP.drop, **changes))


def test_a_phase_sells_what_no_other_holds_back() -> None:
    assert left_in(DROP, SALE, NOW) == 5
    assert left_in(DROP, FRIENDS, NOW) == 3


def test_what_was_sold_is_no_longer_held_back() -> None:
    friends = changed(FRIENDS, sold=2)
    after = replace(with_tier(live=2, issued=2), phases=(SALE, friends))
    assert left_in(after, SALE, NOW) == 5
    assert left_in(after, friends, NOW) == 1


def test_a_phase_holds_nothing_back_once_it_has_closed() -> None:
    assert left_in(DROP, SALE, FRIENDS.closes) == 5
    assert left_in(DROP, SALE, FRIENDS.closes + 1) == 8


def test_a_cap_below_what_is_held_back_leaves_nothing() -> None:
    assert left_in(with_tier(cap=2), SALE, NOW) == 0


def test_numbers_that_were_given_out_never_come_again() -> None:
    assert left_in(with_tier(cap=50_000, issued=99_998), FRIENDS, NOW) == 1


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (SALE.opens - 1, False),
        (SALE.opens, True),
        (SALE.closes, True),
        (SALE.closes + 1, False),
    ],
)
def test_a_phase_is_open_from_its_first_to_its_last_second(now: int, *, expected: bool) -> None:
    assert is_open(DROP, SALE, now) is expected


@pytest.mark.parametrize("state", [state for state in DropState if state is not DropState.LIVE])
def test_a_drop_that_is_not_live_sells_nothing(state: DropState) -> None:
    assert not is_open(with_drop(state=state), SALE, NOW)


def test_a_paused_drop_sells_again_after_its_pause() -> None:
    paused = with_drop(paused_until=NOW)
    assert not is_open(paused, SALE, NOW)
    assert is_open(paused, SALE, NOW + 1)
