"""Every call of the contract, as the model runs it and as bytes.

Owns the pairing of both. Refuses to choose arguments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from marketplace.bindings.interface import interface_of
from marketplace.domain.model import (
    claiming,
    creating,
    delivery,
    minting,
    money,
    moving,
    offering,
    platform,
    steering,
    trading,
)
from marketplace.domain.model.admission import NOTHING
from tests.integration.model import signing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.drop import MintRequest, NewDrop
    from marketplace.domain.ids import DropId, SeatId, TierIndex
    from marketplace.domain.listing import Listing
    from marketplace.domain.model.admission import Authorisation
    from marketplace.domain.model.refusals import Refused
    from marketplace.domain.model.state import Call, Market
    from marketplace.domain.money import Bps, Wei
    from marketplace.domain.offer import SeatOffer, TierOffer
    from marketplace.domain.schedule import Times

Run: TypeAlias = "Callable[[Market, Call], Market | Refused]"
Authorised: TypeAlias = "tuple[MintRequest, Authorisation, signing.Tree]"

_FUNCTIONS: Final = interface_of("Seats").functions
EVIDENCE: Final = bytes(range(32))


@dataclass(frozen=True)
class Action:
    """A call that somebody is about to make."""

    name: str
    sender: ChecksumAddress
    run: Run
    data: bytes
    value: Wei
    arguments: tuple[object, ...] = ()

    def __str__(self) -> str:
        return f"{self.sender} calls {self.name}{self.arguments} with {self.value}"


@dataclass(frozen=True)
class Caller:
    """Makes calls from one account to one market, each with its ether."""

    seats: str
    sender: ChecksumAddress
    value: Wei

    def _call(self, name: str, run: Run, *arguments: object) -> Action:
        entry = _FUNCTIONS[name]
        data = entry.encode_call(arguments)
        return Action(name.partition("(")[0], self.sender, run, data, self.value, arguments)

    def _signature(self, signer: ChecksumAddress, message: bytes, *values: int | str) -> bytes:
        return signing.signature(self.seats, signer, message, *values)

    # Drops.

    def create_drop(self, offer: NewDrop) -> Action:
        terms = offer.terms
        return self._call(
            "createDrop",
            lambda market, call: creating.create_drop(market, call, offer),
            (
                terms.payout,
                terms.currency,
                terms.policy,
                terms.max_fee,
                terms.verifier,
                terms.resolver,
                terms.royalty,
                terms.toll,
                terms.resale_cap,
                terms.gift_cooldown,
                terms.starts_at,
                terms.ends_at,
                terms.deliver_by,
                terms.refund_until,
                terms.penalty,
                terms.challenge_days,
                terms.default_split,
                terms.terms_hash,
            ),
            [(one.list_price, one.cap) for one in offer.tiers],
            [
                (
                    one.tier,
                    one.opens,
                    one.closes,
                    one.gate,
                    one.price,
                    one.supply,
                    one.reserved,
                    one.wallet_limit,
                    one.gate_data,
                )
                for one in offer.phases
            ],
        )

    def mint(self, wanted: Authorised) -> Action:
        request, shown, tree = wanted
        return self._call(
            "mint",
            lambda market, call: minting.mint(market, call, request, shown),
            _request(request),
            signing.authorisation_bytes(self.seats, shown, tree),
        )

    def mint_many(self, wanted: Sequence[Authorised], surplus: int) -> Action:
        """`surplus` authorisations too many."""
        requests = [request for request, _, _ in wanted]
        shown = [one for _, one, _ in wanted] + [NOTHING] * surplus
        words = [signing.authorisation_bytes(self.seats, one, tree) for _, one, tree in wanted]
        return self._call(
            "mintMany",
            lambda market, call: minting.mint_many(market, call, requests, shown),
            [_request(one) for one in requests],
            words + [b""] * surplus,
        )

    # Moving.

    def transfer(self, giver: ChecksumAddress, heir: ChecksumAddress, seat: SeatId) -> Action:
        return self._call(
            "transferFrom",
            lambda market, call: moving.transfer(market, call, giver, heir, seat),
            giver,
            heir,
            seat,
        )

    def safe_transfer(
        self, giver: ChecksumAddress, heir: ChecksumAddress, seat: SeatId, *, said: bool
    ) -> Action:
        run: Run = lambda market, call: moving.safe_transfer(market, call, giver, heir, seat)  # noqa: E731 - shared by both forms
        if said:
            name = "safeTransferFrom(address,address,uint256,bytes)"
            return self._call(name, run, giver, heir, seat, b"for you")
        return self._call("safeTransferFrom(address,address,uint256)", run, giver, heir, seat)

    def approve(self, account: ChecksumAddress, seat: SeatId) -> Action:
        return self._call(
            "approve",
            lambda market, call: moving.approve(market, call, account, seat),
            account,
            seat,
        )

    def set_approval_for_all(self, operator: ChecksumAddress, *, approved: bool) -> Action:
        return self._call(
            "setApprovalForAll",
            lambda market, call: moving.set_approval_for_all(
                market, call, operator, approved=approved
            ),
            operator,
            approved,
        )

    def cancel_listings(self, seat: SeatId) -> Action:
        return self._call(
            "cancelListings",
            lambda market, call: moving.cancel_listings(market, call, seat),
            seat,
        )

    # Trading.

    def buy(self, listing: Listing, signer: ChecksumAddress) -> Action:
        return self._call(
            "buy",
            lambda market, call: trading.buy(market, call, listing, signer),
            signing.listing_values(listing),
            self._signature(signer, signing.LISTING, *signing.listing_values(listing)),
        )

    def buy_for(self, listing: Listing, signer: ChecksumAddress) -> Action:
        return self._call(
            "buyFor",
            lambda market, call: trading.buy_for(market, call, listing, signer),
            signing.listing_values(listing),
            self._signature(signer, signing.LISTING, *signing.listing_values(listing)),
            self.sender,
        )

    def buy_many(self, listings: Sequence[Listing], signers: Sequence[ChecksumAddress]) -> Action:
        words = [
            self._signature(signer, signing.LISTING, *signing.listing_values(one))
            for one, signer in zip(listings, signers, strict=False)
        ]
        return self._call(
            "buyMany",
            lambda market, call: trading.buy_many(market, call, listings, signers),
            [signing.listing_values(one) for one in listings],
            words + [b""] * (len(signers) - len(words)),
        )

    def list_seat(self, listing: Listing) -> Action:
        return self._call(
            "list",
            lambda market, call: trading.list_seat(market, call, listing),
            signing.listing_values(listing),
        )

    def bump_counter(self) -> Action:
        return self._call("bumpCounter", trading.bump_counter)

    def accept_seat_offer(self, offer: SeatOffer, signer: ChecksumAddress) -> Action:
        return self._call(
            "acceptSeatOffer",
            lambda market, call: offering.accept_seat_offer(market, call, offer, signer),
            _seat_offer(offer),
            self._signature(signer, signing.SEAT_OFFER, *_seat_offer(offer)),
        )

    def accept_tier_offer(self, offer: TierOffer, seat: SeatId, signer: ChecksumAddress) -> Action:
        return self._call(
            "acceptTierOffer",
            lambda market, call: offering.accept_tier_offer(market, call, offer, seat, signer),
            _tier_offer(offer),
            seat,
            self._signature(signer, signing.TIER_OFFER, *_tier_offer(offer)),
        )

    def cancel_offer(self, nonce: int) -> Action:
        return self._call(
            "cancelOffer", lambda market, call: offering.cancel_offer(market, call, nonce), nonce
        )

    # Steering.

    def grant(
        self, drop: DropId, tier: TierIndex, recipient: ChecksumAddress, quantity: int
    ) -> Action:
        return self._call(
            "grant",
            lambda market, call: steering.grant(market, call, drop, tier, recipient, quantity),
            drop,
            tier,
            recipient,
            quantity,
        )

    def lower_cap(self, drop: DropId, tier: TierIndex, cap: int) -> Action:
        return self._call(
            "lowerCap",
            lambda market, call: steering.lower_cap(market, call, drop, tier, cap),
            drop,
            tier,
            cap,
        )

    def set_verifier(self, drop: DropId, verifier: ChecksumAddress) -> Action:
        return self._call(
            "setVerifier",
            lambda market, call: steering.set_verifier(market, call, drop, verifier),
            drop,
            verifier,
        )

    def pause(self, drop: DropId, until: int) -> Action:
        return self._call(
            "pause", lambda market, call: steering.pause(market, call, drop, until), drop, until
        )

    def unpause(self, drop: DropId) -> Action:
        return self._call(
            "unpause", lambda market, call: steering.unpause(market, call, drop), drop
        )

    def postpone(self, drop: DropId, times: Times) -> Action:
        return self._call(
            "postpone",
            lambda market, call: steering.postpone(market, call, drop, times),
            drop,
            times.starts_at,
            times.ends_at,
            times.deliver_by,
        )

    def cancel_drop(self, drop: DropId) -> Action:
        return self._call(
            "cancelDrop", lambda market, call: steering.cancel_drop(market, call, drop), drop
        )

    def fail_drop(self, drop: DropId) -> Action:
        return self._call(
            "failDrop", lambda market, call: steering.fail_drop(market, call, drop), drop
        )

    # Delivery.

    def check_in(
        self,
        seat: SeatId,
        epoch: int,
        expiry: int,
        signers: tuple[ChecksumAddress, ChecksumAddress],
    ) -> Action:
        """`epoch` is the seat's; who signs another one signs nothing that the contract asks for."""
        holder, verifier = (
            self._signature(one, signing.CHECK_IN, seat, epoch, expiry) for one in signers
        )
        return self._call(
            "checkIn",
            lambda market, call: delivery.check_in(market, call, seat, expiry, signers),
            seat,
            expiry,
            holder,
            verifier,
        )

    def assert_delivery(self, drop: DropId) -> Action:
        return self._call(
            "assertDelivery",
            lambda market, call: delivery.assert_delivery(market, call, drop),
            drop,
            EVIDENCE,
        )

    def object_to(self, seat: SeatId) -> Action:
        return self._call(
            "objectTo", lambda market, call: delivery.object_to(market, call, seat), seat
        )

    def settle(self, drop: DropId) -> Action:
        return self._call("settle", lambda market, call: delivery.settle(market, call, drop), drop)

    def resolve(self, drop: DropId, split: int) -> Action:
        return self._call(
            "resolve",
            lambda market, call: delivery.resolve(market, call, drop, split),
            drop,
            split,
        )

    def resolve_by_default(self, drop: DropId) -> Action:
        return self._call(
            "resolveByDefault",
            lambda market, call: delivery.resolve_by_default(market, call, drop),
            drop,
        )

    # Claiming and money.

    def refund(self, seat: SeatId) -> Action:
        return self._call("refund", lambda market, call: claiming.refund(market, call, seat), seat)

    def claim(self, seat: SeatId) -> Action:
        return self._call("claim", lambda market, call: claiming.claim(market, call, seat), seat)

    def collect(self, seat: SeatId) -> Action:
        return self._call(
            "collect", lambda market, call: claiming.collect(market, call, seat), seat
        )

    def withdraw(
        self, currency: ChecksumAddress, recipient: ChecksumAddress, amount: Wei
    ) -> Action:
        return self._call(
            "withdraw",
            lambda market, call: money.withdraw(market, call, currency, recipient, amount),
            currency,
            recipient,
            amount,
        )

    def send_ether(self) -> Action:
        return Action("receive", self.sender, money.send_ether, b"", self.value)

    # The platform.

    def set_platform(self, treasury: ChecksumAddress, fee: Bps) -> Action:
        return self._call(
            "setPlatform",
            lambda market, call: platform.set_platform(market, call, treasury, fee),
            treasury,
            fee,
        )

    def set_currency(self, currency: ChecksumAddress, *, allowed: bool) -> Action:
        return self._call(
            "setCurrency",
            lambda market, call: platform.set_currency(market, call, currency, allowed=allowed),
            currency,
            allowed,
        )

    def set_guardian(self, guardian: ChecksumAddress) -> Action:
        return self._call(
            "setGuardian",
            lambda market, call: platform.set_guardian(market, call, guardian),
            guardian,
        )

    def transfer_ownership(self, heir: ChecksumAddress) -> Action:
        return self._call(
            "transferOwnership",
            lambda market, call: platform.transfer_ownership(market, call, heir),
            heir,
        )

    def accept_ownership(self) -> Action:
        return self._call("acceptOwnership", platform.accept_ownership)

    def renounce_ownership(self) -> Action:
        return self._call("renounceOwnership", platform.renounce_ownership)


def _request(request: MintRequest) -> tuple[object, ...]:
    return (
        request.drop,
        request.phase,
        request.recipient,
        request.quantity,
        request.max_total,
        request.referrer,
    )


def _seat_offer(offer: SeatOffer) -> tuple[int | str, ...]:
    return (
        offer.seat,
        offer.price,
        offer.epoch,
        offer.buyer,
        offer.counter,
        offer.terms_version,
        offer.nonce,
        offer.expiry,
    )


def _tier_offer(offer: TierOffer) -> tuple[int | str, ...]:
    return (
        offer.drop,
        offer.tier,
        offer.least_face,
        offer.price,
        offer.buyer,
        offer.counter,
        offer.terms_version,
        offer.nonce,
        offer.expiry,
    )
