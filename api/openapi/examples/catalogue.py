"""Examples of the catalogue: mentors, products, drops, their terms and lists.

Owns how the drop of the story looks when it is read. Refuses its seats: `seats` has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.openapi.examples.story import (
    AS_OF,
    CAPS,
    CHAIN_ID,
    CLOSES,
    CONTRACT,
    CURRENCY,
    DELIVER_BY,
    DROP,
    ENDS,
    EVE,
    FIRST_WEEKS,
    FORMAT,
    GUESTS,
    HEAD,
    LISTED_PRICES,
    MEMBERS,
    MENTOR,
    MINTED_AT,
    NOW,
    OPENS,
    PASS_SIGNER,
    REFUND_UNTIL,
    RESOLVER,
    ROYALTY_BPS,
    STARTS,
    TERMS_VERSION,
    TIER,
    TIER_NAMES,
    TITLE,
    VERIFIER,
    as_of,
    at,
    hashed,
)
from api.openapi.examples.story_terms import (
    ALLOWLIST,
    INCLUDES,
    ON_THE_LIST,
    PRODUCT,
    REFUND_POLICY,
    ROOT,
    SESSION_KIND,
    SESSION_TIERS,
    SESSIONS,
    TERMS,
    TERMS_HASH,
    TERMS_TEXT,
    TURN_S,
)
from api.programme.products import product_id
from marketplace.launch.published import read_terms

if TYPE_CHECKING:
    from api.openapi.examples.story import Json, Object, Shown

_ISSUED: Final = (21, 6, 13)
"""Seats of each tier that were ever given out."""

_MENTOR: Final[Object] = {
    "mentor": MENTOR,
    "since": at(OPENS - 86_400),
    "drops": {
        "total": 1,
        "live": 1,
        **dict.fromkeys(("asserted", "disputed", "split", "settled", "cancelled", "failed"), 0),
    },
}
_PRICES: Final[tuple[Object, ...]] = tuple(
    {"tier": tier, "name": name, "list_price_wei": str(price)}
    for tier, (name, price) in enumerate(zip(TIER_NAMES, LISTED_PRICES, strict=True))
)
_OF_PRODUCT: Final[Object] = {
    "drop": DROP,
    "state": "live",
    "terms_hash": TERMS_HASH,
    "opens_at": at(OPENS),
    "closes_at": at(CLOSES),
    "starts_at": at(STARTS),
    "ends_at": at(ENDS),
    "currency": CURRENCY,
    "prices": _PRICES,
}


def bodies() -> Shown:
    """What is sent."""
    return {
        "publish_terms": {"terms": {"document": TERMS_TEXT}},
        "publish_allowlist": {"members": {"accounts": ON_THE_LIST}},
    }


def answers() -> Shown:
    """What comes back."""
    latest = {**AS_OF, "level": "latest"}
    page = {**AS_OF, "next": None}
    return {
        "list_mentors": {"one": {**page, "mentors": [_MENTOR]}},
        "show_mentor": {"mentor": {**latest, **_MENTOR}},
        **_products(),
        "show_chain": {"level": _chain()},
        "list_drops": {"one": {**page, "drops": [_summary()]}},
        "show_drop": {"on_sale": {**latest, **_drop()}},
        "publish_terms": {"published": {"drop": DROP, "terms_hash": TERMS_HASH}},
        "show_terms": {"terms": TERMS},
        "publish_allowlist": {
            "published": {
                "drop": DROP,
                "phase": MEMBERS,
                "root": ROOT,
                "accounts": len(ON_THE_LIST),
            }
        },
        "show_eligibility": {"listed": {**AS_OF, **_eligible()}},
    }


def _products() -> Shown:
    text = read_terms(TERMS_TEXT).product
    product: Object = {
        "product": product_id(MENTOR, text),
        "mentor": MENTOR,
        "format": FORMAT,
        "title": TITLE,
    }
    sold: Object = {"first_sold_at": at(MINTED_AT), "last_sold_at": at(NOW)}
    whole: Object = {
        **AS_OF,
        "level": "latest",
        **product,
        "text": PRODUCT,
        "tiers": [
            {**price, "includes": includes}
            for price, includes in zip(_PRICES, INCLUDES, strict=True)
        ],
        "drops": [{**_OF_PRODUCT, **sold}],
        **sold,
    }
    listed: Object = {**AS_OF, "products": [{**product, "newest": _OF_PRODUCT}], "next": None}
    return {"list_products": {"one": listed}, "show_product": {"product": whole}}


def _chain() -> Object:
    levels = {
        level: {"number": number, "hash": as_of(number)["block_hash"], "timestamp": at(when)}
        for level, number, when in (
            ("head", HEAD, NOW),
            ("safe", HEAD - 2, NOW - 24),
            ("finalized", HEAD - 4, NOW - 48),
        )
    }
    audited = HEAD - 100
    return {
        "chain_id": CHAIN_ID,
        "contract": CONTRACT,
        **levels,
        "level_at": at(NOW),
        "lag_s": 1,
        "audited": {
            "number": audited,
            "hash": as_of(audited)["block_hash"],
            "digest": hashed("what was audited"),
        },
        "disagrees": False,
    }


def _summary() -> Object:
    return {
        "drop": DROP,
        "state": "live",
        "mentor": MENTOR,
        "title": TITLE,
        "format": FORMAT,
        "starts_at": at(STARTS),
        "ends_at": at(ENDS),
        "lowest_price_wei": str(min(LISTED_PRICES)),
        "currency": CURRENCY,
        "cap": sum(CAPS),
        "issued": sum(_ISSUED),
        "live": sum(_ISSUED),
        "terms_hash": TERMS_HASH,
    }


def _drop() -> Object:
    return {
        "drop": DROP,
        "state": "live",
        "mentor": MENTOR,
        "payout": MENTOR,
        "verifier": VERIFIER,
        "resolver": RESOLVER,
        "currency": CURRENCY,
        "decimals": 18,
        "policy": "market_only",
        "terms_hash": TERMS_HASH,
        "terms_version": TERMS_VERSION,
        "royalty_bps": ROYALTY_BPS,
        "toll_bps": 500,
        "resale_cap_bps": 15_000,
        "penalty_bps": 1_000,
        "fee_bps": 250,
        "gift_cooldown_s": 86_400,
        "starts_at": at(STARTS),
        "ends_at": at(ENDS),
        "deliver_by": at(DELIVER_BY),
        "refund_until": at(REFUND_UNTIL),
        "challenge_days": 7,
        "default_split_bps": 5_000,
        "paused_until": None,
        "escrow_wei": str(sum(_escrow(tier) for tier in range(len(_ISSUED)))),
        "tiers": [_tier(tier) for tier in range(len(_ISSUED))],
        "phases": [
            _phase(FIRST_WEEKS, "First weeks", TIER, 13, wallet_limit=2),
            _phase(MEMBERS, "Members", 1, 4, gate="allowlist", allowlist_root=ROOT, supply=8),
            _phase(GUESTS, "Guests", 1, 2, gate="pass", pass_signer=PASS_SIGNER, supply=4),
        ],
        "product": PRODUCT,
        "refund_policy": REFUND_POLICY,
        "sessions": [
            {
                "session": number,
                "title": title,
                "kind": SESSION_KIND,
                "starts_at": at(starts),
                "ends_at": at(ends),
                "tiers": SESSION_TIERS,
            }
            for number, (title, starts, ends) in enumerate(SESSIONS, start=1)
        ],
        "audience": "wait_list",
        "turn_s": TURN_S,
    }


def _escrow(tier: int) -> int:
    return _ISSUED[tier] * LISTED_PRICES[tier]


def _tier(tier: int) -> Object:
    return {
        **_PRICES[tier],
        "cap": CAPS[tier],
        "issued": _ISSUED[tier],
        "live": _ISSUED[tier],
        "escrow_wei": str(_escrow(tier)),
    }


def _phase(phase: int, name: str, tier: int, sold: int, **said: Json) -> Object:
    supply = said.get("supply")
    room = supply if isinstance(supply, int) else CAPS[tier]
    return {
        "phase": phase,
        "name": name,
        "tier": tier,
        "gate": "public",
        "allowlist_root": None,
        "pass_signer": None,
        "opening_drop": None,
        "price_wei": str(LISTED_PRICES[tier]),
        "opens_at": at(OPENS),
        "closes_at": at(CLOSES),
        "supply": None,
        "reserved": supply is not None,
        "sold": sold,
        "left": room - sold,
        "wallet_limit": None,
        "open": True,
        **said,
    }


def _eligible() -> Object:
    proof = ALLOWLIST.authorisation(EVE)
    price = {"amount": str(LISTED_PRICES[1]), "currency": CURRENCY}
    return {
        "drop": DROP,
        "phase": MEMBERS,
        "account": EVE,
        "quantity": 1,
        "eligible": True,
        "cause": None,
        "sentence": None,
        "gate": "allowlist",
        "opening_drop": None,
        "opens_at": at(OPENS),
        "closes_at": at(CLOSES),
        "price": price,
        "funded": True,
        "wallet_left": None,
        "proof": [f"0x{proof[start : start + 32].hex()}" for start in range(0, len(proof), 32)],
    }
