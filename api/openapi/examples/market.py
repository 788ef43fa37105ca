"""Examples of the order book: listing, looking, buying one and several.

Refuses offers and wait-lists: `offers` and `waiting` have them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.openapi.examples.seats import CONDITION
from api.openapi.examples.story import (
    AS_OF,
    BLOCK,
    COUNTER,
    CURRENCY,
    DAN,
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
    at,
)
from api.openapi.examples.story_orders import (
    CALLS,
    LISTING,
    LISTING_SIGNATURE,
    Act,
    digest,
    in_currency,
    octets,
    of_listing,
    typed_json,
)
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.listing import Purchase
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from api.openapi.examples.story import Object, Shown

_WEEK_S: Final = 604_800
_MESSAGE: Final[Object] = {
    "seat": str(SEAT),
    "price": str(PRICE),
    "epoch": str(EPOCH),
    "seller": DAN,
    "counter": str(COUNTER),
    "terms_version": str(TERMS_VERSION),
    "taker": ZERO_ADDRESS,
    "expiry": str(EXPIRY),
}
SHOWN_TO_ALL: Final[Object] = {
    "allow": True,
    "reason": "admitted",
    "remedy": None,
    "via": "open_to_all",
    "seat": None,
    "level": "latest",
    **AS_OF,
    "lag_s": BLOCK.lag_s,
    "expires_at": at(NOW + 60),
}
"""The decision that lets somebody see resales."""


def bodies() -> Shown:
    """What is sent."""
    listing = digest(of_listing())
    return {
        "prepare_listing": {
            "signed": {
                "account": DAN,
                "seat": str(SEAT),
                "price_wei": str(PRICE),
                "expires_in_s": _WEEK_S,
            },
            "stored": {
                "account": DAN,
                "seat": str(SEAT),
                "price_wei": str(PRICE),
                "expires_in_s": _WEEK_S,
                "stored": True,
            },
        },
        "receive_listing": {"signed": {**_MESSAGE, "signature": LISTING_SIGNATURE}},
        "prepare_purchase": {"eve": {"account": EVE, "listing": listing}},
        "prepare_basket": {"eve": {"account": EVE, "listings": [listing]}},
    }


def answers() -> Shown:
    """What comes back."""
    listing = digest(of_listing())
    one: Object = {"listing": listing, **_listed()}
    whole = {**AS_OF, **one, "message": _MESSAGE, "signature": LISTING_SIGNATURE}
    sold: Object = {"listing": listing, "seat": str(SEAT), "seller": DAN, "price_wei": str(PRICE)}
    bought: Object = {**sold, "condition": CONDITION}
    book = {
        **AS_OF,
        "listings": [one],
        "decision": SHOWN_TO_ALL,
        "courtesy": None,
        "next": None,
    }
    return {
        "prepare_listing": {"signed": _prepared(stored=False), "stored": _prepared(stored=True)},
        "receive_listing": {"kept": whole},
        "show_book": {"one": book},
        "show_listing": {"listing": whole},
        "prepare_purchase": {
            "eve": {
                **_buying().prepared,
                **bought,
                "royalty_wei": str(ROYALTY),
                "face_wei": str(FACE),
                "held_wei": "0",
                "warnings": [],
            }
        },
        "prepare_basket": {"eve": {**_basket().prepared, "bought": [bought], "skipped": []}},
    }


def _listed() -> Object:
    return {
        "seat": str(SEAT),
        "tier": TIER,
        "price_wei": str(PRICE),
        "royalty_wei": str(ROYALTY),
        "face_wei": str(FACE),
        "seller": DAN,
        "taker": None,
        "expires_at": at(EXPIRY),
        "stored": False,
        "signer": "key",
        "wallet_asked_at": None,
        "condition": CONDITION,
        "turn": None,
    }


def _prepared(*, stored: bool) -> Object:
    named = digest(of_listing())
    made = Act(DAN, {}, CALLS.list_seat(LISTING, CURRENCY))
    summary = f"{made.transaction.summary}, until {utc_text(EXPIRY)}"
    return {
        **AS_OF,
        "id": named,
        "digest": named,
        "listing": _MESSAGE,
        "typed_data": None if stored else typed_json(of_listing(), "Listing"),
        "transaction": {**made.prepared, "summary": summary} if stored else None,
        "summary": summary,
        "price_wei": str(PRICE),
        "royalty_wei": str(ROYALTY),
        "seller_net_wei": str(NET),
        "face_wei": str(FACE),
        "warnings": [],
        "expires_at": at(NOW + 300),
    }


def _buying() -> Act:
    bought = CALLS.buy(LISTING, octets(LISTING_SIGNATURE), CURRENCY)
    return Act(EVE, {}, bought, pays=in_currency(PRICE))


def _basket() -> Act:
    bought = CALLS.buy_many([Purchase(listing=LISTING, signature=octets(LISTING_SIGNATURE))])
    return Act(EVE, {}, bought, pays=in_currency(PRICE))
