"""What the contract refuses: who does what, and the error that must come of it.

Owns one scenario for each error that an ordinary history reaches, and for those that only a
state written by hand reaches. Refuses to run them: the tests do, on every chain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from marketplace.bindings import reverts
from marketplace.bindings.deploy import creation
from marketplace.bindings.interface import interface_of
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import DropState, Gate, MintRequest, TransferPolicy
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.money import NO_MONEY, Bps, Wei, toll_of
from tests.integration.marketplace.world import (
    DAY,
    FEE,
    LIST_PRICE,
    PRICE,
    TOLL,
    Market,
    address_of,
    with_phase,
    with_terms,
)

if TYPE_CHECKING:
    from marketplace.domain.errors import ContractReverted

TOLL_WEI: Final = toll_of(LIST_PRICE, TOLL)
NOWHERE: Final = SeatId(99_000_001)


@dataclass(frozen=True, slots=True)
class Refusal:
    """`who` sends `transaction` and gets `error`."""

    who: str
    transaction: PreparedTransaction
    error: ContractReverted


Scenario = Callable[[Market], Refusal]


def _create(market: Market, error: ContractReverted, **terms: object) -> Refusal:
    offer = with_terms(market.offer(), **terms)
    return Refusal("mentor", market.contract.create_drop(offer), error)


def _mint(market: Market, error: ContractReverted, **changes: object) -> Refusal:
    request = MintRequest(
        drop=market.drop,
        phase=PhaseIndex(0),
        recipient=address_of("bo"),
        quantity=1,
        max_total=PRICE,
    )
    changed = replace(request, **changes)  # type: ignore[arg-type] # scenarios name fields
    payment = Wei(PRICE * changed.quantity)
    return Refusal("bo", market.contract.mint(changed, payment), error)


def _buy(market: Market, error: ContractReverted, **changes: object) -> Refusal:
    listing = replace(market.listing(market.seat, "ada"), **changes)  # type: ignore[arg-type] # scenarios name fields
    return Refusal("bo", market.contract.buy(listing, market.sign(listing, "ada")), error)


def _call(market: Market, function: str, *arguments: object) -> PreparedTransaction:
    data = interface_of("Seats").functions[function].encode_call(arguments)
    return PreparedTransaction(to=market.contract.address, data=data, summary=function)


def term_out_of_bounds(market: Market) -> Refusal:
    error = reverts.TermOutOfBounds(b"royalty".ljust(32, b"\0"), 2_001, 0, 2_000)
    return _create(market, error, royalty=Bps(2_001))


def resolver_is_the_mentor(market: Market) -> Refusal:
    mentor = address_of("mentor")
    return _create(market, reverts.ResolverNotNeutral(mentor), resolver=mentor)


def verifier_is_the_mentor(market: Market) -> Refusal:
    mentor = address_of("mentor")
    return _create(market, reverts.VerifierIsMentor(mentor), verifier=mentor)


def currency_not_allowed(market: Market) -> Refusal:
    currency = address_of("cleo")
    return _create(market, reverts.CurrencyNotAllowed(currency), currency=currency)


def gate_data_unfit(market: Market) -> Refusal:
    offer = with_phase(market.offer(), gate=Gate.PASS, gate_data=bytes(32))
    error = reverts.GateDataUnfit(PhaseIndex(0), Gate.PASS, bytes(32))
    return Refusal("mentor", market.contract.create_drop(offer), error)


def fee_above_max(market: Market) -> Refusal:
    return _create(market, reverts.FeeAboveMax(FEE, Bps(100)), max_fee=Bps(100))


def drop_unknown(market: Market) -> Refusal:
    return Refusal("bo", _call(market, "termsOf", 99), reverts.SeatDropsUnknown(DropId(99)))


def phase_unknown(market: Market) -> Refusal:
    phase = PhaseIndex(3)
    return _mint(market, reverts.PhaseUnknown(market.drop, phase), phase=phase)


def mint_of_no_drop(market: Market) -> Refusal:
    return _mint(market, reverts.NotLive(DropId(99), DropState.NONE), drop=DropId(99))


def phase_not_open_yet(market: Market) -> Refusal:
    offer = market.offer()
    phase = replace(offer.phases[0], opens=offer.phases[0].opens + DAY)
    drop = market.create(replace(offer, phases=(phase,)))
    return _mint(market, reverts.PhaseClosed(phase.opens, phase.closes, 0), drop=drop)


def mint_of_nothing(market: Market) -> Refusal:
    return _mint(market, reverts.EmptyMint(0, address_of("bo")), quantity=0)


def sold_out(market: Market) -> Refusal:
    error = reverts.SoldOut(market.drop, PhaseIndex(0), 12, 11)
    return _mint(market, error, quantity=12, max_total=Wei(12 * PRICE))


def wallet_limit(market: Market) -> Refusal:
    error = reverts.WalletLimit(address_of("bo"), 0, 6, 5)
    return _mint(market, error, quantity=6, max_total=Wei(6 * PRICE))


def mint_underpaid_by_a_wei(market: Market) -> Refusal:
    paid = Wei(PRICE - 1)
    error = reverts.SeatDropsWrongPayment(PRICE, paid)
    return Refusal("bo", market.mint_call(market.drop, "bo", payment=paid), error)


def above_max_total(market: Market) -> Refusal:
    most = Wei(PRICE - 1)
    return _mint(market, reverts.AboveMaxTotal(PRICE, most), max_total=most)


def seller_not_owner(market: Market) -> Refusal:
    seller = address_of("cleo")
    error = reverts.SellerNotOwner(market.seat, seller, address_of("ada"))
    return _buy(market, error, seller=seller)


def epoch_passed(market: Market) -> Refusal:
    return _buy(market, reverts.EpochPassed(market.seat, 4, 0), epoch=4)


def counter_passed(market: Market) -> Refusal:
    return _buy(market, reverts.CounterPassed(address_of("ada"), 1, 0), counter=1)


def terms_changed(market: Market) -> Refusal:
    return _buy(market, reverts.TermsChanged(market.seat, 2, 0), terms_version=2)


def listing_expired(market: Market) -> Refusal:
    expiry = market.now - 1
    return _buy(market, reverts.ListingExpired(expiry, 0), expiry=expiry)


def expiry_too_far(market: Market) -> Refusal:
    expiry = market.now + 40 * DAY
    return _buy(market, reverts.ExpiryTooFar(expiry, 0), expiry=expiry)


def not_the_taker(market: Market) -> Refusal:
    taker = address_of("cleo")
    return _buy(market, reverts.NotTheTaker(taker, address_of("bo")), taker=taker)


def seller_is_buyer(market: Market) -> Refusal:
    bought = _buy(market, reverts.SellerIsBuyer(address_of("ada")))
    return replace(bought, who="ada")


def price_above_the_cap_by_a_wei(market: Market) -> Refusal:
    most = Wei(PRICE * 12 // 10)
    price = Wei(most + 1)
    return _buy(market, reverts.PriceOutOfBounds(price, TOLL_WEI, most), price=price)


def sale_underpaid(market: Market) -> Refusal:
    bought = _buy(market, reverts.SeatMarketWrongPayment(PRICE, NO_MONEY))
    return replace(bought, transaction=replace(bought.transaction, value=NO_MONEY))


def signed_by_somebody_else(market: Market) -> Refusal:
    listing = market.listing(market.seat, "ada")
    digest = market.contract.digest_of(listing)
    forged = market.contract.buy(listing, market.sign(listing, "cleo"))
    return Refusal("bo", forged, reverts.SignatureInvalid(address_of("ada"), digest))


def stored_by_somebody_else(market: Market) -> Refusal:
    error = reverts.NotTheSeller(address_of("ada"), address_of("bo"))
    stored = market.contract.list_seat(market.listing(market.seat, "ada"))
    return Refusal("bo", stored, error)


def seat_unknown(market: Market) -> Refusal:
    cancelled = market.contract.cancel_listings(NOWHERE)
    return Refusal("bo", cancelled, reverts.SeatTokenUnknown(NOWHERE))


def not_the_owner(market: Market) -> Refusal:
    error = reverts.NotOwner(market.seat, address_of("ada"), address_of("bo"))
    return Refusal("bo", market.contract.cancel_listings(market.seat), error)


def approval_refused(market: Market) -> Refusal:
    approved = _call(market, "approve", address_of("bo"), market.seat)
    return Refusal("ada", approved, reverts.ApprovalRefused(TransferPolicy.MARKET_ONLY))


def seat_is_bound(market: Market) -> Refusal:
    drop = market.create(with_terms(market.offer(), policy=TransferPolicy.BOUND))
    seat = market.mint(drop, "ada")
    return replace(_gift(market, reverts.Bound(seat), seat=seat), who="ada")


def delivery_overdue(market: Market) -> Refusal:
    deliver_by = market.contract.terms_of(market.drop).terms.deliver_by
    market.steering.travel(deliver_by + 1)
    return _gift(market, reverts.DeliveryOverdue(market.drop, deliver_by))


def cooling_down(market: Market) -> Refusal:
    movable_from = market.contract.seat_of(market.seat).movable_from
    return _gift(market, reverts.CoolingDown(market.seat, movable_from))


def wrong_toll(market: Market) -> Refusal:
    paid = Wei(TOLL_WEI + 1)
    error = reverts.WrongToll(market.seat, TOLL_WEI, paid)
    return _after_cooldown(market, error, toll=paid)


def gift_from_somebody_else(market: Market) -> Refusal:
    error = reverts.NotTheirs(market.seat, address_of("ada"), address_of("bo"))
    return _after_cooldown(market, error, giver=address_of("bo"))


def gift_to_nobody(market: Market) -> Refusal:
    return _after_cooldown(
        market, reverts.ToNobody(market.seat, ZERO_ADDRESS), recipient=ZERO_ADDRESS
    )


def gift_to_a_contract_that_takes_no_seats(market: Market) -> Refusal:
    error = reverts.NotTaken(market.seat, market.deployment.renderer)
    return _after_cooldown(market, error, recipient=market.deployment.renderer)


def owner_of_nothing(market: Market) -> Refusal:
    return Refusal("bo", _call(market, "ownerOf", NOWHERE), reverts.SeatTokenUnknown(NOWHERE))


def no_such_function(market: Market) -> Refusal:
    call = replace(_call(market, "ownerOf", market.seat), data=bytes.fromhex("deadbeef"))
    return Refusal("bo", call, reverts.FunctionUnknown(bytes.fromhex("deadbeef")))


def balance_of_nobody(market: Market) -> Refusal:
    asked = _call(market, "balanceOf", ZERO_ADDRESS)
    return Refusal("bo", asked, reverts.BalanceQueryForZeroAddress())


def credit_too_small(market: Market) -> Refusal:
    bo = address_of("bo")
    error = reverts.CreditTooSmall(bo, NO_MONEY, Wei(1))
    return Refusal("bo", market.contract.withdraw(bo, Wei(1)), error)


def nothing_to_withdraw(market: Market) -> Refusal:
    bo = address_of("bo")
    error = reverts.NothingToWithdraw(bo, bo)
    return Refusal("bo", market.contract.withdraw(bo, NO_MONEY), error)


def fee_too_high(market: Market) -> Refusal:
    call = market.contract.set_platform(address_of("treasury"), Bps(1_001))
    return Refusal("deployer", call, reverts.FeeTooHigh(Bps(1_001), Bps(1_000)))


def treasury_missing(market: Market) -> Refusal:
    call = market.contract.set_platform(ZERO_ADDRESS, Bps(100))
    return Refusal("deployer", call, reverts.TreasuryMissing())


def owner_required(market: Market) -> Refusal:
    return Refusal("deployer", _call(market, "renounceOwnership"), reverts.OwnerRequired())


def not_the_platforms_owner(market: Market) -> Refusal:
    call = market.contract.set_platform(address_of("bo"), Bps(100))
    return Refusal("bo", call, reverts.OwnableUnauthorizedAccount(address_of("bo")))


def _seats(market: Market, **changes: object) -> PreparedTransaction:
    arguments = {
        "owner": address_of("deployer"),
        "treasury": address_of("treasury"),
        "fee": FEE,
        "renderer": market.deployment.renderer,
        "wrapped_ether": market.contract.wrapped_ether(),
    }
    return creation("Seats", tuple((arguments | changes).values()))


def seats_without_an_owner(market: Market) -> Refusal:
    error = reverts.OwnableInvalidOwner(ZERO_ADDRESS)
    return Refusal("deployer", _seats(market, owner=ZERO_ADDRESS), error)


def seats_without_a_renderer(market: Market) -> Refusal:
    nobody = address_of("bo")
    created = _seats(market, renderer=nobody)
    return Refusal("deployer", created, reverts.RendererMissing(nobody))


def seats_without_wrapped_ether(market: Market) -> Refusal:
    nobody = address_of("bo")
    created = _seats(market, wrapped_ether=nobody)
    return Refusal("deployer", created, reverts.CurrencyMissing(nobody))


def renderer_without_pages(market: Market) -> Refusal:
    del market
    return Refusal("deployer", creation("SeatRenderer", ("",)), reverts.BaseAddressMissing())


def royalty_of_an_endless_price(market: Market) -> Refusal:
    price, most = 2**256 - 1, (2**256 - 1) // 10_000
    asked = _call(market, "royaltyInfo", market.seat, price)
    return Refusal("bo", asked, reverts.PriceTooHigh(Wei(price), Wei(most)))


def _gift(
    market: Market,
    error: ContractReverted,
    seat: SeatId | None = None,
    toll: Wei = TOLL_WEI,
    **changed: ChecksumAddress,
) -> Refusal:
    given = market.contract.transfer(
        market.seat if seat is None else seat,
        changed.get("giver", address_of("ada")),
        changed.get("recipient", address_of("bo")),
        toll,
    )
    return Refusal("ada", given, error)


def _after_cooldown(
    market: Market,
    error: ContractReverted,
    toll: Wei = TOLL_WEI,
    **changed: ChecksumAddress,
) -> Refusal:
    market.steering.travel(market.now + 2 * DAY)
    return _gift(market, error, None, toll, **changed)


SCENARIOS: Final[tuple[Scenario, ...]] = (
    term_out_of_bounds,
    resolver_is_the_mentor,
    verifier_is_the_mentor,
    currency_not_allowed,
    gate_data_unfit,
    fee_above_max,
    drop_unknown,
    phase_unknown,
    mint_of_no_drop,
    phase_not_open_yet,
    mint_of_nothing,
    sold_out,
    wallet_limit,
    mint_underpaid_by_a_wei,
    above_max_total,
    seller_not_owner,
    epoch_passed,
    counter_passed,
    terms_changed,
    listing_expired,
    expiry_too_far,
    not_the_taker,
    seller_is_buyer,
    price_above_the_cap_by_a_wei,
    sale_underpaid,
    signed_by_somebody_else,
    stored_by_somebody_else,
    seat_unknown,
    not_the_owner,
    approval_refused,
    seat_is_bound,
    delivery_overdue,
    cooling_down,
    wrong_toll,
    gift_from_somebody_else,
    gift_to_nobody,
    gift_to_a_contract_that_takes_no_seats,
    owner_of_nothing,
    no_such_function,
    balance_of_nobody,
    credit_too_small,
    nothing_to_withdraw,
    fee_too_high,
    treasury_missing,
    owner_required,
    not_the_platforms_owner,
    seats_without_an_owner,
    seats_without_a_renderer,
    seats_without_wrapped_ether,
    renderer_without_pages,
    royalty_of_an_endless_price,
)
"""Every chain reaches these by ordinary transactions."""
