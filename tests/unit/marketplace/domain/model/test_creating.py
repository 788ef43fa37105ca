from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.bounds import broken_terms
from marketplace.domain.model.creating import create_drop
from marketplace.domain.model.refusals import Refused
from marketplace.domain.model.state import Call
from tests.unit.marketplace.domain.model.markets import DAY, FEE, MENTOR, NOW, empty, offer

if TYPE_CHECKING:
    from marketplace.domain.drop import NewDrop

TERMS = {
    "royalty": (0, 2_000, 2_001),
    "toll": (0, 2_000, 2_001),
    "resale_cap": (0, 50_000, 50_001),
    "penalty": (10_000, 10_001),
    "default_split": (10_000, 10_001),
    "gift_cooldown": (730 * DAY, 730 * DAY + 1),
    "starts_at": (NOW - 1, NOW, NOW + 11 * DAY, NOW + 11 * DAY + 1),
    "ends_at": (NOW + 10 * DAY, NOW + 9 * DAY, NOW + 20 * DAY - 1, NOW + 20 * DAY),
    "deliver_by": (0, NOW + 11 * DAY, NOW + 11 * DAY + 1, NOW + 730 * DAY, NOW + 730 * DAY + 1),
    "refund_until": (0, NOW + 11 * DAY, NOW + 11 * DAY + 1),
    "challenge_days": (2, 3, 30, 31),
    "max_fee": (249, 250),
}
PHASE = {
    "price": (0, 2_000, 2_001),
    "opens": (0, NOW + 9 * DAY, NOW + 9 * DAY + 1),
    "closes": (NOW - 1, NOW, NOW + 11 * DAY, NOW + 11 * DAY + 1),
    "supply": (0, 20, 21),
    "wallet_limit": (2**16 - 1, 2**16),
    "reserved": (False, True),
    "tier": (0, 1),
}
TIER = {"cap": (0, 1, 99_999, 100_000), "list_price": (0, 2**80 - 1, 2**80)}


@st.composite
def offers(draw: st.DrawFn) -> NewDrop:
    """The good offer with up to two values at a bound or past it."""
    made = offer()
    for _ in range(draw(st.integers(0, 2))):
        part = draw(st.sampled_from([TERMS, PHASE, TIER]))
        name = draw(st.sampled_from(sorted(part)))
        value = draw(st.sampled_from(part[name]))
        if part is TERMS:
            made = replace(made, terms=replace(made.terms, **{name: value}))  # type: ignore[arg-type] # named
        elif part is PHASE:
            first = replace(made.phases[0], **{name: value})  # type: ignore[arg-type] # named
            made = replace(made, phases=(first, *made.phases[1:]))
        else:
            made = replace(made, tiers=(replace(made.tiers[0], **{name: value}),))  # type: ignore[arg-type] # named
    return made


@given(made=offers())
def test_the_model_takes_exactly_the_offers_without_a_broken_term(made: NewDrop) -> None:
    outcome = create_drop(empty(), Call(sender=MENTOR, now=NOW), made)

    broken = broken_terms(made, MENTOR, NOW, fee=FEE)
    assert isinstance(outcome, Refused) == bool(broken)
