from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from indexer.rpc.errors import (
    AnswerMalformed,
    ClockAhead,
    ClockWrong,
    NodeRefused,
    NodeUnfit,
    StartTooLate,
    ViewChanged,
)
from indexer.rpc.probe import (
    YOUNG,
    require_abilities,
    require_clock,
    require_reached,
    require_start,
)
from indexer.rpc.values import BlockHeader, Mark, RawLog, View
from marketplace.bindings.addresses import checksum_address
from tests.integration.indexer.market import Action
from tests.integration.indexer.simulating import CREATE, DEPLOY
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.rpc.values import Node
    from marketplace.domain.addresses import ChecksumAddress

HEAD = BlockHeader(number=7, hash="0x07", parent_hash="0x06", timestamp_s=1, logs_bloom=0)
LOG = RawLog(
    address=checksum_address(bytes(20)),
    topics=(bytes(32),),
    data=b"",
    block_number=7,
    block_hash="0x07",
    tx_hash="0x70",
    tx_index=0,
    log_index=0,
)
UNKNOWN_BLOCK = NodeRefused("eth_getLogs", -32000, "unknown block")


class FixedNode:
    """A node that says one thing for the head's hash and another for a hash that no block has."""

    def __init__(
        self,
        known: tuple[RawLog, ...] | Exception = (),
        unknown: tuple[RawLog, ...] | Exception = UNKNOWN_BLOCK,
        view: View | None = None,
        before: Sequence[BlockHeader] = (),
        by_hash: Sequence[BlockHeader] | None = None,
    ) -> None:
        self._known = known
        self._unknown = unknown
        self._view = view or View(HEAD, None, Mark(0, "0x00"))
        self._before = {header.number: header for header in before}
        self._by_hash = before if by_hash is None else by_hash
        self.asked: list[str] = []

    def view(self) -> View:
        return self._view

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        self.asked += hashes
        answer = self._known if list(hashes) == [HEAD.hash] else self._unknown
        if isinstance(answer, Exception):
            raise answer
        return (answer,)

    def header(self, block_hash: str) -> BlockHeader | None:
        return next((one for one in self._by_hash if one.hash == block_hash), None)

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        assert len(numbers) <= 100
        return tuple(self._before.get(number) for number in numbers)


def probe(node: FixedNode) -> None:
    require_abilities(cast("Node", node), node.view())


@pytest.mark.parametrize("unknown", [(), UNKNOWN_BLOCK, AnswerMalformed("eth_getLogs", "null")])
def test_a_node_that_gives_no_logs_for_no_block_is_followed(
    unknown: tuple[RawLog, ...] | Exception,
) -> None:
    probe(FixedNode(known=(LOG,), unknown=unknown))


def test_a_node_that_passes_over_the_hash_is_refused() -> None:
    with pytest.raises(NodeUnfit, match="a block that does not exist, it gave some"):
        probe(FixedNode(known=(LOG,), unknown=(LOG,)))


# A block of another time, whose bloom holds something.
BEARING = replace(HEAD, number=3, hash="0x03", logs_bloom=1 << 7)


def test_a_node_that_passes_over_the_hash_is_refused_while_its_head_holds_nothing() -> None:
    later = replace(BEARING, number=5, hash="0x05")
    node = FixedNode(unknown=(), before=[replace(HEAD, number=2), BEARING, later])

    with pytest.raises(NodeUnfit, match="the logs of block 3 by its hash"):
        probe(node)

    # The oldest of the last ones: all machines behind one address have it.
    assert node.asked.count(BEARING.hash) == 2


def test_a_machine_that_lacks_the_block_it_is_asked_about_is_asked_again() -> None:
    with pytest.raises(ViewChanged, match="does not know block 3 yet"):
        probe(FixedNode(unknown=(), before=[BEARING], by_hash=[]))


@pytest.mark.parametrize("bloom", [0, BEARING.logs_bloom])
def test_where_the_head_holds_a_log_or_no_block_does_no_other_is_asked_for(bloom: int) -> None:
    head = replace(HEAD, logs_bloom=bloom)
    before = [BEARING] if bloom else [replace(HEAD, number=3, hash="0x03")]
    node = FixedNode(unknown=(), view=View(head, None, Mark(0, "0x00")), before=before)

    probe(node)

    assert BEARING.hash not in node.asked


def test_a_node_that_gives_a_block_its_own_logs_is_followed() -> None:
    tree = Tree()
    tree.grow([DEPLOY, CREATE])
    for _ in range(120):
        tree.grow()
    node = TreeNode(tree)
    require_abilities(node, node.view())
    tree.grow([Action("mint", 1)])
    for _ in range(3):
        tree.grow()

    require_abilities(node, node.view())


@pytest.mark.parametrize("code", [-32600, -32601, -32602])
def test_a_node_that_does_not_know_the_question_is_refused(code: int) -> None:
    with pytest.raises(NodeUnfit, match="it said 'no blockHash here'"):
        probe(FixedNode(known=NodeRefused("eth_getLogs", code, "no blockHash here")))


def test_a_node_that_cannot_answer_now_is_asked_again() -> None:
    with pytest.raises(NodeRefused, match="unknown block"):
        probe(FixedNode(known=UNKNOWN_BLOCK))


# Genesis is final of itself, and says nothing of all the others.
@pytest.mark.parametrize("final", [None, Mark(0, "0x00")])
@pytest.mark.parametrize(("number", "is_followed"), [(YOUNG, True), (YOUNG + 1, False)])
def test_a_long_chain_without_a_final_block_is_refused(
    number: int, final: Mark | None, *, is_followed: bool
) -> None:
    head = replace(HEAD, number=number)
    node = FixedNode(view=View(head, None, final))

    if is_followed:
        probe(node)
    else:
        with pytest.raises(NodeUnfit, match="calls none of them finalized"):
            probe(node)


@pytest.mark.parametrize(
    ("number", "final", "is_asked_again"),
    [
        (99, Mark(0, "0x00"), True),
        (100, Mark(0, "0x00"), False),
        (YOUNG, None, False),
        (YOUNG + 1, None, True),
        (YOUNG, Mark(0, "0x00"), False),
        (YOUNG + 1, Mark(0, "0x00"), True),
        (YOUNG + 1, Mark(1, "0x01"), False),
    ],
)
def test_a_node_that_reads_its_chain_anew_is_asked_again(
    number: int, final: Mark | None, *, is_asked_again: bool
) -> None:
    view = View(replace(HEAD, number=number), None, final)

    if is_asked_again:
        with pytest.raises(ViewChanged, match="block 100"):
            require_reached(view, 100)
    else:
        require_reached(view, 100)


@pytest.mark.parametrize(("most", "refused"), [(None, False), (60, False), (59, True)])
def test_a_head_that_is_further_in_the_future_than_a_clock_may_be_wrong_is_refused(
    most: int | None, *, refused: bool
) -> None:
    view = View(replace(HEAD, timestamp_s=1_000), None, None)
    now = 940

    if not refused:
        require_clock(view, 0, now + 0.9, most)
        return
    with pytest.raises(ClockWrong, match="60 seconds in the future") as refusal:
        require_clock(view, 0, now + 0.9, most)
    assert (refusal.value.ahead_s, refusal.value.most_s) == (60, 59)


@pytest.mark.parametrize(
    ("head", "answered_at", "most", "ahead_s"),
    [
        # A chain that stands still, and nobody says what time it is.
        (100, None, 60, None),
        (100, 939, 60, 61),
        (100, 940, 60, None),
        (100, 939, None, None),
        # A block is young by our clock: it is the other one that is wrong.
        (940, 100, 60, None),
        (939, 100, 60, 61),
    ],
)
def test_a_clock_that_is_ahead_of_the_node_and_of_every_block_is_refused(
    head: int, answered_at: int | None, most: int | None, ahead_s: int | None
) -> None:
    view = View(replace(HEAD, timestamp_s=head), None, None, answered_at)

    if ahead_s is None:
        require_clock(view, 1_000.9, 5_000, most)
        return
    with pytest.raises(
        ClockAhead, match=r"61 seconds ahead of the node's, more than 60"
    ) as refusal:
        require_clock(view, 1_000.9, 5_000, most)
    assert refusal.value.ahead_s == ahead_s


@pytest.mark.parametrize(
    ("start_block", "code", "asked", "refused"),
    [
        (0, {}, [], False),
        (5, {}, [4], False),
        # It knows the newest states alone.
        (5, {4: None}, [4], False),
        (5, {4: b"\x60"}, [4, 0], True),
        # It has nothing that old, so that it looks at the block.
        (5, {4: b"\x60", 0: None}, [4, 0], True),
        # It gives the code of now, whichever block it is asked about.
        (5, {4: b"\x60", 0: b"\x60"}, [4, 0], False),
    ],
)
def test_a_contract_that_was_there_before_its_first_block_is_refused(
    start_block: int, code: dict[int, bytes | None], asked: list[int], *, refused: bool
) -> None:
    numbers: list[int] = []

    class Then:
        def code_then(self, address: ChecksumAddress, number: int) -> bytes | None:
            assert address == LOG.address
            numbers.append(number)
            return code.get(number, b"")

    node = cast("Node", Then())
    if refused:
        with pytest.raises(StartTooLate, match="start_block 5"):
            require_start(node, LOG.address, start_block)
    else:
        require_start(node, LOG.address, start_block)
    assert numbers == asked
