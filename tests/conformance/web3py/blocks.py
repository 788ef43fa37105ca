"""Blocks, their transactions and receipts, and what fees they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from hexbytes import HexBytes
from web3.exceptions import BlockNotFound, TransactionNotFound

from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import UNKNOWN_BLOCK, UNKNOWN_HASH

if TYPE_CHECKING:
    from web3.types import BlockIdentifier

    from tests.conformance.web3py.world import Web3World


@implements
def block_number_rises_with_each_block(world: Web3World) -> None:
    before = world.w3.eth.block_number
    world.mine(2)
    assert world.w3.eth.block_number == before + 2


@implements
def block_is_the_same_by_number_and_by_hash(world: Web3World) -> None:
    head = world.w3.eth.get_block("latest")
    parent = world.w3.eth.get_block(head["number"] - 1)
    assert world.w3.eth.get_block(head["hash"]) == head
    assert head["parentHash"] == parent["hash"]
    assert head["timestamp"] >= parent["timestamp"]


@implements
def full_transactions_equal_the_single_ones(world: Web3World) -> None:
    receipt = world.write(world.probe.functions.store(1, 2))
    block = world.w3.eth.get_block(receipt["blockNumber"], full_transactions=True)
    single = world.w3.eth.get_transaction(receipt["transactionHash"])
    assert list(block["transactions"]) == [single]


@implements
def transaction_is_found_by_its_place(world: Web3World) -> None:
    receipt = world.write(world.probe.functions.store(1, 2))
    eth = world.w3.eth
    by_number = eth.get_transaction_by_block(receipt["blockNumber"], 0)
    by_hash = eth.get_transaction_by_block(receipt["blockHash"], 0)
    assert by_number["hash"] == receipt["transactionHash"]
    assert by_hash == by_number
    assert eth.get_block_transaction_count(receipt["blockNumber"]) == 1
    assert eth.get_block_transaction_count(receipt["blockHash"]) == 1


@implements
def safe_and_finalized_lag_the_head(world: Web3World) -> None:
    profile = world.ground.chain.profile
    for _ in range(2):
        world.mine()
        head = number_at(world, "latest")
        assert head - number_at(world, "safe") == profile.safe_depth
        assert head - number_at(world, "finalized") == profile.finalized_depth


def number_at(world: Web3World, tag: BlockIdentifier) -> int:
    return world.w3.eth.get_block(tag)["number"]


@implements
def pending_block_builds_on_the_head(world: Web3World) -> None:
    head = world.w3.eth.get_block("latest")
    pending = world.w3.eth.get_block("pending")
    assert pending["number"] == head["number"] + 1
    assert pending["parentHash"] == head["hash"]


@implements
def unknown_objects_are_null(world: Web3World) -> None:
    unknown = HexBytes(UNKNOWN_HASH)
    with pytest.raises(BlockNotFound):
        world.w3.eth.get_block(UNKNOWN_BLOCK)
    with pytest.raises(BlockNotFound):
        world.w3.eth.get_block(unknown)
    with pytest.raises(TransactionNotFound):
        world.w3.eth.get_transaction(unknown)
    with pytest.raises(TransactionNotFound):
        world.w3.eth.get_transaction_receipt(unknown)


@implements
def block_receipts_equal_the_single_ones(world: Web3World) -> None:
    receipt = world.write(world.probe.functions.storeMany([1, 2]))
    number = receipt["blockNumber"]
    assert cast("list[Any]", world.w3.eth.get_block_receipts(number)) == [receipt]


@implements
def fee_history_covers_the_range(world: Web3World) -> None:
    world.write(world.probe.functions.store(1, 2))
    head = world.w3.eth.get_block("latest")
    parent = world.w3.eth.get_block(head["number"] - 1)
    history = world.w3.eth.fee_history(2, "latest", [25.0, 75.0])
    assert history["oldestBlock"] == parent["number"]
    assert len(history["baseFeePerGas"]) == 3
    assert history["baseFeePerGas"][:2] == [parent["baseFeePerGas"], head["baseFeePerGas"]]
    assert len(history["gasUsedRatio"]) == 2
    assert 0 < history["gasUsedRatio"][1] < 1
    assert [len(each) for each in history["reward"]] == [2, 2]


@implements
def gas_price_covers_the_base_fee(world: Web3World) -> None:
    assert world.w3.eth.gas_price >= world.w3.eth.get_block("latest")["baseFeePerGas"]
    assert world.w3.eth.max_priority_fee >= 0
