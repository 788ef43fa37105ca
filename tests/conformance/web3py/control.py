"""Time, snapshots and reorganisations, which only a chain for tests offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from web3.exceptions import TransactionNotFound, Web3RPCError
from web3.types import Wei

from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import LAST_STORED, ONE_ETHER, STORE_GAS, UNUSED_ADDRESS

if TYPE_CHECKING:
    from tests.conformance.web3py.world import Web3World

DAY_SECONDS = 86_400
DEPTH = 3


def head_time(world: Web3World) -> int:
    return world.w3.eth.get_block("latest")["timestamp"]


@implements
def time_moves_by_the_asked_seconds(world: Web3World) -> None:
    before = head_time(world)
    world.ask("evm_increaseTime", DAY_SECONDS)
    world.mine()
    assert before + DAY_SECONDS <= head_time(world) < before + DAY_SECONDS + 600


@implements
def next_block_takes_the_set_timestamp(world: Web3World) -> None:
    before = head_time(world)
    world.ask("evm_setNextBlockTimestamp", before + 12_345)
    world.mine()
    assert head_time(world) == before + 12_345


@implements
def many_blocks_are_mined_at_once(world: Web3World) -> None:
    before = world.w3.eth.block_number
    world.ask("anvil_mine", hex(40))
    assert world.w3.eth.block_number == before + 40


@implements
def balance_is_set(world: Web3World) -> None:
    pauper = world.pauper.address
    world.ask("anvil_setBalance", pauper, hex(ONE_ETHER))
    assert world.w3.eth.get_balance(pauper) == ONE_ETHER
    receipt = world.send({"to": UNUSED_ADDRESS, "value": Wei(1), "gas": 21_000}, "pauper")
    assert receipt["status"] == 1


@implements
def snapshot_restores_state_and_logs(world: Web3World) -> None:
    head = world.w3.eth.get_block("latest")
    snapshot = world.ask("evm_snapshot")
    receipt = world.write(world.probe.functions.store(1, 424_242))
    assert world.ask("evm_revert", snapshot) is True
    assert world.probe.functions.stored().call() == LAST_STORED
    assert world.w3.eth.get_block("latest")["hash"] == head["hash"]
    logs = world.probe.events.Stored().get_logs(from_block=head["number"])
    assert [log["args"]["value"] for log in logs] == [LAST_STORED]
    with pytest.raises(TransactionNotFound):
        world.w3.eth.get_transaction_receipt(receipt["transactionHash"])


@implements
def reorg_replaces_blocks_and_their_logs(world: Web3World) -> None:
    eth, probe = world.w3.eth, world.probe
    ancestor = eth.get_block("latest")
    orphaned = [world.write(probe.functions.store(n, 30 + n)) for n in range(DEPTH)]
    world.ask("anvil_reorg", DEPTH, [])
    assert eth.block_number == orphaned[-1]["blockNumber"]
    assert not probe.events.Stored().get_logs(from_block=ancestor["number"] + 1)
    assert probe.functions.stored().call() == LAST_STORED
    for receipt in orphaned:
        assert eth.get_block(receipt["blockNumber"])["hash"] != receipt["blockHash"]
        with pytest.raises(Web3RPCError):
            eth.get_logs({"blockHash": receipt["blockHash"]})
    assert eth.get_block(ancestor["number"])["hash"] == ancestor["hash"]
    assert eth.get_block(ancestor["number"] + 1)["parentHash"] == ancestor["hash"]


@implements
def reorged_transaction_is_mined_again(world: Web3World) -> None:
    raw = world.signed(
        {
            "to": world.probe.address,
            "data": world.probe.encode_abi("store", [1, 55]),
            "gas": STORE_GAS,
            "value": Wei(0),
            "gasPrice": Wei(2 * world.w3.eth.gas_price),
        }
    )
    before = world.receipt(world.w3.eth.send_raw_transaction(raw))
    world.mine(2)
    world.ask("anvil_reorg", DEPTH, [[raw.to_0x_hex(), 1]])
    after = world.w3.eth.get_transaction_receipt(before["transactionHash"])
    assert after["transactionHash"] == before["transactionHash"]
    assert after["blockHash"] != before["blockHash"]
    assert after["blockNumber"] == before["blockNumber"] + 1
    logs = world.probe.events.Stored().get_logs(block_hash=after["blockHash"])
    assert [log["args"]["value"] for log in logs] == [55]
