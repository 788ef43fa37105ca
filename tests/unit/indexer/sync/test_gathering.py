from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest
from msgspec.structs import replace as changed

from indexer.identity import Contracts
from indexer.rpc.errors import LogsContradict, ViewChanged
from indexer.rpc.values import BlockHeader, Mark, Node, RangeLogs, RawLog
from indexer.sync.decision import Backfill
from indexer.sync.gathering import gather_extension, gather_range
from marketplace.bindings.addresses import checksum_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.addresses import ChecksumAddress

OURS, OTHERS = checksum_address(b"\x01" * 20), checksum_address(b"\x02" * 20)
CONTRACTS = Contracts((OURS,), start_block=5)


def header(number: int) -> BlockHeader:
    return BlockHeader(
        number=number,
        hash=f"a{number}",
        parent_hash=f"a{number - 1}",
        timestamp_s=number,
        logs_bloom=0,
    )


def log(number: int, index: int = 0, address: ChecksumAddress = OURS) -> RawLog:
    return RawLog(
        address=address,
        topics=(b"\x07" * 32,),
        data=b"",
        block_number=number,
        block_hash=f"a{number}",
        tx_hash="t",
        tx_index=0,
        log_index=index,
    )


@dataclass
class Answers:
    """A node with a chain of forty blocks that gives these logs."""

    logs: tuple[RawLog, ...] = ()
    head: int = 40
    asked_from: int | None = None

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        return tuple(header(number) if number <= self.head else None for number in numbers)

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        assert addresses == (OURS,)
        self.asked_from = first
        return RangeLogs(header(last) if last <= self.head else None, self.logs)

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        return tuple(self.logs for _ in hashes)


def node(answers: Answers) -> Node:
    return cast("Node", answers)


def in_range(answers: Answers, first: int = 10, last: int = 20) -> tuple[list[int], list[int]]:
    """The numbers of the blocks and of the logs' blocks that a range gives."""
    batch = gather_range(node(answers), Backfill(first, last), Mark(30, "a30"), CONTRACTS)
    return [one.number for one in batch.headers], [one.block_number for one in batch.logs]


def test_a_range_gives_the_blocks_with_logs_and_the_last() -> None:
    given = (log(15), log(12, 1), log(12, 0), log(12, 1))

    assert in_range(Answers(given)) == ([12, 15, 20], [12, 12, 15])


def test_an_empty_range_gives_its_last_block() -> None:
    assert in_range(Answers()) == ([20], [])


def test_before_the_contract_no_logs_are_asked_for() -> None:
    early, across = Answers(), Answers()

    assert in_range(early, 1, 4) == ([4], [])
    in_range(across, 1, 9)

    assert (early.asked_from, across.asked_from) == (None, 5)


def test_a_node_that_does_not_have_the_range_is_not_believed() -> None:
    with pytest.raises(ViewChanged, match="does not have block 20"):
        in_range(Answers((log(12),), head=19))


@pytest.mark.parametrize("number", [9, 21])
def test_a_log_from_outside_the_range_is_not_believed(number: int) -> None:
    with pytest.raises(ViewChanged, match="not asked for"):
        in_range(Answers((log(number),)))


def test_a_log_of_another_fork_is_not_believed() -> None:
    with pytest.raises(ViewChanged, match="log 0 of block 12"):
        in_range(Answers((changed(log(12), block_hash="b12"),)))


def test_a_finalized_block_with_two_hashes_is_not_believed() -> None:
    with pytest.raises(ViewChanged, match="another hash"):
        gather_range(node(Answers()), Backfill(10, 20), Mark(20, "b20"), CONTRACTS)


def test_a_range_without_logs_by_a_machine_of_another_chain_is_not_believed() -> None:
    class Elsewhere(Answers):
        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            answer = super().range_logs(first, last, addresses)
            return RangeLogs(replace(header(last), hash=f"b{last}"), answer.logs)

    with pytest.raises(ViewChanged, match="two blocks 20"):
        in_range(Elsewhere())


def test_contradicting_logs_stop() -> None:
    with pytest.raises(LogsContradict):
        in_range(Answers((log(12), changed(log(12), data=b"\x01"))))


def test_logs_of_other_contracts_are_left_out() -> None:
    assert in_range(Answers((log(12, 0, OTHERS), log(13, 1)))) == ([13, 20], [13])


def test_an_extension_demands_every_log_of_each_block() -> None:
    empty = gather_extension(node(Answers()), (header(31), header(32)), CONTRACTS)
    assert (empty.last, empty.logs) == (header(32), ())

    with pytest.raises(ViewChanged, match="bloom"):
        gather_extension(node(Answers((log(31),))), (header(31),), CONTRACTS)
    with pytest.raises(ViewChanged, match="not of the block"):
        gather_extension(node(Answers((log(32),))), (header(31),), CONTRACTS)
