from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.drop import DropState
from marketplace.domain.escrow import (
    DAY_SECONDS,
    decided_share,
    decision_ends,
    gives_all_back,
    is_disputed,
    is_narrow,
    is_split,
    lets_seats_move,
    mentors_part,
    objections_end,
    split_refund,
    split_release,
    takes_part,
    whole_share,
)
from marketplace.domain.money import Bps, Wei

amounts = st.integers(0, 2**96 - 1).map(Wei)
shares = st.integers(0, 10_000).map(Bps)


@given(amount=amounts, fee=shares)
def test_both_parts_of_a_release_add_up_and_the_fee_is_rounded_down(amount: Wei, fee: Bps) -> None:
    parts = split_release(amount, fee)
    assert parts.fee + parts.payout == amount
    assert 0 <= amount * fee - parts.fee * 10_000 < 10_000


@given(face=amounts, penalty=shares)
def test_a_refund_and_its_penalty_are_the_face(face: Wei, penalty: Bps) -> None:
    parts = split_refund(face, penalty)
    assert parts.paid + parts.penalty == face
    assert parts.penalty * 10_000 <= face * penalty


@given(face=amounts, held=amounts)
def test_a_failed_drop_gives_back_everything(face: Wei, held: Wei) -> None:
    assert whole_share(face, held).paid == face + held
    assert whole_share(face, held).released == 0


@given(face=amounts, held=amounts, split=shares)
def test_what_waits_is_divided_without_a_rest(face: Wei, held: Wei, split: Bps) -> None:
    share = decided_share(face, held, split)
    assert share.held + share.released == held
    assert share.paid <= face + held


@given(faces=st.lists(amounts, max_size=20), split=shares)
def test_all_claims_of_a_dispute_are_covered_by_what_stays(faces: list[Wei], split: Bps) -> None:
    owed = Wei(sum(faces))
    kept = owed - mentors_part(owed, split)
    assert sum(decided_share(face, Wei(0), split).face for face in faces) <= kept


@pytest.mark.parametrize(
    ("objected", "owed", "narrow"),
    [(9, 100, True), (10, 100, False), (1, 10, False), (1, 11, True)],
)
def test_a_tenth_under_objection_makes_a_dispute_wide(
    objected: int, owed: int, *, narrow: bool
) -> None:
    assert is_narrow(Wei(objected), Wei(owed)) is narrow


def test_windows_name_their_last_second() -> None:
    assert objections_end(1_000, 3) == 1_000 + 3 * DAY_SECONDS
    assert decision_ends(1_000) == 1_000 + 14 * DAY_SECONDS


def test_every_state_is_sorted() -> None:
    assert {state.name for state in DropState if lets_seats_move(state)} == {
        "LIVE",
        "ASSERTED",
        "SETTLED",
        "DISPUTED_NARROW",
        "SPLIT_NARROW",
    }
    assert {state.name for state in DropState if gives_all_back(state)} == {"CANCELLED", "FAILED"}
    assert {state.name for state in DropState if is_disputed(state)} == {
        "DISPUTED_NARROW",
        "DISPUTED_WIDE",
    }
    assert {state.name for state in DropState if is_split(state)} == {"SPLIT_NARROW", "SPLIT_WIDE"}


def test_a_wide_dispute_is_about_all_living_seats_and_a_narrow_one_about_objectors() -> None:
    narrow, wide = DropState.SPLIT_NARROW, DropState.SPLIT_WIDE
    assert takes_part(wide, living=True, objected=False)
    assert not takes_part(narrow, living=True, objected=False)
    assert takes_part(narrow, living=True, objected=True)
    assert not takes_part(wide, living=False, objected=False)
