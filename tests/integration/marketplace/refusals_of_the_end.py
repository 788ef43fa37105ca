"""What the contract refuses of gates, steering, delivery, offers and the platform.

Owns one scenario for each error that an ordinary history reaches there. Refuses to run them: the
tests do, on every chain. `JustMoved` needs two calls in one block, `CurrenciesExhausted` 255
currencies: the contract's own tests have them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from marketplace.bindings import reverts
from marketplace.bindings.interface import interface_of
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.bindings.wire import listing_tuple, mint_tuple
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.admission import CheckIn, Pass
from marketplace.domain.drop import DropState, Gate, MintRequest
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.listing import Purchase
from marketplace.domain.money import Bps, Wei
from marketplace.domain.offer import SeatOffer
from marketplace.orders.check_ins import sign_check_in
from marketplace.orders.passes import (
    gate_data_of_drop,
    gate_data_of_signer,
    pass_authorisation,
    seat_authorisation,
    sign_pass,
)
from tests.integration.marketplace.refusals import Refusal, Scenario
from tests.integration.marketplace.world import (
    DAY,
    PRICE,
    Market,
    address_of,
    signer,
    with_phase,
)

if TYPE_CHECKING:
    from marketplace.domain.errors import ContractReverted
    from marketplace.domain.views import DropView

TIER: Final = TierIndex(0)
PHASE: Final = PhaseIndex(0)


def _terms(market: Market) -> DropView:
    return market.contract.terms_of(market.drop).terms


def _call(market: Market, function: str, *arguments: object) -> PreparedTransaction:
    data = interface_of("Seats").functions[function].encode_call(arguments)
    return PreparedTransaction(to=market.contract.address, data=data, summary=function)


def _request(market: Market, drop: DropId | None = None) -> MintRequest:
    return MintRequest(
        drop=market.drop if drop is None else drop,
        phase=PHASE,
        recipient=address_of("ada"),
        quantity=1,
        max_total=PRICE,
    )


def _gated(market: Market, gate: Gate, data: bytes) -> DropId:
    return market.create(with_phase(market.offer(), gate=gate, gate_data=data))


def _opening(market: Market, error: ContractReverted) -> Refusal:
    """Ada mints by her seat in a phase for seats of its drop."""
    drop = _gated(market, Gate.SEAT, gate_data_of_drop(market.drop))
    call = market.contract.mint(_request(market, drop), PRICE, seat_authorisation(market.seat))
    return Refusal("ada", call, error)


def pass_that_ended(market: Market) -> Refusal:
    drop = _gated(market, Gate.PASS, gate_data_of_signer(address_of("verifier")))
    leave = Pass(
        drop=drop,
        phase=PHASE,
        account=address_of("ada"),
        quantity=1,
        nonce=0,
        expiry=market.now - 1,
    )
    signature = sign_pass(signer("verifier"), leave, market.chain_id, market.contract.address)
    authorisation = pass_authorisation(leave, signature)
    call = market.contract.mint(_request(market, drop), PRICE, authorisation)
    return Refusal("ada", call, reverts.PassExpired(leave.expiry, 0))


def seat_that_can_still_be_refunded(market: Market) -> Refusal:
    from_ = _terms(market).refund_until + 1
    return _opening(market, reverts.SeatRefundable(market.seat, from_))


def seat_of_a_cancelled_drop(market: Market) -> Refusal:
    market.send("mentor", market.contract.cancel_drop(market.drop))
    return _opening(market, reverts.SeatVoid(market.seat, DropState.CANCELLED))


def mints_without_their_authorisations(market: Market) -> Refusal:
    call = _call(market, "mintMany", [mint_tuple(_request(market))], [])
    return Refusal("ada", call, reverts.SeatDropsLengthsDiffer(1, 0))


def not_the_mentor(market: Market) -> Refusal:
    error = reverts.NotMentor(market.drop, address_of("mentor"), address_of("bo"))
    return Refusal("bo", market.contract.lower_cap(market.drop, TIER, 5), error)


def not_the_guardian(market: Market) -> Refusal:
    market.send("deployer", market.contract.set_guardian(address_of("guardian")))
    error = reverts.NotGuardian(address_of("guardian"), address_of("bo"))
    return Refusal("bo", market.contract.pause(market.drop, market.now + DAY), error)


def failed_too_early(market: Market) -> Refusal:
    error = reverts.SeatDropsTooEarly(market.drop, _terms(market).deliver_by + 1, 0)
    return Refusal("bo", market.contract.fail_drop(market.drop), error)


def granted_too_late(market: Market) -> Refusal:
    ends_at = _terms(market).ends_at
    market.steering.travel(ends_at)
    error = reverts.SeatDropsTooLate(market.drop, ends_at - 1, 0)
    return Refusal("mentor", market.contract.grant(market.drop, TIER, address_of("bo"), 1), error)


def grant_of_no_tier(market: Market) -> Refusal:
    tier = TierIndex(3)
    granted = market.contract.grant(market.drop, tier, address_of("bo"), 1)
    return Refusal("mentor", granted, reverts.TierUnknown(market.drop, tier))


def grant_too_large(market: Market) -> Refusal:
    granted = market.contract.grant(market.drop, TIER, address_of("bo"), 12)
    return Refusal("mentor", granted, reverts.GrantTooLarge(market.drop, TIER, 12, 11))


def cap_that_would_not_fall(market: Market) -> Refusal:
    lowered = market.contract.lower_cap(market.drop, TIER, 12)
    return Refusal("mentor", lowered, reverts.CapOutOfBounds(12, 1, 12))


def postponed_too_often(market: Market) -> Refusal:
    terms = _terms(market)
    times = (terms.starts_at, terms.ends_at, terms.deliver_by)
    call = market.contract.postpone(market.drop, *times)
    for _ in range(2):
        market.send("mentor", call)
    return Refusal("mentor", call, reverts.PostponedTooOften(market.drop, 2))


def settled_while_live(market: Market) -> Refusal:
    error = reverts.WrongState(market.drop, DropState.LIVE)
    return Refusal("bo", market.contract.settle(market.drop), error)


def checked_in_too_early(market: Market) -> Refusal:
    error = reverts.SeatDeliveryTooEarly(market.drop, _terms(market).starts_at, 0)
    return Refusal("ada", market.contract.check_in(market.seat, market.now + DAY), error)


def refunded_too_late(market: Market) -> Refusal:
    until = _terms(market).refund_until
    market.steering.travel(until + 1)
    error = reverts.SeatDeliveryTooLate(market.drop, until, 0)
    return Refusal("ada", market.contract.refund(market.seat), error)


def refund_of_a_granted_seat(market: Market) -> Refusal:
    market.send("mentor", market.contract.grant(market.drop, TIER, address_of("bo"), 1))
    seat = SeatId(market.seat + 1)
    return Refusal("bo", market.contract.refund(seat), reverts.NoFace(seat))


def _check_in(market: Market, expiry: int) -> PreparedTransaction:
    """Ada sends, and the verifier has signed."""
    came = CheckIn(seat=market.seat, epoch=0, expiry=expiry)
    signature = sign_check_in(signer("verifier"), came, market.chain_id, market.contract.address)
    return market.contract.check_in(market.seat, expiry, b"", signature)


def checked_in_twice(market: Market) -> Refusal:
    market.steering.travel(_terms(market).starts_at)
    call = _check_in(market, market.now + DAY)
    market.send("ada", call)
    return Refusal("ada", call, reverts.CheckedIn(market.seat))


def check_in_that_ended(market: Market) -> Refusal:
    market.steering.travel(_terms(market).starts_at)
    expiry = market.now - 1
    return Refusal("ada", _check_in(market, expiry), reverts.CheckInExpired(expiry, 0))


def check_in_without_a_verifier(market: Market) -> Refusal:
    market.send("mentor", market.contract.set_verifier(market.drop, ZERO_ADDRESS))
    market.steering.travel(_terms(market).starts_at)
    call = _check_in(market, market.now + DAY)
    return Refusal("ada", call, reverts.VerifierMissing(market.drop))


def _asserted(market: Market) -> None:
    market.steering.travel(_terms(market).ends_at)
    market.send("mentor", market.contract.assert_delivery(market.drop, bytes(32)))


def _disputed(market: Market) -> None:
    """Ada has objected, and the challenge window is over."""
    _asserted(market)
    market.send("ada", market.contract.object_to(market.seat))
    market.steering.travel(_terms(market).asserted_at + 7 * DAY + 1)
    market.send("bo", market.contract.settle(market.drop))


def _narrowly_decided(market: Market) -> SeatId:
    """Ada's seat of twelve was in dispute; gives one that was not."""
    seat = market.mint(market.drop, "cleo", 5)
    for name, quantity in (("bo", 5), ("guardian", 1)):
        market.mint(market.drop, name, quantity)
    _disputed(market)
    assert _terms(market).state is DropState.DISPUTED_NARROW
    market.send("resolver", market.contract.resolve(market.drop, Bps(5_000)))
    return seat


def objected_twice(market: Market) -> Refusal:
    _asserted(market)
    call = market.contract.object_to(market.seat)
    market.send("ada", call)
    return Refusal("ada", call, reverts.ObjectedAlready(market.seat))


def not_the_resolver(market: Market) -> Refusal:
    _disputed(market)
    error = reverts.NotResolver(market.drop, address_of("resolver"), address_of("bo"))
    return Refusal("bo", market.contract.resolve(market.drop, Bps(0)), error)


def split_above_the_whole(market: Market) -> Refusal:
    _disputed(market)
    split = market.contract.resolve(market.drop, Bps(10_001))
    return Refusal("resolver", split, reverts.SplitTooLarge(Bps(10_001), Bps(10_000)))


def claimed_out_of_a_dispute(market: Market) -> Refusal:
    seat = _narrowly_decided(market)
    return Refusal("cleo", market.contract.claim(seat), reverts.NotInDispute(seat))


def collected_out_of_a_dispute(market: Market) -> Refusal:
    _narrowly_decided(market)
    return Refusal("bo", market.contract.collect(market.seat), reverts.InDispute(market.seat))


def claimed_twice(market: Market) -> Refusal:
    market.send("mentor", market.contract.cancel_drop(market.drop))
    call = market.contract.claim(market.seat)
    market.send("ada", call)
    return Refusal("ada", call, reverts.NothingToClaim(market.seat))


def offer_after_the_end(market: Market) -> Refusal:
    ends_at = _terms(market).ends_at
    market.steering.travel(ends_at + 1)
    offer = SeatOffer(
        seat=market.seat,
        price=PRICE,
        epoch=0,
        buyer=address_of("bo"),
        counter=0,
        terms_version=0,
        nonce=0,
        expiry=market.now + DAY,
    )
    call = market.contract.accept_seat_offer(offer, b"", market.contract.wrapped_ether())
    return Refusal("ada", call, reverts.OffersClosed(market.drop, DropState.LIVE, ends_at))


def listings_without_their_signatures(market: Market) -> Refusal:
    listing = listing_tuple(market.listing(market.seat, "ada"))
    call = _call(market, "buyMany", [listing], [])
    return Refusal("bo", call, reverts.SeatMarketLengthsDiffer(1, 0))


def basket_of_dead_listings(market: Market) -> Refusal:
    dead = replace(market.listing(market.seat, "ada"), epoch=4)
    call = market.contract.buy_many([Purchase(listing=dead)] * 2)
    return Refusal("bo", call, reverts.NothingBought(2))


def purchase_for_somebody(market: Market) -> Refusal:
    listing = listing_tuple(market.listing(market.seat, "ada"))
    call = _call(market, "buyFor", listing, b"", address_of("cleo"))
    return Refusal("bo", call, reverts.OnlyItself(address_of("bo")))


def ether_for_nothing(market: Market) -> Refusal:
    sent = PreparedTransaction(
        to=market.contract.address, data=b"", summary="Send a wei", value=Wei(1)
    )
    return Refusal("bo", sent, reverts.EtherUnasked(address_of("bo"), Wei(1)))


def currency_without_a_contract(market: Market) -> Refusal:
    nobody = address_of("bo")
    allowed = market.contract.set_currency(nobody, allowed=True)
    return Refusal("deployer", allowed, reverts.CurrencyMissing(nobody))


def currency_that_was_not_allowed(market: Market) -> Refusal:
    refused = market.contract.set_currency(ETH, allowed=False)
    return Refusal("deployer", refused, reverts.CurrencyUnchanged(ETH, allowed=False))


OF_THE_END: Final[tuple[Scenario, ...]] = (
    pass_that_ended,
    seat_that_can_still_be_refunded,
    seat_of_a_cancelled_drop,
    mints_without_their_authorisations,
    not_the_mentor,
    not_the_guardian,
    failed_too_early,
    granted_too_late,
    grant_of_no_tier,
    grant_too_large,
    cap_that_would_not_fall,
    postponed_too_often,
    settled_while_live,
    checked_in_too_early,
    refunded_too_late,
    refund_of_a_granted_seat,
    checked_in_twice,
    check_in_that_ended,
    check_in_without_a_verifier,
    objected_twice,
    not_the_resolver,
    split_above_the_whole,
    claimed_out_of_a_dispute,
    collected_out_of_a_dispute,
    claimed_twice,
    offer_after_the_end,
    listings_without_their_signatures,
    basket_of_dead_listings,
    purchase_for_somebody,
    ether_for_nothing,
    currency_without_a_contract,
    currency_that_was_not_allowed,
)
"""Every chain reaches these by ordinary transactions."""
