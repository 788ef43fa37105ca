from __future__ import annotations

from indexer.rpc.values import BlockHeader, Mark, View
from indexer.sync.backfilling import Limits
from indexer.sync.memory import Memory

NOTED = 1_800_000_000
HEAD = BlockHeader(number=9, hash="0x9", parent_hash="0x8", timestamp_s=NOTED, logs_bloom=0)


def holds_back(memory: Memory) -> bool:
    return memory.ahead.holds_back(10**12)


def test_a_mirror_that_was_never_rolled_back_or_was_level_since_is_held_back_by_nothing() -> None:
    memory = Memory()

    memory.read(0, None, None)
    memory.read(7, NOTED, None)
    # It was stopped for another reason, perhaps by somebody else.
    memory.read(8, None, None)

    assert not holds_back(memory)


def test_what_another_process_left_counts_from_when_it_is_read() -> None:
    now = [5.0]
    memory = Memory(lambda: now[0])

    memory.read(7, None, 9)
    now[0] += 59
    # The tables are read again and again.
    memory.read(7, None, 9)
    assert memory.ahead.holds_back(8)
    assert not memory.ahead.holds_back(9)

    now[0] += 1
    assert not memory.ahead.holds_back(8)


def test_of_what_this_process_left_it_knows_how_late_it_was() -> None:
    memory = Memory()

    memory.left(9, 7)
    # By now somebody has left more, of which the next generation will tell.
    memory.read(7, None, 12)

    assert memory.ahead.holds_back(8)
    assert not memory.ahead.holds_back(9)


def test_how_much_a_node_is_asked_for_at_once_is_as_the_term_before_has_left_it() -> None:
    memory, limits = Memory(), Limits(range_blocks=2_000, head_blocks=32)
    sizes = memory.sizes(limits)
    assert (sizes.history.blocks, sizes.head.blocks) == (100, 32)

    sizes.history, sizes.head = sizes.history.shrunk(), sizes.head.shrunk()

    again = memory.sizes(limits)
    assert (again.history.blocks, again.head.blocks) == (50, 16)


def test_a_head_that_the_mirror_has_holds_nothing_back() -> None:
    memory = Memory()

    memory.saw(View(HEAD, None, None), {9: "0x9"})
    assert not memory.ahead.holds_back(8)
    assert memory.called_final.latest() == 0

    memory.saw(View(HEAD, None, Mark(4, "0x4")), {9: "0x99"})
    assert memory.ahead.holds_back(8)
    assert memory.called_final.latest() == 4
