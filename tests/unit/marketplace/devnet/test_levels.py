from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.devnet.errors import InvalidParams, Rejected
from marketplace.devnet.levels import Levels


def test_levels_trail_the_head_by_their_depths() -> None:
    levels = Levels(2, 4)
    assert (levels.safe(10), levels.finalized(10)) == (8, 6)


def test_a_short_chain_has_only_its_genesis_final() -> None:
    levels = Levels(2, 4)
    assert (levels.safe(1), levels.finalized(3)) == (0, 0)


def test_safe_cannot_trail_finalized() -> None:
    with pytest.raises(InvalidParams, match="safe"):
        Levels(5, 4)


@given(st.lists(st.integers(min_value=0, max_value=50), min_size=1))
def test_finalized_never_falls_however_the_head_moves(heads: list[int]) -> None:
    levels, seen = Levels(2, 4), 0
    for head in heads:
        levels = levels.at_head(head)
        assert levels.finalized(head) >= seen
        assert levels.finalized(head) <= levels.safe(head)
        seen = levels.finalized(head)


def test_greater_depths_do_not_unfinalize() -> None:
    levels = Levels(2, 4).at_head(10).with_depths(8, 9)
    assert levels.finalized(10) == 6


@pytest.mark.parametrize(("ancestor", "allowed"), [(7, True), (6, True), (5, False)])
def test_a_reorganisation_may_reach_down_to_the_finalized_block(
    ancestor: int,
    allowed: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    levels = Levels(2, 4).at_head(10)
    if allowed:
        assert levels.after_reorg_to(ancestor, 10, force=False).floor == 6
    else:
        with pytest.raises(Rejected, match="block 6 is finalized"):
            levels.after_reorg_to(ancestor, 10, force=False)


def test_force_takes_finality_back() -> None:
    assert Levels(2, 4).at_head(10).after_reorg_to(3, 10, force=True).finalized(5) == 3
