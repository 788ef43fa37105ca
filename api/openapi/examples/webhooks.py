"""Examples of webhook endpoints: registering one, and what became of what was sent.

Refuses what is sent to them: it is no answer of this API.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final

from api.openapi.examples.story import DROP, ENDPOINT, MINTED_AT, SOLD_AT, at, hashed
from api.openapi.examples.story_orders import octets
from api.webhooks.messages import EventType

if TYPE_CHECKING:
    from api.openapi.examples.story import Object, Shown

_EVENTS: Final = (EventType.SEAT_SOLD.value, EventType.ACCESS_REVOKED.value)
_URL: Final = "https://mentor.example/seats"
_ENDPOINT: Final[Object] = {
    "endpoint": ENDPOINT,
    "url": _URL,
    "events": sorted(_EVENTS),
    "drops": [DROP],
    "created_at": at(MINTED_AT),
    "rotated_at": None,
    "failing_since": None,
    "disabled_at": None,
    "disabled_why": None,
}
_DELIVERY: Final[Object] = {
    "delivery": f"dlv_{hashed('the mentor is told')[2:26]}",
    "message": f"msg_{hashed('seat 7200013 was sold')[2:42]}",
    "type": EventType.SEAT_SOLD.value,
    "retracts": None,
    "state": "delivered",
    "created_at": at(SOLD_AT),
    "attempts": 1,
    "attempted_at": at(SOLD_AT + 1),
    "due_at": None,
    "status": 204,
    "duration_ms": 83,
    "answer": "",
    "fault": None,
}


def bodies() -> Shown:
    """What is sent."""
    return {
        "register_endpoint": {"drop": {"url": _URL, "events": _EVENTS, "drops": [DROP]}},
        "edit_endpoint": {
            "events": {"events": [EventType.SEAT_SOLD.value]},
            "go_on": {"enabled": True},
        },
    }


def answers() -> Shown:
    """What comes back."""
    return {
        "register_endpoint": {"registered": _with_secret(_ENDPOINT, "the first secret")},
        "list_endpoints": {"one": {"endpoints": [_ENDPOINT]}},
        "show_endpoint": {"endpoint": _ENDPOINT},
        "edit_endpoint": {"edited": {**_ENDPOINT, "events": [EventType.SEAT_SOLD.value]}},
        "rotate_secret": {
            "rotated": _with_secret({**_ENDPOINT, "rotated_at": at(SOLD_AT)}, "the second secret")
        },
        "list_deliveries": {"one": {"deliveries": [_DELIVERY], "next": None}},
        "replay_delivery": {"accepted": None},
    }


def _with_secret(endpoint: Object, what: str) -> Object:
    secret = b64encode(octets(hashed(what))).decode()
    return {"endpoint": endpoint, "secret": f"whsec_{secret}"}
