from __future__ import annotations

import pytest

from indexer.named import MOST, NamedHeads
from indexer.rpc.values import BlockHeader


def header(number: int, branch: str = "a", parent: str | None = None) -> BlockHeader:
    return BlockHeader(
        number=number,
        hash=f"0x{number}{branch}",
        parent_hash=f"0x{number - 1}{parent or branch}",
        timestamp_s=0,
        logs_bloom=0,
    )


@pytest.fixture
def heads() -> NamedHeads:
    """Of branch a, blocks 7 to 9 were named at seconds 7 to 9."""
    named = NamedHeads()
    for number in (7, 8, 9):
        named.named(header(number), float(number))
    return named


def test_every_head_of_a_commit_was_named_once(heads: NamedHeads) -> None:
    heads.named(header(8), 20.0)

    assert sorted(heads.shown([header(7), header(8), header(9)], 3)) == [7.0, 8.0, 9.0]
    assert heads.shown([header(10)], 1) == []


def test_heads_are_shown_by_a_descendant_whose_parents_were_named(heads: NamedHeads) -> None:
    # A range of history brings the headers of some blocks alone.
    assert sorted(heads.shown([header(10)], 8)) == [7.0, 8.0, 9.0]


def test_heads_above_a_commit_go_on_waiting(heads: NamedHeads) -> None:
    assert heads.shown([header(7)], 1) == [7.0]
    assert sorted(heads.shown([header(8), header(9)], 2)) == [8.0, 9.0]


def test_a_head_that_was_replaced_is_not_shown(heads: NamedHeads) -> None:
    replacing = header(8, "b", parent="a")
    heads.named(replacing, 30.0)

    assert sorted(heads.shown([header(7), replacing], 2)) == [7.0, 30.0]
    # Nor by another that has come to its number.
    assert heads.shown([header(9, "b")], 1) == []


def test_a_head_of_another_branch_is_not_taken_for_an_ancestor(heads: NamedHeads) -> None:
    assert heads.shown([header(8, "b"), header(9, "b")], 3) == []


def test_what_was_visible_before_is_not_shown_again(heads: NamedHeads) -> None:
    heads.shown([header(7), header(8), header(9)], 3)
    # The node names it while there is nothing to do, for an hour.
    heads.named(header(9), 10.0)

    assert heads.shown([header(10)], 1) == []


def test_a_head_that_comes_back_counts_from_when_it_is_named_again(heads: NamedHeads) -> None:
    heads.shown([header(7), header(8, "b", parent="a")], 2)
    heads.named(header(8), 40.0)

    assert heads.shown([header(8)], 1) == [40.0]


def test_a_head_that_was_left_is_forgotten(heads: NamedHeads) -> None:
    heads.left(header(9).hash)
    heads.left("0xunknown")

    assert sorted(heads.shown([header(7), header(8), header(9)], 3)) == [7.0, 8.0]


def test_of_very_many_heads_the_last_ones_are_remembered() -> None:
    named = NamedHeads()
    for number in range(1, MOST + 3):
        named.named(header(number), float(number))

    shown = named.shown([header(number) for number in range(1, MOST + 3)], MOST + 2)
    assert sorted(shown) == [float(number) for number in range(3, MOST + 3)]
