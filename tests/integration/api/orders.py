"""An order of every action, with the ids and the account that a test names.

Refuses to say whether it can be done: that is the contract's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.drop import NewDrop

_LATER: Final = "2027-03-01T18:00:00Z"
_NEW_DROP: Final = {
    "terms": {
        "resolver": address_of("resolver"),
        "royalty_bps": 500,
        "toll_bps": 0,
        "resale_cap_bps": 10_000,
        "gift_cooldown_s": 0,
        "starts_at": _LATER,
        "ends_at": _LATER,
        "deliver_by": "2027-03-02T18:00:00Z",
        "refund_until": _LATER,
        "penalty_bps": 0,
        "challenge_days": 7,
        "default_split_bps": 5_000,
        "terms_hash": "0x" + "5e" * 32,
    },
    "tiers": [{"list_price_wei": "5", "cap": 1}],
    "phases": [{"tier": 0, "price_wei": "5", "opens_at": _LATER, "closes_at": _LATER}],
}

ACTION_ORDERS: Final[Mapping[str, tuple[str | None, Mapping[str, Any]]]] = {
    "mint": ("drop", {"phase": 0}),
    "mint-many": ("drop", {}),
    "gift": ("seat", {"recipient": address_of("dan")}),
    "cancel-listings": ("seat", {}),
    "bump-counter": (None, {}),
    "cancel-offer": (None, {"nonce": "1"}),
    "refund": ("seat", {}),
    "claim": ("seat", {}),
    "collect": ("seat", {}),
    "withdraw": (None, {}),
    "check-in": ("seat", {"expiry": "1"}),
    "check-in-message": ("seat", {}),
    "pass-message": ("drop", {"phase": 0}),
    "create-drop": (None, _NEW_DROP),
    "object": ("seat", {}),
    "grant": ("drop", {"tier": 0, "recipient": address_of("dan")}),
    "lower-cap": ("drop", {"tier": 0, "cap": 1}),
    "set-verifier": ("drop", {"verifier": None}),
    "postpone": ("drop", {"starts_at": _LATER, "ends_at": _LATER, "deliver_by": _LATER}),
    "cancel-drop": ("drop", {}),
    "assert": ("drop", {"evidence": "0x" + "5e" * 32}),
    "fail-drop": ("drop", {}),
    "settle": ("drop", {}),
    "resolve": ("drop", {"holders_bps": 1}),
    "resolve-by-default": ("drop", {}),
    "pause": ("drop", {"until": _LATER}),
    "unpause": ("drop", {}),
}
"""By path: which kind of id it names, if any, and what else it takes."""


def order_of(path: str, account: ChecksumAddress, ids: Mapping[str, str]) -> dict[str, Any]:
    """The body of an action; `ids` are texts, by kind."""
    _, others = ACTION_ORDERS[path]
    named = {kind: int(one) if kind == "drop" else one for kind, one in ids.items()}
    if path == "mint-many":
        return {"account": account, "mints": [named | {"phase": 0}]}
    body = dict(others) | named
    return body if path == "check-in-message" else body | {"account": account}


def moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def order_for(offer: NewDrop) -> dict[str, Any]:
    """A drop as it is asked for, written without the API's own words for the domain's."""
    terms = offer.terms
    return {
        "terms": {
            "resolver": terms.resolver,
            "royalty_bps": terms.royalty,
            "toll_bps": terms.toll,
            "resale_cap_bps": terms.resale_cap,
            "gift_cooldown_s": terms.gift_cooldown,
            "starts_at": moment(terms.starts_at),
            "ends_at": moment(terms.ends_at),
            "deliver_by": moment(terms.deliver_by),
            "refund_until": moment(terms.refund_until),
            "penalty_bps": terms.penalty,
            "challenge_days": terms.challenge_days,
            "default_split_bps": terms.default_split,
            "terms_hash": f"0x{terms.terms_hash.hex()}",
            "payout": terms.payout,
            "currency": terms.currency,
            "policy": terms.policy.name.lower(),
            "max_fee_bps": terms.max_fee,
            "verifier": terms.verifier,
        },
        "tiers": [{"list_price_wei": str(one.list_price), "cap": one.cap} for one in offer.tiers],
        "phases": [
            {
                "tier": one.tier,
                "price_wei": str(one.price),
                "opens_at": moment(one.opens),
                "closes_at": moment(one.closes),
                "gate": one.gate.name.lower(),
                "gate_data": f"0x{one.gate_data.hex()}",
                "reserved": one.reserved,
                "supply": one.supply,
                "wallet_limit": one.wallet_limit,
            }
            for one in offer.phases
        ],
    }
