"""Making an offer, a check-in and a pass again from what was asked for, before anybody signs.

Owns the comparison for messages that are no listings. Refuses to trust a digest, a price or typed
data of the API: what is signed is what this module built. Not checked, because only the chain
knows: which epoch, counter and terms version are true, and that a nonce is unspent. How long a
signature may count is ours to say, by our own clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from marketplace.bindings.addresses import InvalidAddress, parse_address
from marketplace.client.errors import PreparedOtherwise
from marketplace.domain.admission import CheckIn, Pass
from marketplace.domain.ids import MAX_UINT256, DropId, SeatId, TierIndex
from marketplace.domain.money import NO_MONEY, Wei
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.check_ins import check_in_digest
from marketplace.orders.offers import offer_digest
from marketplace.orders.passes import pass_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.client.answers.offers import CheckInMessage, PassMessage, PreparedOffer
    from marketplace.client.prepared import MarketAddress
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import PhaseIndex
    from marketplace.orders.offers import Offer


_SLACK_S: Final = 60
"""By how many seconds two clocks may differ, and an answer be on its way."""


@dataclass(frozen=True, slots=True)
class Term:
    """For how long a signature may count: it ends after `begins_at`, at `ends_at` at the latest."""

    begins_at: int
    ends_at: int

    @classmethod
    def of(cls, now: float, lasts_s: int, ends_by: int | None = None) -> Self:
        """From now on, for some seconds and what two clocks may differ by.

        `ends_by` can only make it shorter.
        """
        ends_at = int(now) + lasts_s + _SLACK_S
        return cls(int(now), ends_at if ends_by is None else min(ends_at, ends_by))

    def require(self, what: str, expiry: int) -> None:
        """Return when something ends in it. Raises PreparedOtherwise."""
        if expiry <= self.begins_at:
            raise PreparedOtherwise(what, f"it expired at {expiry}, and it is {self.begins_at}")
        if expiry > self.ends_at:
            raise PreparedOtherwise(what, f"it expires at {expiry}, not by {self.ends_at}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAim:
    """One seat that somebody offers for."""

    seat: SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class TierAim:
    """Any seat of a tier, of at least a face."""

    drop: DropId
    tier: TierIndex
    least_face: Wei = NO_MONEY


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOrder:
    """Leave to mint that somebody is to be given.

    Attributes:
        drop: Whose phase it is of.
        phase: One whose gate is a pass.
        account: Who may mint by it.
        quantity: How many seats at most.
        nonce: Of the signer's choice; None: the API picks one that nobody can guess.
    """

    drop: DropId
    phase: PhaseIndex
    account: ChecksumAddress
    quantity: int = 1
    nonce: int | None = None

    @property
    def body(self) -> Mapping[str, object]:
        """What the API is told."""
        return {
            "drop": self.drop,
            "phase": self.phase,
            "account": self.account,
            "quantity": self.quantity,
            "nonce": None if self.nonce is None else str(self.nonce),
        }


def checked_offer(
    prepared: PreparedOffer,
    market: MarketAddress,
    buyer: ChecksumAddress,
    aim: SeatAim | TierAim,
    price: Wei,
    term: Term,
) -> Offer:
    """Check an offer that shall be signed; gives it as it is to be signed.

    Raises PreparedOtherwise.
    """
    told = offer_of(prepared.offer)
    term.require("offer", told.expiry)
    built: Offer
    if isinstance(aim, SeatAim) and isinstance(told, SeatOffer):
        built = replace(told, seat=aim.seat, price=price, buyer=buyer)
    elif isinstance(aim, TierAim) and isinstance(told, TierOffer):
        built = replace(
            told,
            drop=aim.drop,
            tier=aim.tier,
            least_face=aim.least_face,
            price=price,
            buyer=buyer,
        )
    else:
        raise PreparedOtherwise("offer", "it is for something else")
    # The digest is over every member, chain and contract: equal digests are equal offers.
    if prepared.id != f"0x{offer_digest(built, market.chain_id, market.contract).hex()}":
        raise PreparedOtherwise("offer", "it is another offer, or for another market")
    return built


def offer_of(members: Mapping[str, object]) -> Offer:
    """The offer that an answer's members describe. Raises PreparedOtherwise."""
    buyer = members.get("buyer")
    try:
        account = parse_address(str(buyer))
    except InvalidAddress as error:
        raise PreparedOtherwise("offer", "its buyer is no account") from error
    common = {
        name: _number(members, name) for name in ("counter", "terms_version", "nonce", "expiry")
    }
    price = Wei(_number(members, "price"))
    if "seat" in members:
        seat, epoch = SeatId(_number(members, "seat")), _number(members, "epoch")
        return SeatOffer(seat=seat, epoch=epoch, price=price, buyer=account, **common)
    return TierOffer(
        drop=DropId(_number(members, "drop")),
        tier=TierIndex(_number(members, "tier")),
        least_face=Wei(_number(members, "least_face")),
        price=price,
        buyer=account,
        **common,
    )


def offer_body(offer: Offer, signature: bytes) -> dict[str, object]:
    """A signed offer as the API takes it."""
    members: dict[str, object] = {
        "price": str(offer.price),
        "buyer": offer.buyer,
        "counter": str(offer.counter),
        "terms_version": str(offer.terms_version),
        "nonce": str(offer.nonce),
        "expiry": str(offer.expiry),
    }
    if isinstance(offer, SeatOffer):
        members |= {"seat": str(int(offer.seat)), "epoch": str(offer.epoch)}
    else:
        members |= {
            "drop": str(offer.drop),
            "tier": str(offer.tier),
            "least_face": str(offer.least_face),
        }
    return {"offer": members, "signature": f"0x{signature.hex()}"}


def checked_check_in(
    answer: CheckInMessage, market: MarketAddress, seat: SeatId, term: Term
) -> CheckIn:
    """Check the message of a check-in; gives it as it is to be signed. Raises PreparedOtherwise."""
    term.require("check-in", answer.expiry)
    built = CheckIn(seat=seat, epoch=answer.epoch, expiry=answer.expiry)
    if answer.digest != f"0x{check_in_digest(built, market.chain_id, market.contract).hex()}":
        raise PreparedOtherwise("check-in", "it is of another seat or market")
    return built


def checked_pass(answer: PassMessage, market: MarketAddress, order: PassOrder, term: Term) -> Pass:
    """Check a pass; gives it as it is to be signed. Raises PreparedOtherwise."""
    term.require("pass", answer.expiry)
    built = Pass(
        drop=order.drop,
        phase=order.phase,
        account=order.account,
        quantity=order.quantity,
        nonce=answer.nonce if order.nonce is None else order.nonce,
        expiry=answer.expiry,
    )
    if answer.digest != f"0x{pass_digest(built, market.chain_id, market.contract).hex()}":
        raise PreparedOtherwise("pass", "it lets somebody else mint, or something else be minted")
    return built


def _number(members: Mapping[str, object], name: str) -> int:
    text = members.get(name)
    if not isinstance(text, str) or not (text.isascii() and text.isdecimal()):
        raise PreparedOtherwise("offer", f"its {name} is no number")
    if int(text) > MAX_UINT256:
        raise PreparedOtherwise("offer", f"its {name} is beyond 256 bits")
    return int(text)
