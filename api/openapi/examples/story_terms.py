"""The terms of drop 7, as its mentor publishes them, and who is on its list.

Owns the text, which is canonical, so that its hash is the one that the drop carries. Refuses what
the drop says on the chain: `catalogue` shows that.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from api.openapi.examples.story import (
    CAPS,
    CLOSES,
    DAN,
    DELIVER_BY,
    ENDS,
    EVE,
    FORMAT,
    LISTED_PRICES,
    MEMBERS,
    OPENS,
    PASS_SIGNER,
    REFUND_UNTIL,
    RESOLVER,
    STARTS,
    TIER_NAMES,
    TITLE,
    VERIFIER,
)
from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.domain.money import ether_text
from marketplace.domain.times import utc_text
from marketplace.launch.canonical import terms_hash

if TYPE_CHECKING:
    from api.openapi.examples.story import Json, Object

ON_THE_LIST: Final = (DAN, EVE)
ALLOWLIST: Final = PhaseAllowlist(MEMBERS, ON_THE_LIST)
ROOT: Final = f"0x{ALLOWLIST.root.hex()}"

PRODUCT: Final[Object] = {
    "format": FORMAT,
    "title": TITLE,
    "mentor": "Inês Calado",
    "summary": "Two evenings for people who ship a feature built on a language model.",
    "contains": ["2 x 120 minutes live", "your own failing case, worked on in the group"],
    "success": ["Both sessions took place for at least 110 of their 120 minutes."],
}
INCLUDES: Final[tuple[tuple[str, ...], ...]] = (
    ("both recordings",),
    ("everything in Access", "written comments on your eval"),
    ("everything in Practice", "a seat in both live sessions"),
)
"""What each tier gives."""

SESSIONS: Final[tuple[tuple[str, int, int], ...]] = (
    ("Find what breaks", STARTS, STARTS + 7_200),
    ("Keep it from breaking", ENDS - 7_200, ENDS),
)
"""Title, start and end of each session."""

SESSION_KIND: Final = "session"
SESSION_TIERS: Final = (2,)
REFUND_POLICY: Final = "Give the seat back until the Monday before, for 90% of its price."
TURN_S: Final = 3_600


def _phase(name: str, tier: int, gate: Json, seats: int | None, per_wallet: int | None) -> Object:
    return {
        "name": name,
        "tier": TIER_NAMES[tier],
        "gate": gate,
        "price": ether_text(LISTED_PRICES[tier]),
        "opens": utc_text(OPENS),
        "closes": utc_text(CLOSES),
        "seats": seats,
        "reserved": seats is not None,
        "per_wallet": per_wallet,
    }


TERMS: Final[Object] = {
    "form": "seatmarket terms 2",
    "product": PRODUCT,
    "terms": {
        "currency": "ETH",
        "deliver_by": utc_text(DELIVER_BY),
        "highest_fee": "5%",
        "payout": None,
        "seats_move": "by sale or gift",
        "verifier": VERIFIER,
    },
    "sessions": [
        {
            "title": title,
            "kind": SESSION_KIND,
            "starts": utc_text(starts),
            "ends": utc_text(ends),
            "tiers": [TIER_NAMES[tier] for tier in SESSION_TIERS],
        }
        for title, starts, ends in SESSIONS
    ],
    "tiers": [
        {"name": name, "price": ether_text(price), "seats": cap, "includes": includes}
        for name, price, cap, includes in zip(
            TIER_NAMES, LISTED_PRICES, CAPS, INCLUDES, strict=True
        )
    ],
    "phases": [
        _phase("First weeks", 2, "public", None, 2),
        _phase("Members", 1, {"allowlist": ROOT}, 8, None),
        _phase("Guests", 1, {"passes_of": PASS_SIGNER}, 4, None),
    ],
    "refund": {"until": utc_text(REFUND_UNTIL), "penalty": "10%", "policy": REFUND_POLICY},
    "resale": {
        "royalty": "10%",
        "toll": "5%",
        "highest_price": "150%",
        "gift_cooldown": "1 day",
        "audience": "wait_list",
        "turn": "1 hour",
    },
    "dispute": {"resolver": RESOLVER, "objection_days": 7, "default_split": "50%"},
}

TERMS_TEXT: Final = json.dumps(TERMS, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
TERMS_HASH: Final = f"0x{terms_hash(TERMS_TEXT).hex()}"
