from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from marketplace.client.errors import PreparedOtherwise
from marketplace.client.offering import PassOrder, SeatAim, TierAim, offer_body, offer_of
from marketplace.domain.admission import CheckIn, Pass
from marketplace.domain.ids import PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Wei
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.check_ins import check_in_digest
from marketplace.orders.offers import offer_digest
from marketplace.orders.passes import pass_digest
from tests.unit.marketplace.client.preparing import ACTIONS, DROP, PRICE, SEAT, condition, prepared
from tests.unit.marketplace.client.told import (
    ADA,
    BLOCK_HASH,
    BO,
    LATER,
    MARKET,
    NOW,
    always,
    answered,
)

if TYPE_CHECKING:
    from marketplace.orders.offers import Offer
    from tests.unit.marketplace.client.preparing import Json

FOR_SEAT = SeatOffer(
    seat=SEAT,
    price=PRICE,
    epoch=2,
    buyer=BO.address,
    counter=3,
    terms_version=1,
    nonce=2**255,
    expiry=2**31,
)
FOR_TIER = TierOffer(
    drop=DROP,
    tier=TierIndex(0),
    least_face=Wei(5),
    price=PRICE,
    buyer=BO.address,
    counter=3,
    terms_version=1,
    nonce=7,
    expiry=2**31,
)
SEAT_AIM = SeatAim(seat=SEAT)
TIER_AIM = TierAim(drop=DROP, tier=TierIndex(0), least_face=Wei(5))
MINUTE = 60
DAY = 86_400


def told(offer: Offer) -> Json:
    """An offer as an API prepares it."""
    return {
        "id": f"0x{offer_digest(offer, MARKET.chain_id, MARKET.contract).hex()}",
        "offer": offer_body(offer, b"")["offer"],
        "typed_data": {},
        "summary": "Whatever the API says",
        "price_wei": str(offer.price),
        "royalty_wei": "0",
        "currency": ADA.address,
        "condition": condition() if isinstance(offer, SeatOffer) else None,
        "warnings": [],
        "expires_at": LATER,
        "as_of_block": 7,
        "block_hash": BLOCK_HASH,
    }


@pytest.mark.parametrize("offer", [FOR_SEAT, FOR_TIER])
def test_an_offer_goes_out_and_comes_back_as_it_is(offer: Offer) -> None:
    members = offer_body(offer, b"s")["offer"]
    assert isinstance(members, dict)
    assert offer_of(members) == offer


@pytest.mark.parametrize(
    ("offer", "aim"),
    [
        (replace(FOR_SEAT, seat=SeatId(SEAT + 1)), SEAT_AIM),
        (replace(FOR_SEAT, price=Wei(PRICE + 1)), SEAT_AIM),
        (replace(FOR_SEAT, buyer=ADA.address), SEAT_AIM),
        (replace(FOR_TIER, tier=TierIndex(1)), TIER_AIM),
        (replace(FOR_TIER, least_face=Wei(4)), TIER_AIM),
        (FOR_TIER, SEAT_AIM),
        (FOR_SEAT, TIER_AIM),
    ],
)
def test_another_offer_than_was_asked_for_is_not_signed(
    offer: Offer, aim: SeatAim | TierAim
) -> None:
    api = always(answered(told(offer)))
    with pytest.raises(PreparedOtherwise):
        api.client().sign_and_offer(BO, aim, PRICE, expires_in_s=60)


@pytest.mark.parametrize(
    "spoilt", [{"nonce": 7}, {"nonce": "-1"}, {"nonce": str(2**256)}, {"buyer": "nobody"}]
)
def test_members_that_are_none_are_not_signed(spoilt: Json) -> None:
    answer = told(FOR_SEAT)
    members = answer["offer"]
    assert isinstance(members, dict)
    with pytest.raises(PreparedOtherwise):
        always(answered(answer | {"offer": members | spoilt})).client().sign_and_offer(
            BO, SEAT_AIM, PRICE, expires_in_s=60
        )


def to_come(came: CheckIn) -> Json:
    """A check-in as an API prepares it."""
    return {
        "seat": str(int(SEAT)),
        "epoch": str(came.epoch),
        "expiry": str(came.expiry),
        "holder": ADA.address,
        "verifier": BO.address,
        "digest": f"0x{check_in_digest(came, MARKET.chain_id, MARKET.contract).hex()}",
        "as_of_block": 7,
        "block_hash": BLOCK_HASH,
    }


def test_a_check_in_of_another_seat_is_not_signed() -> None:
    came = CheckIn(seat=SEAT, epoch=1, expiry=2**31)
    answer = to_come(came)
    client = always(answered(answer)).client()
    assert client.check_in_message(SEAT) == came
    with pytest.raises(PreparedOtherwise):
        client.check_in_message(SeatId(SEAT + 1))


@pytest.mark.parametrize("expiry", [NOW + 2 * MINUTE + 1, NOW + 30 * DAY, NOW, 0])
def test_what_counts_longer_than_was_asked_for_or_not_at_all_is_not_signed(expiry: int) -> None:
    offer = always(answered(told(replace(FOR_SEAT, expiry=expiry))))
    with pytest.raises(PreparedOtherwise, match=r"offer .*expire"):
        offer.client().sign_and_offer(BO, SEAT_AIM, PRICE, expires_in_s=MINUTE)
    # It was asked once: nothing was signed and sent.
    assert len(offer.asked) == 1
    came = always(answered(to_come(CheckIn(seat=SEAT, epoch=1, expiry=expiry))))
    with pytest.raises(PreparedOtherwise, match=r"check-in .*expire"):
        came.client().check_in_message(SEAT, expires_in_s=MINUTE)


GIVEN = Pass(
    drop=DROP, phase=PhaseIndex(1), account=ADA.address, quantity=2, nonce=7, expiry=NOW + MINUTE
)
WANTED = PassOrder(drop=DROP, phase=PhaseIndex(1), account=ADA.address, quantity=2)


def to_pass(leave: Pass) -> Json:
    """A pass as an API prepares it."""
    return {
        "drop": int(leave.drop),
        "phase": int(leave.phase),
        "account": leave.account,
        "quantity": str(leave.quantity),
        "nonce": str(leave.nonce),
        "expiry": str(leave.expiry),
        "signer": BO.address,
        "digest": f"0x{pass_digest(leave, MARKET.chain_id, MARKET.contract).hex()}",
        "as_of_block": 7,
        "block_hash": BLOCK_HASH,
    }


def test_a_pass_is_for_whom_and_for_what_it_was_asked() -> None:
    assert always(answered(to_pass(GIVEN))).client().pass_message(WANTED, expires_in_s=60) == GIVEN
    others = (
        replace(GIVEN, account=BO.address),
        replace(GIVEN, quantity=3),
        replace(GIVEN, phase=PhaseIndex(0)),
        replace(GIVEN, expiry=NOW + 2 * MINUTE + 1),
    )
    for other in others:
        with pytest.raises(PreparedOtherwise, match="pass"):
            always(answered(to_pass(other))).client().pass_message(WANTED, expires_in_s=MINUTE)
    with pytest.raises(PreparedOtherwise, match="pass"):
        always(answered(to_pass(GIVEN))).client().pass_message(
            replace(WANTED, nonce=8), expires_in_s=MINUTE
        )


def test_two_clocks_may_differ_by_a_minute() -> None:
    latest = CheckIn(seat=SEAT, epoch=1, expiry=NOW + 2 * MINUTE)
    client = always(answered(to_come(latest))).client()
    assert client.check_in_message(SEAT, expires_in_s=MINUTE) == latest


def test_an_action_is_what_its_caller_would_send_and_nothing_else() -> None:
    refund, other = ACTIONS.refund(SEAT), ACTIONS.refund(SeatId(SEAT + 1))
    order = {"seat": str(int(SEAT))}
    honest = always(answered(prepared(refund))).client()
    checked = honest.prepare_action("refund", BO.address, refund, order)
    assert (checked.data, checked.summary) == (refund.data, refund.summary)
    with pytest.raises(PreparedOtherwise):
        always(answered(prepared(other))).client().prepare_action(
            "refund", BO.address, refund, order
        )
