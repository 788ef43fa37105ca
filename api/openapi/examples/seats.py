"""Examples about seats: who owns one, what it contains, how it came about, how it looks.

Owns how the seat of the story is before and after its sale. Refuses what is done with it:
`holding` and its neighbours have that.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final

from api.openapi.examples.story import (
    AS_OF,
    DAN,
    DROP,
    EPOCH,
    EVE,
    FACE,
    FIRST_WEEKS,
    HEAD,
    MINTED_AT,
    ORIGIN,
    PRICE,
    REFUND,
    REFUND_UNTIL,
    ROYALTY,
    SEAT,
    SOLD_AT,
    STARTS,
    TIER,
    as_of,
    at,
    hashed,
)
from api.openapi.examples.story_terms import SESSION_KIND, SESSIONS

if TYPE_CHECKING:
    from api.openapi.examples.story import Object, Shown

SOLD_IN: Final = HEAD + 41
"""The block in which eve bought the seat."""

_PROGRAMME: Final[Object] = {
    "in_all": len(SESSIONS),
    "attended": 0,
    "past": 0,
    "to_come": len(SESSIONS),
    "office_hours": {"in_all": 0, "used": 0, "left": 0},
    "recordings": 0,
    "binding_session": len(SESSIONS),
    "sessions": [
        {
            "session": number,
            "title": title,
            "kind": SESSION_KIND,
            "starts_at": at(starts),
            "ends_at": at(ends),
            "state": "to_come",
            "attended_at": None,
            "recordings": 0,
        }
        for number, (title, starts, ends) in enumerate(SESSIONS, 1)
    ],
}
CONDITION: Final[Object] = {
    "checked_in": False,
    "face_wei": str(FACE),
    "held_wei": "0",
    "refund_wei": str(REFUND),
    "refund_until": at(REFUND_UNTIL),
    "on_failure_wei": str(FACE),
    "claimable_wei": "0",
    "programme": _PROGRAMME,
}
"""The seat's, while dan has it."""

_SOLD_CONDITION: Final[Object] = {
    **CONDITION,
    "held_wei": str(ROYALTY),
    "on_failure_wei": str(FACE + ROYALTY),
}
SEAT_OF_DAN: Final[Object] = {
    "seat": str(SEAT),
    "drop": DROP,
    "tier": TIER,
    "number": SEAT.number,
    "owner": DAN,
    "epoch": EPOCH,
    "face_wei": str(FACE),
    "held_wei": "0",
    "minted_phase": FIRST_WEEKS,
    "locked": False,
    "burned": False,
    "checked_in": False,
    "granted": False,
    "moved_at": at(MINTED_AT),
    "condition": CONDITION,
}
_SEAT_OF_EVE: Final[Object] = {
    **SEAT_OF_DAN,
    "owner": EVE,
    "epoch": EPOCH + 1,
    "held_wei": str(ROYALTY),
    "moved_at": at(SOLD_AT),
    "condition": _SOLD_CONDITION,
}
_IMAGE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
    f"<title>Seat {SEAT.number}, tier {TIER}, drop {DROP}</title></svg>"
)
"""Of the contract's picture the frame alone: the whole is longer than it teaches."""


def bodies() -> Shown:
    """What is sent: nothing."""
    return {}


def answers() -> Shown:
    """What comes back."""
    latest = {**AS_OF, "level": "latest"}
    sold = {**as_of(SOLD_IN), "level": "latest"}
    page = {**AS_OF, "next": None}
    return {
        "list_seats": {"one": {**page, "seats": [SEAT_OF_DAN]}},
        "list_own_seats": {"one": {**page, "seats": [SEAT_OF_DAN]}},
        "show_seat": {
            "before_the_sale": {**latest, **SEAT_OF_DAN},
            "after_the_sale": {**sold, **_SEAT_OF_EVE},
            "as_of_a_block": {**as_of(SOLD_IN - 1), "level": None, **SEAT_OF_DAN},
        },
        "show_history": {"sold_once": {**as_of(SOLD_IN), **_history(), "next": None}},
        "show_metadata": {"seat": _metadata()},
        "show_image": {"seat": _IMAGE},
    }


def _history() -> Object:
    minted_in, block = HEAD - 900, as_of(SOLD_IN)["block_hash"]
    return {
        "seat": str(SEAT),
        "owners": [
            {
                "owner": DAN,
                "how": "mint",
                "epoch": EPOCH,
                "at": at(MINTED_AT),
                "block_number": minted_in,
                "block_hash": as_of(minted_in)["block_hash"],
                "log_index": 1,
                "tx_hash": hashed("dan mints seat 7200013"),
            },
            {
                "owner": EVE,
                "how": "sale",
                "epoch": EPOCH + 1,
                "at": at(SOLD_AT),
                "block_number": SOLD_IN,
                "block_hash": block,
                "log_index": 0,
                "tx_hash": hashed("eve buys seat 7200013"),
            },
        ],
        "sales": [
            {
                "seller": DAN,
                "buyer": EVE,
                "price_wei": str(PRICE),
                "royalty_wei": str(ROYALTY),
                "block_number": SOLD_IN,
                "block_hash": block,
            }
        ],
    }


def _metadata() -> Object:
    traits: tuple[tuple[str, str | int], ...] = (
        ("Drop", DROP),
        ("Tier", TIER),
        ("Seat", SEAT.number),
        ("State", "Live"),
        ("Movable", "yes"),
    )
    starts: Object = {"trait_type": "Starts", "display_type": "date", "value": STARTS}
    return {
        "name": f"Seat {SEAT.number}, tier {TIER}, drop {DROP}",
        "description": (
            "Whoever holds this seat gets in. The money waits in escrow until the mentor has "
            "delivered; a resale pays the mentor a royalty."
        ),
        "external_url": f"{ORIGIN}/seats/{SEAT}",
        "image": f"data:image/svg+xml;base64,{b64encode(_IMAGE.encode()).decode()}",
        "attributes": [*({"trait_type": one, "value": value} for one, value in traits), starts],
    }
