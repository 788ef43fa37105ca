"""The JSON of offers: what comes in and what goes out.

Owns the shapes. Refuses rules: these objects only carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from api.actions.answers import AsOf, PreparedAnswer
from api.actions.orders import DropNamed, Order, Signature, TierNamed
from api.actions.typed_data import TypedDataAnswer  # noqa: TC001 - pydantic reads the annotations
from api.gate.answers import DecisionAnswer  # noqa: TC001 - pydantic reads the annotations
from api.market.bodies import MIN_LISTING_SECONDS, WarningAnswer
from api.seat_condition import ConditionAnswer  # noqa: TC001 - pydantic reads the annotations
from api.wire import Account, Moment, Uint256In, Uint256Out, WireModel
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.domain.listing import MAX_LISTING_SECONDS
from marketplace.domain.money import Wei
from marketplace.domain.offer import SeatOffer, TierOffer

if TYPE_CHECKING:
    from marketplace.orders.offers import Offer

OFFER_ID = "^0x[0-9a-f]{64}$"


class OfferOrder(Order):
    """Asks for an offer to be signed: for one seat, or for any of a tier."""

    seat: Uint256In | None = None
    """Token id of the one seat that is wanted, as decimal digits; null: any of a tier."""

    drop: DropNamed | None = None
    """Number of the drop, for any seat of a tier; null: one seat is named."""

    tier: TierNamed | None = None
    """Number of the tier any seat of which will do; null: one seat is named."""

    least_face_wei: Uint256In | None = None
    """For a tier: a seat for which less was paid at the mint does not do, in the smallest unit of
    the drop's currency, as decimal digits. Not named: any does."""

    price_wei: Uint256In
    """What you pay in all, in the smallest unit of the drop's currency, as decimal digits; in
    wrapped ether where that is ETH."""

    expires_in_s: Annotated[int, Field(ge=MIN_LISTING_SECONDS, le=MAX_LISTING_SECONDS)]

    @model_validator(mode="after")
    def _for_one_thing(self) -> Self:
        of_tier = (self.drop, self.tier)
        whole = None not in of_tier
        if (self.seat is None) is not whole or (
            self.seat is not None and (*of_tier, self.least_face_wei) != (None, None, None)
        ):
            raise ValueError("name a seat alone, or a drop and a tier")
        return self


class AcceptOrder(Order):
    """Asks for a transaction that sells a seat to who offered for it."""

    offer: Annotated[str, Field(pattern=OFFER_ID)]
    seat: Uint256In | None = None
    """Which of the account's seats, as decimal digits, where the offer is for any of a tier; null
    where it names one."""


class WrapOrder(Order):
    """Asks to turn ETH into wrapped ether."""

    amount_wei: Uint256In
    """How much, in wei as decimal digits."""


class SeatOfferMessage(WireModel):
    """The values that a buyer signs for one seat."""

    seat: Uint256In
    price: Uint256In
    epoch: Uint256In
    buyer: Account
    counter: Uint256In
    terms_version: Uint256In
    nonce: Uint256In
    expiry: Uint256In


class TierOfferMessage(WireModel):
    """The values that a buyer signs for any seat of a tier."""

    drop: Uint256In
    """The drop's number, as decimal digits."""

    tier: Uint256In
    """The tier's number in its drop, as decimal digits."""

    least_face: Uint256In
    price: Uint256In
    buyer: Account
    counter: Uint256In
    terms_version: Uint256In
    nonce: Uint256In
    expiry: Uint256In


class SignedOfferBody(WireModel):
    """A signed offer, handed over for the book."""

    offer: SeatOfferMessage | TierOfferMessage
    """The values that were signed: for one seat, or for any of a tier."""

    signature: Signature
    """Hex with `0x`: 65 bytes r, s, v, or what the buyer's contract wallet takes, up to 4,096
    bytes."""

    @property
    def signed(self) -> Offer:
        """What was signed."""
        one = self.offer
        common = {
            "counter": one.counter,
            "terms_version": one.terms_version,
            "nonce": one.nonce,
            "expiry": one.expiry,
        }
        price = Wei(one.price)
        if isinstance(one, SeatOfferMessage):
            return SeatOffer(
                seat=SeatId(one.seat), epoch=one.epoch, price=price, buyer=one.buyer, **common
            )
        return TierOffer(
            drop=DropId(one.drop),
            tier=TierIndex(one.tier),
            least_face=Wei(one.least_face),
            price=price,
            buyer=one.buyer,
            **common,
        )


class SeatOfferValues(WireModel):
    """The values that are signed for one seat, in an answer."""

    seat: Uint256Out
    price: Uint256Out
    epoch: Uint256Out
    buyer: Account
    counter: Uint256Out
    terms_version: Uint256Out
    nonce: Uint256Out
    expiry: Uint256Out


class TierOfferValues(WireModel):
    """The values that are signed for any seat of a tier, in an answer."""

    drop: Uint256Out
    """The drop's number, as decimal digits."""

    tier: Uint256Out
    """The tier's number in its drop, as decimal digits."""

    least_face: Uint256Out
    price: Uint256Out
    buyer: Account
    counter: Uint256Out
    terms_version: Uint256Out
    nonce: Uint256Out
    expiry: Uint256Out


def values_of(offer: Offer) -> SeatOfferValues | TierOfferValues:
    """Write an offer's values as they are signed."""
    common = {
        "price": offer.price,
        "counter": offer.counter,
        "terms_version": offer.terms_version,
        "nonce": offer.nonce,
        "expiry": offer.expiry,
    }
    if isinstance(offer, SeatOffer):
        return SeatOfferValues(seat=int(offer.seat), epoch=offer.epoch, buyer=offer.buyer, **common)
    return TierOfferValues(
        drop=offer.drop,
        tier=offer.tier,
        least_face=offer.least_face,
        buyer=offer.buyer,
        **common,
    )


class PreparedOfferAnswer(AsOf):
    """An offer that waits for its buyer's signature; then POST /v1/offers."""

    id: str
    """What names the offer once it is kept: its EIP-712 digest."""

    offer: SeatOfferValues | TierOfferValues
    """The values that are signed: for one seat, or for any of a tier."""

    typed_data: TypedDataAnswer
    summary: str
    price_wei: Uint256Out
    royalty_wei: Uint256Out
    currency: Account
    """Contract of the ERC-20 that it is paid in: the drop's, or wrapped ether."""

    condition: ConditionAnswer | None
    """Null: the offer is for any seat of a tier."""

    warnings: list[WarningAnswer]
    expires_at: Moment
    """Until when the figures may be relied on, in UTC; the offer itself ends at `offer.expiry`."""


class OfferAnswer(WireModel):
    """An offer that could be taken now, if its buyer can still pay."""

    offer: str
    """Its id."""

    drop: int
    tier: int
    seat: Uint256Out | None
    """Token id of the seat that is wanted, as decimal digits; null: any of the tier."""

    least_face_wei: Uint256Out
    """A seat for which less was paid at the mint does not do, in the smallest unit of `currency`,
    as decimal digits; 0: any does."""

    price_wei: Uint256Out
    royalty_wei: Uint256Out
    seller_net_wei: Uint256Out
    """What whoever accepts receives, in the smallest unit of `currency`, as decimal digits."""

    currency: Account
    """Contract of the ERC-20 that it is paid in: the drop's, or wrapped ether."""

    buyer: Account
    expires_at: Moment
    """The last second at which it can be taken, in UTC."""

    signer: Literal["key", "wallet"]
    """What signed it: the buyer's key, or a contract wallet, which may change its mind."""

    wallet_asked_at: Moment | None
    """When the wallet said yes, in UTC; null: a key signed it."""


class WholeOfferAnswer(OfferAnswer, AsOf):
    """An offer with all that accepting takes, for clients that build the call themselves."""

    message: SeatOfferValues | TierOfferValues
    """The values that were signed."""

    signature: str
    """Hex with `0x`; `0x` alone for wallets that ask for none."""


class OffersAnswer(AsOf):
    """A drop's living offers, the dearest first."""

    offers: list[OfferAnswer]
    """A page of them."""

    decision: DecisionAnswer
    """Why the caller may see them, and for how long."""

    courtesy: str | None
    """What it is worth that they are not for everybody, for people; null: they are for everybody,
    as the drop's listings."""

    next: str | None
    """Give it as `after` for the page behind; a page may be shorter than asked, or empty, and still
    have one. Null: this is the last."""


class AcceptAnswer(PreparedAnswer):
    """A transaction that sells a seat to a bidder."""

    offer: str
    seat: Uint256Out
    buyer: Account
    price_wei: Uint256Out
    royalty_wei: Uint256Out
    seller_net_wei: Uint256Out
    face_wei: Uint256Out
    warnings: list[WarningAnswer]
