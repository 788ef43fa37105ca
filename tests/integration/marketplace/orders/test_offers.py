from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.currency import Currency
from marketplace.bindings.events import OfferFilled, SeatSold
from marketplace.bindings.reverts import (
    FaceTooLow,
    OfferForAnother,
    OfferSpent,
    PaymentMissing,
    SignatureInvalid,
)
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import NO_MONEY, Wei, split_sale, toll_of
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.offers import Offer, is_signed_by_buyer, offer_digest, sign_offer
from tests.integration.marketplace.world import (
    DAY,
    LIST_PRICE,
    PRICE,
    ROYALTY,
    TOLL,
    Market,
    address_of,
    one,
    signer,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.bindings.transactions import PreparedTransaction

PRICE_OFFERED = Wei(PRICE + 13)
SPLIT = split_sale(PRICE_OFFERED, ROYALTY, toll_of(LIST_PRICE, TOLL))


def seat_offer(market: Market) -> SeatOffer:
    return SeatOffer(
        seat=market.seat,
        price=PRICE_OFFERED,
        epoch=0,
        buyer=address_of("bo"),
        counter=0,
        terms_version=0,
        nonce=300,
        expiry=market.now + 5 * DAY,
    )


def tier_offer(market: Market) -> TierOffer:
    return TierOffer(
        drop=market.drop,
        tier=TierIndex(0),
        least_face=PRICE,
        price=PRICE_OFFERED,
        buyer=address_of("bo"),
        counter=0,
        terms_version=0,
        nonce=2**255 + 1,
        expiry=market.now + 5 * DAY,
    )


def signed(market: Market, offer: Offer, name: str = "bo") -> bytes:
    return sign_offer(signer(name), offer, market.chain_id, market.contract.address)


def fund(market: Market) -> Currency:
    """Wrapped ether for bo, of which the market may take the price."""
    wrapped = Currency(market.web3, market.contract.wrapped_ether())
    market.send("bo", wrapped.wrap(PRICE_OFFERED))
    market.send("bo", wrapped.approve(market.contract.address, PRICE_OFFERED))
    assert wrapped.allowance(address_of("bo"), market.contract.address) == PRICE_OFFERED
    return wrapped


def test_a_seat_offer_is_filled_by_its_signature(market: Market) -> None:
    wrapped, offer = fund(market), seat_offer(market)
    call = market.contract.accept_seat_offer(offer, signed(market, offer), wrapped.address)
    events = market.contract.events_of(market.send("ada", call))
    assert one(events, OfferFilled) == OfferFilled(offer.buyer, market.seat, offer.nonce)
    assert one(events, SeatSold).royalty == SPLIT.royalty == market.contract.held_of(market.seat)
    assert market.contract.owner_of(market.seat) == offer.buyer
    assert wrapped.balance_of(address_of("ada")) == SPLIT.seller_net
    assert wrapped.balance_of(offer.buyer) == NO_MONEY
    assert market.contract.is_offer_spent(offer.buyer, offer.nonce)


def test_a_tier_offer_is_filled_by_its_signature_once(market: Market) -> None:
    wrapped, offer = fund(market), tier_offer(market)
    seat, signature = market.mint(market.drop, "cleo"), signed(market, offer)
    market.send("cleo", market.contract.accept_tier_offer(offer, seat, signature, wrapped.address))
    assert market.contract.owner_of(seat) == offer.buyer
    again = market.contract.accept_tier_offer(offer, market.seat, signature, wrapped.address)
    with pytest.raises(OfferSpent) as refused:
        market.sender("ada").simulate(again)
    assert refused.value == OfferSpent(offer.buyer, offer.nonce)


@pytest.mark.parametrize("kind", [seat_offer, tier_offer])
def test_an_offer_has_the_contracts_own_digest(
    market: Market, kind: Callable[[Market], Offer]
) -> None:
    offer = kind(market)
    forged = signed(market, offer, "cleo")
    assert not is_signed_by_buyer(offer, forged, market.chain_id, market.contract.address)
    with pytest.raises(SignatureInvalid) as refused:
        market.sender("ada").simulate(accepting(market, offer, forged))
    digest = offer_digest(offer, market.chain_id, market.contract.address)
    assert refused.value == SignatureInvalid(offer.buyer, digest)
    good = signed(market, offer)
    assert is_signed_by_buyer(offer, good, market.chain_id, market.contract.address)


def test_an_offer_is_refused_for_what_it_does_not_fit(devnet: Market) -> None:
    offer = tier_offer(devnet)
    dear = replace(offer, least_face=Wei(PRICE + 1))
    other = replace(offer, tier=TierIndex(1))
    for changed, error in (
        (dear, FaceTooLow(devnet.seat, PRICE, dear.least_face)),
        (other, OfferForAnother(devnet.seat, offer.drop, other.tier)),
        (
            offer,
            PaymentMissing(devnet.contract.wrapped_ether(), offer.buyer, offer.price, NO_MONEY),
        ),
    ):
        with pytest.raises(type(error)) as refused:
            devnet.sender("ada").simulate(accepting(devnet, changed, signed(devnet, changed)))
        assert refused.value == error


def test_a_cancelled_offer_is_dead(market: Market) -> None:
    offer = seat_offer(market)
    market.send("bo", market.contract.cancel_offer(offer.nonce))
    with pytest.raises(OfferSpent):
        market.sender("ada").simulate(accepting(market, offer, signed(market, offer)))


def accepting(market: Market, offer: Offer, signature: bytes) -> PreparedTransaction:
    wrapped = market.contract.wrapped_ether()
    if isinstance(offer, SeatOffer):
        return market.contract.accept_seat_offer(offer, signature, wrapped)
    return market.contract.accept_tier_offer(offer, market.seat, signature, wrapped)
