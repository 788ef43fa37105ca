"""Examples of the gate: whether somebody gets in, and the same signed.

Refuses tickets and rooms: `rooms` has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.openapi.examples.story import (
    CHAIN_ID,
    CONTRACT,
    DAN,
    DROP,
    EVE,
    EVENING,
    IN_THE_EVENING,
    RECEIPT_SIGNER,
    SEAT,
    SESSION,
    TIER,
    as_of,
    at,
    signed,
)
from api.openapi.examples.story_terms import TERMS_HASH

if TYPE_CHECKING:
    from api.openapi.examples.story import Object, Shown

_LEASE_S: Final = 60
EVE_GETS_IN: Final[Object] = {
    "allow": True,
    "reason": "admitted",
    "remedy": None,
    "via": "seat",
    "seat": str(SEAT),
    "level": "latest",
    **as_of(IN_THE_EVENING),
    "lag_s": 1,
    "expires_at": at(EVENING + _LEASE_S),
}
"""She has bought the seat."""

DAN_STAYS_OUT: Final[Object] = {
    **EVE_GETS_IN,
    "allow": False,
    "reason": "no_seat",
    "remedy": {
        "name": "buy_seat",
        "sentence": f"Buy a seat of drop {DROP}, tier {TIER}.",
        "drop": DROP,
        "tiers": [TIER],
        "at": None,
        "block": None,
        "level": None,
        "after_s": None,
    },
    "via": None,
    "seat": None,
    "expires_at": at(EVENING),
}
"""He has sold it."""


def bodies() -> Shown:
    """What is sent."""
    asked: Object = {"action": "enter_session", "drop": DROP, "session": SESSION}
    return {
        "check_batch": {
            "own": {"checks": [asked, {"action": "see_resale", "drop": DROP}]},
            "another": {"checks": [asked], "account": EVE, "min_block": IN_THE_EVENING},
        }
    }


def answers() -> Shown:
    """What comes back."""
    return {
        "check": {"admitted": EVE_GETS_IN, "denied": DAN_STAYS_OUT},
        "check_batch": {
            "one": {"answers": [{"decision": EVE_GETS_IN, "problem": None}]},
            "unknown": {"answers": [{"decision": None, "problem": "terms_unpublished"}]},
        },
        "receipt": {
            "admitted": {
                "decision": EVE_GETS_IN,
                "receipt": _receipt(EVE, EVE_GETS_IN, EVENING + _LEASE_S),
                "signer": RECEIPT_SIGNER,
            },
            "denied": {
                "decision": DAN_STAYS_OUT,
                "receipt": _receipt(DAN, DAN_STAYS_OUT, EVENING),
                "signer": RECEIPT_SIGNER,
            },
        },
    }


def _receipt(account: str, decision: Object, expires_at: int) -> Object:
    said = (
        "allow",
        "reason",
        "via",
        "seat",
        "level",
        "as_of_block",
        "block_hash",
        "lag_s",
    )
    return {
        "format": "seatmarket.decision.v1",
        "chain_id": CHAIN_ID,
        "contract": CONTRACT,
        "account": account,
        "action": "enter_session",
        "drop": DROP,
        "session": SESSION,
        "recording": None,
        "terms_hash": TERMS_HASH,
        **{name: decision[name] for name in said},
        "decided_at": EVENING,
        "expires_at": expires_at,
        "signature": signed(f"a receipt for {account}"),
    }
