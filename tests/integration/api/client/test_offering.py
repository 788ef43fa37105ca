from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.actions import SeatsActions
from marketplace.bindings.currency import Currency
from marketplace.client.errors import AccessDenied, ApiRefused
from marketplace.client.offering import SeatAim, TierAim, offer_of
from marketplace.domain.ids import PhaseIndex, TierIndex
from marketplace.domain.money import Wei
from marketplace.domain.offer import SeatOffer
from marketplace.orders.check_ins import sign_check_in
from tests.integration.api.client.people import signer
from tests.integration.api.live import COHORT, SESSION

if TYPE_CHECKING:
    from tests.integration.api.client.people import People

ADA, BO, CLEO = (signer(name).address for name in ("ada", "bo", "cleo"))
NAMES = ("ada", "bo")
PRICE = Wei(40 * 10**15)
HOUR = 3_600


def test_an_offer_is_signed_found_and_accepted(people: People) -> None:
    people.send("ada", people("ada").prepare_mint(ADA, SESSION, PhaseIndex(0)))
    (seat,) = [one.seat for one in people("ada").my_seats().seats]
    market, actions = people.live.market, SeatsActions(people.market.contract)
    wrapped = Currency(market.web3, market.contract.wrapped_ether())
    wrap = {"amount_wei": str(PRICE)}
    people.send("bo", people("bo").prepare_action("wrap", BO, wrapped.wrap(PRICE), wrap))
    people.send("bo", wrapped.approve(market.contract.address, PRICE))

    for_tier = TierAim(drop=SESSION, tier=TierIndex(0))
    people("bo").sign_and_offer(signer("bo"), for_tier, Wei(PRICE - 1), expires_in_s=HOUR)
    made = people("bo").sign_and_offer(signer("bo"), SeatAim(seat=seat), PRICE, expires_in_s=HOUR)
    found = people("ada").offers(SESSION, seat=seat).offers
    assert [one.price_wei for one in found] == [PRICE, PRICE - 1]
    whole = people("ada").offer(found[0].offer)
    assert whole == made
    offer = offer_of(whole.message)
    assert isinstance(offer, SeatOffer)
    signature = bytes.fromhex(whole.signature[2:])
    wanted = actions.accept_seat_offer(offer, signature, whole.currency)
    named = {"offer": whole.offer}
    people.send("ada", people("ada").prepare_action("accept-offer", ADA, wanted, named))
    assert people.nobody().seat(seat).owner == BO


def test_that_the_resales_are_not_for_a_bidder_any_more_is_said_of_the_bidder(
    people: People,
) -> None:
    people.send("ada", people("ada").prepare_mint(ADA, COHORT, PhaseIndex(0)))
    people.send("bo", people("bo").prepare_mint(BO, SESSION, PhaseIndex(0)))
    (seat,), (opening,) = ([one.seat for one in people(name).my_seats().seats] for name in NAMES)
    market, actions = people.live.market, SeatsActions(people.market.contract)
    wrapped, price = Currency(market.web3, market.contract.wrapped_ether()), Wei(4 * PRICE)
    wrap = {"amount_wei": str(price)}
    people.send("bo", people("bo").prepare_action("wrap", BO, wrapped.wrap(price), wrap))
    people.send("bo", wrapped.approve(market.contract.address, price))
    made = people("bo").sign_and_offer(signer("bo"), SeatAim(seat=seat), price, expires_in_s=HOUR)
    offer = offer_of(made.message)
    assert isinstance(offer, SeatOffer)
    wanted = actions.accept_seat_offer(offer, bytes.fromhex(made.signature[2:]), made.currency)
    named = {"offer": made.offer}
    assert people("ada").prepare_action("accept-offer", ADA, wanted, named).data == wanted.data

    people.live.resell(opening, "bo", "cleo")
    people.live.mirror()
    assert people("ada").offers(COHORT).offers == ()
    for ask in (
        lambda: people("ada").offer(made.offer),
        lambda: people("ada").prepare_action("accept-offer", ADA, wanted, named),
    ):
        with pytest.raises(ApiRefused) as refused:
            ask()
        # The remedy in it is the bidder's, and not the seller's who reads it.
        assert not isinstance(refused.value, AccessDenied)
        problem = refused.value.problem
        assert problem.code == "bidder_denied"
        assert problem.decision is not None
        assert problem.decision.reason == "no_seat"
        assert BO in problem.detail


def test_a_check_in_is_signed_by_both_and_sent_by_anybody(people: People) -> None:
    people.send("ada", people("ada").prepare_mint(ADA, SESSION, PhaseIndex(0)))
    (seat,) = [one.seat for one in people("ada").my_seats().seats]
    market = people.live.market
    market.steering.travel(people.live.files[SESSION].drop.terms.starts_at)
    people.live.mirror()
    came = people.nobody().check_in_message(seat)
    named = people.market.chain_id, people.market.contract
    holder = sign_check_in(signer("ada"), came, *named)
    verifier = sign_check_in(signer("verifier"), came, *named)
    wanted = SeatsActions(named[1]).check_in(seat, came.expiry, holder, verifier)
    order = {
        "seat": str(int(seat)),
        "expiry": str(came.expiry),
        "holder_signature": f"0x{holder.hex()}",
        "verifier_signature": f"0x{verifier.hex()}",
    }
    people.send("cleo", people("cleo").prepare_action("check-in", CLEO, wanted, order))
    assert people.nobody().seat(seat).checked_in
