from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import PhaseIndex, SeatId
from marketplace.domain.model.admission import NOTHING
from marketplace.domain.model.minting import mint, mint_many
from marketplace.domain.model.refusals import Refused
from marketplace.domain.model.state import Call, Market
from marketplace.domain.money import Wei
from tests.unit.marketplace.domain.model.markets import (
    ADA,
    BO,
    CHEAP,
    DROP,
    NOW,
    PRICE,
    SEATS,
    minted,
    opened,
)

REQUEST = MintRequest(
    drop=DROP, phase=PhaseIndex(0), recipient=ADA, quantity=1, max_total=Wei(10**6)
)


def refusal(market: Market, request: MintRequest, value: int = PRICE, now: int = NOW) -> str:
    outcome = mint(market, Call(sender=ADA, now=now, value=Wei(value)), request, NOTHING)
    assert isinstance(outcome, Refused)
    return outcome.error


def test_a_mint_puts_the_face_in_escrow_and_numbers_upwards() -> None:
    market = minted(minted(opened(), ADA, quantity=2), BO)

    assert sorted(market.seats) == [SeatId(1_000_001 + step) for step in range(3)]
    assert market.drops[DROP].owed == 3 * PRICE
    assert market.seat_count(ADA) == 2


def test_a_reserve_is_held_back_until_its_phase_closes() -> None:
    market = minted(opened(), BO, quantity=18)

    assert refusal(market, REQUEST) == "SeatDrops_SoldOut"
    assert minted(market, ADA, phase=1, quantity=2).seat_count(ADA) == 2
    outcome = mint(market, Call(sender=ADA, now=NOW + DAY_AFTER, value=PRICE), REQUEST, NOTHING)
    assert isinstance(outcome, Market)


DAY_AFTER = 24 * 60 * 60 + 1


@pytest.mark.parametrize(
    ("changes", "value", "error"),
    [
        ({"drop": 9}, PRICE, "SeatDrops_NotLive"),
        ({"phase": 2}, PRICE, "SeatDrops_PhaseUnknown"),
        ({"quantity": 0}, 0, "SeatDrops_EmptyMint"),
        ({"recipient": ZERO_ADDRESS}, PRICE, "SeatDrops_EmptyMint"),
        ({"recipient": SEATS}, PRICE, "SeatDrops_EmptyMint"),
        ({"quantity": 19}, 0, "SeatDrops_SoldOut"),
        ({"max_total": PRICE - 1}, PRICE, "SeatDrops_AboveMaxTotal"),
        ({}, PRICE - 1, "SeatDrops_WrongPayment"),
    ],
)
def test_the_first_refusal_is_the_contracts(
    changes: dict[str, object], value: int, error: str
) -> None:
    request = replace(REQUEST, **changes)  # type: ignore[arg-type] # tests name fields
    assert refusal(opened(), request, value) == error


def test_a_bundle_is_all_or_nothing() -> None:
    market = opened()
    cheap = replace(REQUEST, phase=PhaseIndex(1), quantity=3)
    call = Call(sender=ADA, now=NOW, value=Wei(PRICE + 3 * CHEAP))

    outcome = mint_many(market, call, [REQUEST, cheap], [NOTHING, NOTHING])

    assert outcome == Refused("SeatDrops_SoldOut", (DROP, 1, 3, 2))
    assert not market.seats
