from __future__ import annotations

import pytest

from indexer.rpc.errors import ViewChanged
from indexer.rpc.probe import YOUNG
from indexer.rpc.values import BlockHeader, Mark, View
from indexer.sync.decision import (
    AskHeaders,
    AskParent,
    Backfill,
    Decision,
    Extend,
    FinalizedReplaced,
    Levels,
    RollBack,
    Stored,
    Wait,
    decide,
    levels_after_extending,
    levels_after_rolling_back,
    require_end_of_history,
)


def name(branch: str, number: int) -> str:
    """Block 7 of branch `b`; branches part from `a` by their letter alone."""
    return f"{branch}{number}"


def header(branch: str, number: int, parent: str | None = None) -> BlockHeader:
    return BlockHeader(
        number=number,
        hash=name(branch, number),
        parent_hash=parent or name(branch, number - 1),
        timestamp_s=number,
        logs_bloom=0,
    )


def mark(number: int, branch: str = "a") -> Mark:
    return Mark(number, name(branch, number))


def view(head: BlockHeader, finalized: Mark | None = None, safe: Mark | None = None) -> View:
    return View(head, safe, finalized)


# The mirror stands at block 10 of branch a; everything up to 5 is final.
STORED = Stored(mark(10), mark(8), mark(5), {number: name("a", number) for number in range(5, 11)})


def decided(seen: View, *branch: BlockHeader, first_block: int = 0) -> Decision:
    return decide(STORED, seen, branch, range_blocks=100, head_blocks=3, first_block=first_block)


def test_the_same_head_is_waited_at() -> None:
    assert decided(view(header("a", 10))) == Wait(behind=0)


def test_a_lower_head_that_is_held_is_lag() -> None:
    assert decided(view(header("a", 7))) == Wait(behind=3)


def test_a_head_below_finalized_is_doubtful_lag() -> None:
    assert decided(view(header("b", 4))) == Wait(behind=6, doubtful=True)


def test_a_lower_head_of_another_branch_is_asked_for() -> None:
    assert decided(view(header("b", 7))) == AskHeaders(7, 7)


def test_another_block_at_the_finalized_height_stops() -> None:
    with pytest.raises(FinalizedReplaced) as stop:
        decided(view(header("b", 5)))

    assert (stop.value.stored, stop.value.found) == ("a5", "b5")


def test_a_higher_head_is_asked_for_block_by_block() -> None:
    assert decided(view(header("a", 12))) == AskHeaders(11, 12)
    assert decided(view(header("a", 99))) == AskHeaders(11, 13)


def test_blocks_that_follow_the_head_extend_it() -> None:
    branch = (header("a", 11), header("a", 12))

    assert decided(view(header("a", 12)), *branch) == Extend(branch)


def test_a_finalized_block_ahead_means_backfill_once_the_link_holds() -> None:
    seen = view(header("a", 900), finalized=mark(800))

    assert decided(seen) == AskHeaders(11, 11)
    assert decided(seen, header("a", 11)) == Backfill(11, 110)


@pytest.mark.parametrize(
    ("first_block", "last"),
    # As long as any while it comes to the contract, and else up to the block before it.
    [(0, 110), (11, 110), (12, 110), (111, 110), (112, 111), (500, 499), (801, 800), (9_999, 800)],
)
def test_blocks_before_the_contract_are_one_range(first_block: int, last: int) -> None:
    seen = view(header("a", 900), finalized=mark(800))

    assert decided(seen, header("a", 11), first_block=first_block) == Backfill(11, last)


def test_backfill_ends_at_the_finalized_block() -> None:
    seen = view(header("a", 90), finalized=mark(40))

    assert decided(seen, header("a", 11)) == Backfill(11, 40)


def test_a_finalized_block_ahead_on_another_branch_is_not_backfilled() -> None:
    seen = view(header("b", 900), finalized=mark(800, "b"))

    assert decided(seen, header("b", 11)) == AskParent(10, "b10")
    branch = (header("b", 9, parent="a8"), header("b", 10), header("b", 11))
    assert decided(seen, *branch) == RollBack(mark(8))


def test_an_unknown_parent_is_asked_for_by_hash() -> None:
    assert decided(view(header("b", 12)), header("b", 11)) == AskParent(10, "b10")


def test_a_known_parent_below_the_head_is_rolled_back_to() -> None:
    assert decided(view(header("b", 11)), header("b", 8, parent="a7")) == RollBack(mark(7))


def test_the_finalized_block_itself_may_be_rolled_back_to() -> None:
    assert decided(view(header("b", 11)), header("b", 6, parent="a5")) == RollBack(mark(5))


def test_a_branch_that_leaves_the_finalized_block_stops() -> None:
    with pytest.raises(FinalizedReplaced, match="another chain"):
        decided(view(header("b", 11)), header("b", 6))


def test_levels_are_the_nodes_where_its_blocks_are_held() -> None:
    seen = view(header("a", 12), finalized=mark(9), safe=mark(11))

    raised = levels_after_extending(STORED, seen, (header("a", 11), header("a", 12)))

    assert raised == Levels(mark(11), mark(9))


def test_levels_beyond_the_head_are_left() -> None:
    seen = view(header("a", 12), finalized=mark(9), safe=mark(11))

    assert levels_after_extending(STORED, seen, ()) == Levels(mark(9), mark(9))


def test_levels_of_another_branch_are_left() -> None:
    seen = view(header("b", 12), finalized=mark(9, "b"), safe=mark(10, "b"))

    assert levels_after_extending(STORED, seen, ()) == Levels(mark(8), mark(5))


def test_levels_never_fall_with_the_node() -> None:
    seen = view(header("a", 12), finalized=mark(5), safe=mark(6))

    assert levels_after_extending(STORED, seen, ()) == Levels(mark(8), mark(5))


def test_rolling_back_lowers_safe_and_keeps_finalized() -> None:
    assert levels_after_rolling_back(STORED, mark(6)) == Levels(mark(6), mark(5))
    assert levels_after_rolling_back(STORED, mark(9)) == Levels(mark(8), mark(5))


FRESH = Stored(mark(0), mark(0), mark(0), {0: name("a", 0)})


def test_history_ends_where_the_node_says() -> None:
    require_end_of_history(STORED, view(header("a", 12), mark(5)), named=5)
    require_end_of_history(STORED, view(header("a", 12), mark(9)), named=8)
    require_end_of_history(FRESH, view(header("a", YOUNG)), named=0)
    require_end_of_history(FRESH, view(header("a", YOUNG), mark(0)), named=0)


@pytest.mark.parametrize(
    ("stored", "seen", "named"),
    [
        (STORED, view(header("a", 12)), 0),
        (STORED, view(header("a", 12), mark(4)), 0),
        # Beyond what is final in the mirror, and before what was called final.
        (STORED, view(header("a", 99), mark(9)), 10),
        (FRESH, view(header("a", 99)), 10),
        (FRESH, view(header("a", 99), mark(0)), 10),
        (FRESH, view(header("a", YOUNG + 1)), 0),
        (FRESH, view(header("a", YOUNG + 1), mark(0)), 0),
    ],
)
def test_history_does_not_end_by_one_answer_that_does_not_say_where(
    stored: Stored, seen: View, named: int
) -> None:
    with pytest.raises(ViewChanged, match="final"):
        require_end_of_history(stored, seen, named)
