"""Examples of actions on a whole drop: its mentor's, its resolver's, the guardian's, anybody's.

Refuses what is done with one seat: `holding` has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.actions.drop_orders import CreateDropOrder
from api.openapi.examples.story import (
    AFTERWARDS,
    ASSERTED,
    CAPS,
    CLOSES,
    DAN,
    DELIVER_BY,
    DROP,
    ENDS,
    GUARDIAN,
    IN_THE_END,
    LISTED_PRICES,
    MENTOR,
    NOW,
    OPENS,
    PASS_SIGNER,
    REFUND_UNTIL,
    RESOLVER,
    ROYALTY_BPS,
    STARTS,
    TIER,
    VERIFIER,
    hashed,
)
from api.openapi.examples.story_orders import CALLS, Act, octets
from api.openapi.examples.story_terms import ROOT, TERMS_HASH
from marketplace.domain.money import Bps
from marketplace.domain.times import utc_text
from marketplace.orders.passes import gate_data_of_signer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.examples.story import Json, Object, Shown

_DAY_S = 86_400
_BEFORE = OPENS - 2 * _DAY_S
_EVIDENCE = hashed("what was delivered")


def bodies() -> Shown:
    """What is sent."""
    return {name: {"example": act.asked} for name, act in _acts().items()}


def answers() -> Shown:
    """What comes back."""
    return {name: {"example": act.prepared} for name, act in _acts().items()}


def _acts() -> Mapping[str, Act]:
    return {"prepare_create_drop": _creating(), **_selling(), **_delivering(), **_deciding()}


def _creating() -> Act:
    body: Object = {"terms": _terms(), "tiers": _tiers(), "phases": _phases()}
    order = CreateDropOrder.model_validate({"account": MENTOR, **body})
    return Act(MENTOR, body, CALLS.create_drop(order.offer), now=_BEFORE, block=1)


def _terms() -> Object:
    return {
        "resolver": RESOLVER,
        "royalty_bps": ROYALTY_BPS,
        "toll_bps": 500,
        "resale_cap_bps": 15_000,
        "gift_cooldown_s": _DAY_S,
        "starts_at": utc_text(STARTS),
        "ends_at": utc_text(ENDS),
        "deliver_by": utc_text(DELIVER_BY),
        "refund_until": utc_text(REFUND_UNTIL),
        "penalty_bps": 1_000,
        "challenge_days": 7,
        "default_split_bps": 5_000,
        "terms_hash": TERMS_HASH,
        "policy": "market_only",
        "max_fee_bps": 500,
        "verifier": VERIFIER,
    }


def _tiers() -> list[Json]:
    return [
        {"list_price_wei": str(price), "cap": cap}
        for price, cap in zip(LISTED_PRICES, CAPS, strict=True)
    ]


def _phases() -> list[Json]:
    times: Object = {"opens_at": utc_text(OPENS), "closes_at": utc_text(CLOSES)}
    practice: Object = {"tier": 1, "price_wei": str(LISTED_PRICES[1]), **times, "reserved": True}
    signer = f"0x{gate_data_of_signer(PASS_SIGNER).hex()}"
    return [
        {"tier": TIER, "price_wei": str(LISTED_PRICES[TIER]), **times, "wallet_limit": 2},
        {**practice, "gate": "allowlist", "gate_data": ROOT, "supply": 8},
        {**practice, "gate": "pass", "gate_data": signer, "supply": 4},
    ]


def _selling() -> dict[str, Act]:
    drop = {"drop": DROP}
    until = NOW + 2 * _DAY_S
    later = tuple(when + 7 * _DAY_S for when in (STARTS, ENDS, DELIVER_BY))
    return {
        "prepare_grant": Act(
            MENTOR,
            {**drop, "tier": TIER, "recipient": DAN, "quantity": 1},
            CALLS.grant(DROP, TIER, DAN, 1),
        ),
        "prepare_lower_cap": Act(
            MENTOR,
            {**drop, "tier": TIER, "cap": CAPS[TIER] - 2},
            CALLS.lower_cap(DROP, TIER, CAPS[TIER] - 2),
        ),
        "prepare_set_verifier": Act(
            MENTOR, {**drop, "verifier": VERIFIER}, CALLS.set_verifier(DROP, VERIFIER)
        ),
        "prepare_pause": Act(
            GUARDIAN, {**drop, "until": utc_text(until)}, CALLS.pause(DROP, until)
        ),
        "prepare_unpause": Act(GUARDIAN, drop, CALLS.unpause(DROP)),
        "prepare_postpone": Act(
            MENTOR,
            {
                **drop,
                **dict(
                    zip(("starts_at", "ends_at", "deliver_by"), map(utc_text, later), strict=True)
                ),
            },
            CALLS.postpone(DROP, *later),
        ),
        "prepare_cancel_drop": Act(MENTOR, drop, CALLS.cancel_drop(DROP)),
    }


def _delivering() -> dict[str, Act]:
    drop = {"drop": DROP}
    return {
        "prepare_assert": Act(
            MENTOR,
            {**drop, "evidence": _EVIDENCE},
            CALLS.assert_delivery(DROP, octets(_EVIDENCE)),
            now=ASSERTED,
            block=IN_THE_END - 100,
        ),
        "prepare_settle": Act(
            MENTOR, drop, CALLS.settle(DROP), now=ASSERTED + 7 * _DAY_S + 1, block=IN_THE_END + 100
        ),
        "prepare_fail_drop": Act(
            DAN, drop, CALLS.fail_drop(DROP), now=DELIVER_BY + 1, block=IN_THE_END + 200
        ),
    }


def _deciding() -> dict[str, Act]:
    drop, half = {"drop": DROP}, Bps(5_000)
    return {
        "prepare_resolve": Act(
            RESOLVER,
            {**drop, "holders_bps": half},
            CALLS.resolve(DROP, half),
            now=AFTERWARDS + 7 * _DAY_S,
            block=IN_THE_END + 150,
        ),
        "prepare_resolve_by_default": Act(
            DAN,
            drop,
            CALLS.resolve_by_default(DROP),
            now=AFTERWARDS + 21 * _DAY_S,
            block=IN_THE_END + 300,
        ),
    }
