"""Examples of offers: making one, keeping it, looking, accepting.

Refuses listings: `market` has them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.openapi.examples.market import SHOWN_TO_ALL
from api.openapi.examples.seats import CONDITION
from api.openapi.examples.story import (
    AS_OF,
    COUNTER,
    DAN,
    DROP,
    EPOCH,
    EVE,
    EXPIRY,
    FACE,
    NET,
    NOW,
    PRICE,
    ROYALTY,
    SEAT,
    TERMS_VERSION,
    TIER,
    WRAPPED_ETHER,
    at,
)
from api.openapi.examples.story_orders import (
    CALLS,
    OFFER_SIGNATURE,
    SEAT_OFFER,
    TIER_OFFER,
    TIER_OFFER_SIGNATURE,
    Act,
    digest,
    in_currency,
    octets,
    of_offer,
    of_tier_offer,
    typed_json,
)
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.money import amount_text, ether_text
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from api.openapi.examples.story import Object, Shown

_DEPOSIT: Final = bytes.fromhex("d0e30db0")
"""The selector of wrapped ether's `deposit()`."""

_WEEK_S: Final = 604_800
_SIGNED: Final[Object] = {
    "price": str(PRICE),
    "buyer": EVE,
    "counter": str(COUNTER),
    "terms_version": str(TERMS_VERSION),
    "expiry": str(EXPIRY),
}
_SEAT_MESSAGE: Final[Object] = {
    "seat": str(SEAT),
    "epoch": str(EPOCH),
    "nonce": str(SEAT_OFFER.nonce),
    **_SIGNED,
}
_TIER_MESSAGE: Final[Object] = {
    "drop": str(DROP),
    "tier": str(TIER),
    "least_face": str(FACE),
    "nonce": str(TIER_OFFER.nonce),
    **_SIGNED,
}


def bodies() -> Shown:
    """What is sent."""
    asked: Object = {"account": EVE, "price_wei": str(PRICE), "expires_in_s": _WEEK_S}
    return {
        "prepare_wrapping": {"eve": {"account": EVE, "amount_wei": str(PRICE)}},
        "prepare_offer": {
            "seat": {**asked, "seat": str(SEAT)},
            "tier": {**asked, "drop": DROP, "tier": TIER, "least_face_wei": str(FACE)},
        },
        "receive_offer": {
            "seat": {"offer": _SEAT_MESSAGE, "signature": OFFER_SIGNATURE},
            "tier": {"offer": _TIER_MESSAGE, "signature": TIER_OFFER_SIGNATURE},
        },
        "prepare_acceptance": {"dan": {"account": DAN, "offer": digest(of_offer())}},
    }


def answers() -> Shown:
    """What comes back."""
    one, any_of_tier = _offered(), _offered_for_tier()
    whole: Shown = {
        "receive_offer": {
            "seat": {**AS_OF, **one, "message": _SEAT_MESSAGE, "signature": OFFER_SIGNATURE},
            "tier": {
                **AS_OF,
                **any_of_tier,
                "message": _TIER_MESSAGE,
                "signature": TIER_OFFER_SIGNATURE,
            },
        }
    }
    return {
        "prepare_wrapping": {"eve": _wrapping().prepared},
        "prepare_offer": {"seat": _prepared_for_seat(), "tier": _prepared_for_tier()},
        **whole,
        "show_offers": {
            "both": {
                **AS_OF,
                "offers": [one, any_of_tier],
                "decision": SHOWN_TO_ALL,
                "courtesy": None,
                "next": None,
            }
        },
        "show_offer": whole["receive_offer"],
        "prepare_acceptance": {
            "dan": {
                **_accepting().prepared,
                "offer": digest(of_offer()),
                "seat": str(SEAT),
                "buyer": EVE,
                "price_wei": str(PRICE),
                "royalty_wei": str(ROYALTY),
                "seller_net_wei": str(NET),
                "face_wei": str(FACE),
                "warnings": [],
            }
        },
    }


def _offered() -> Object:
    return {
        "offer": digest(of_offer()),
        "drop": DROP,
        "tier": TIER,
        "seat": str(SEAT),
        "least_face_wei": "0",
        "price_wei": str(PRICE),
        "royalty_wei": str(ROYALTY),
        "seller_net_wei": str(NET),
        "currency": WRAPPED_ETHER,
        "buyer": EVE,
        "expires_at": at(EXPIRY),
        "signer": "key",
        "wallet_asked_at": None,
    }


def _offered_for_tier() -> Object:
    return {
        **_offered(),
        "offer": digest(of_tier_offer()),
        "seat": None,
        "least_face_wei": str(FACE),
    }


def _prepared_for_seat() -> Object:
    return {
        "id": digest(of_offer()),
        "offer": _SEAT_MESSAGE,
        "typed_data": typed_json(of_offer(), "SeatOffer"),
        "condition": CONDITION,
        **_prepared(f"seat {SEAT}"),
    }


def _prepared_for_tier() -> Object:
    return {
        "id": digest(of_tier_offer()),
        "offer": _TIER_MESSAGE,
        "typed_data": typed_json(of_tier_offer(), "TierOffer"),
        "condition": None,
        **_prepared(f"a seat of tier {TIER} of drop {DROP}"),
    }


def _prepared(what: str) -> Object:
    return {
        **AS_OF,
        "summary": (
            f"Offer {amount_text(PRICE, WRAPPED_ETHER)} for {what}, until {utc_text(EXPIRY)}; it "
            "can be taken as long as you hold and allow that much"
        ),
        "price_wei": str(PRICE),
        "royalty_wei": str(ROYALTY),
        "currency": WRAPPED_ETHER,
        "warnings": [],
        "expires_at": at(NOW + 300),
    }


def _wrapping() -> Act:
    made = PreparedTransaction(
        to=WRAPPED_ETHER, data=_DEPOSIT, summary=f"Wrap {ether_text(PRICE)}", value=PRICE
    )
    return Act(EVE, {}, made, pays=in_currency(PRICE), gets=in_currency(PRICE, WRAPPED_ETHER))


def _accepting() -> Act:
    made = CALLS.accept_seat_offer(SEAT_OFFER, octets(OFFER_SIGNATURE), WRAPPED_ETHER)
    made = replace(made, summary=f"{made.summary} of {amount_text(ROYALTY, WRAPPED_ETHER)}")
    return Act(DAN, {}, made, gets=in_currency(NET, WRAPPED_ETHER))
