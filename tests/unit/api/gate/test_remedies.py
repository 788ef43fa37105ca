from __future__ import annotations

from api.gate.remedies import BuySeat, WaitForBlock
from api.gate.values import Level
from marketplace.domain.ids import MAX_TIER, DropId, TierIndex


def test_the_tiers_that_open_are_named() -> None:
    remedy = BuySeat(DropId(2), (TierIndex(0), TierIndex(2)))
    assert remedy.sentence == "Buy a seat of drop 2, tier 0 or 2."
    three = BuySeat(DropId(2), (TierIndex(0), TierIndex(1), TierIndex(2)))
    assert three.sentence == "Buy a seat of drop 2, tier 0, 1 or 2."
    assert BuySeat(DropId(2), (TierIndex(1),)).sentence == "Buy a seat of drop 2, tier 1."


def test_where_any_seat_opens_no_tier_is_named() -> None:
    every = tuple(TierIndex(tier) for tier in range(MAX_TIER + 1))
    assert BuySeat(DropId(2), every).sentence == "Buy a seat of drop 2."


def test_a_block_is_waited_for_in_words_that_say_what_is_missing() -> None:
    unread = WaitForBlock(7, Level.LATEST).sentence
    assert unread == "Ask again when our copy of the chain has reached block 7."
    assert WaitForBlock(7, Level.SAFE).sentence == "Ask again when block 7 is safe."
