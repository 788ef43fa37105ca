from __future__ import annotations

from api.openapi.examples.story import DAN, DROP, MEMBERS, SEAT, TIER, TIER_NAMES
from api.openapi.examples.story_terms import ALLOWLIST, TERMS_TEXT
from marketplace.allowlist.phases import is_authorised
from marketplace.launch.published import read_terms


def test_the_terms_are_canonical_ones_with_the_tiers_of_the_story() -> None:
    assert tuple(tier.name for tier in read_terms(TERMS_TEXT).tiers) == TIER_NAMES


def test_whoever_is_on_the_list_is_let_in_by_their_proof() -> None:
    assert is_authorised(ALLOWLIST.root, MEMBERS, DAN, ALLOWLIST.authorisation(DAN))


def test_the_seat_is_of_the_drop_and_the_tier() -> None:
    assert (SEAT, SEAT.drop, SEAT.tier) == (7200013, DROP, TIER)
