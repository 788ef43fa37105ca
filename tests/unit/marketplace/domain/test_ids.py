from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.ids import MAX_DROP, MAX_NUMBER, MAX_UINT256, DropId, SeatId, TierIndex


def test_a_person_can_read_a_seats_id() -> None:
    seat = SeatId(7_200_013)
    assert (seat.drop, seat.tier, seat.number) == (7, 2, 13)
    assert SeatId.of(DropId(7), TierIndex(2), 13) == seat
    assert f"{seat}" == "7200013"


@given(
    drop=st.integers(1, MAX_DROP),
    tier=st.integers(0, 9),
    number=st.integers(1, MAX_NUMBER),
)
def test_every_seat_has_an_id_of_its_own(drop: int, tier: int, number: int) -> None:
    seat = SeatId.of(DropId(drop), TierIndex(tier), number)
    assert (seat.drop, seat.tier, seat.number) == (drop, tier, number)


@given(st.integers(0, MAX_UINT256))
def test_any_token_id_can_be_named(token_id: int) -> None:
    seat = SeatId(token_id)
    assert seat.drop * 1_000_000 + seat.tier * 100_000 + seat.number == token_id


@pytest.mark.parametrize(
    ("drop", "tier", "number", "wrong"),
    [
        (0, 0, 1, "drop"),
        (MAX_DROP + 1, 0, 1, "drop"),
        (1, -1, 1, "tier"),
        (1, 10, 1, "tier"),
        (1, 0, 0, "number"),
        (1, 0, MAX_NUMBER + 1, "number"),
    ],
)
def test_what_no_seat_can_be_called_is_refused(
    drop: int, tier: int, number: int, wrong: str
) -> None:
    with pytest.raises(ValueError, match=f"A seat's {wrong} lies between"):
        SeatId.of(DropId(drop), TierIndex(tier), number)


@pytest.mark.parametrize("token_id", [-1, MAX_UINT256 + 1])
def test_a_number_beyond_uint256_is_no_token_id(token_id: int) -> None:
    with pytest.raises(ValueError, match="is not a token id"):
        SeatId(token_id)
