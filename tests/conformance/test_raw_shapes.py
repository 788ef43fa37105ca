"""The exact JSON of results: which fields there are, how numbers and bytes are written.

Clients hide these, and differ in what they forgive. Source: the execution API specification of
Ethereum (ethereum/execution-apis).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from eth_utils.crypto import keccak

from tests.conformance.rpc import HASHES_ONLY
from tests.conformance.world import account_of, receipt_of, send_signed, stored

if TYPE_CHECKING:
    from tests.conformance.rpc import Rpc
    from tests.conformance.world import World

QUANTITY = re.compile(r"0x(0|[1-9a-f][0-9a-f]*)")
BLOCK_QUANTITIES = ("number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas", "size")
BLOCK_BYTES = {
    "hash": 32,
    "parentHash": 32,
    "sha3Uncles": 32,
    "miner": 20,
    "stateRoot": 32,
    "transactionsRoot": 32,
    "receiptsRoot": 32,
    "logsBloom": 256,
    "mixHash": 32,
    "nonce": 8,
}
RECEIPT_QUANTITIES = (
    "type",
    "status",
    "transactionIndex",
    "blockNumber",
    "gasUsed",
    "cumulativeGasUsed",
    "effectiveGasPrice",
)
RECEIPT_BYTES = {"transactionHash": 32, "blockHash": 32, "from": 20, "to": 20, "logsBloom": 256}
LOG_QUANTITIES = ("blockNumber", "transactionIndex", "logIndex")
LOG_BYTES = {"address": 20, "data": 32, "blockHash": 32, "transactionHash": 32}
TRANSACTION_QUANTITIES = (
    "type",
    "nonce",
    "gas",
    "value",
    "chainId",
    "blockNumber",
    "transactionIndex",
    "gasPrice",
    "v",
    "r",
    "s",
)
TRANSACTION_BYTES = {"hash": 32, "blockHash": 32, "from": 20, "to": 20, "input": 68}


def assert_quantities(found: dict[str, Any], names: tuple[str, ...]) -> None:
    wrong = {name: found.get(name) for name in names if not QUANTITY.fullmatch(str(found[name]))}
    assert not wrong, f"a quantity has no leading zeros: {wrong}"


def assert_bytes(found: dict[str, Any], lengths: dict[str, int]) -> None:
    wrong = {
        name: found[name]
        for name, length in lengths.items()
        if not re.fullmatch(rf"0x[0-9a-fA-F]{{{2 * length}}}", str(found[name]))
    }
    assert not wrong, f"bytes are written in full: {wrong}"


@pytest.mark.exercises("eth_getBlockByNumber")
def test_block_has_the_fields_of_the_specification(rpc: Rpc) -> None:
    block = rpc("eth_getBlockByNumber", "latest", HASHES_ONLY)
    assert_quantities(block, BLOCK_QUANTITIES)
    assert_bytes(block, BLOCK_BYTES)
    assert block["uncles"] == []
    assert block["withdrawals"] == []
    assert all(re.fullmatch(r"0x[0-9a-f]{64}", each) for each in block["transactions"])


@pytest.mark.exercises("eth_getTransactionReceipt")
def test_receipt_and_log_have_the_fields_of_the_specification(rpc: Rpc, world: World) -> None:
    sent = send_signed(rpc, "alice", stored(world.probe_address, 5))
    receipt = receipt_of(rpc, sent)
    assert_quantities(receipt, RECEIPT_QUANTITIES)
    assert_bytes(receipt, RECEIPT_BYTES)
    assert receipt["contractAddress"] is None
    (log,) = receipt["logs"]
    assert_quantities(log, LOG_QUANTITIES)
    assert_bytes(log, LOG_BYTES)
    assert len(log["topics"]) == 3
    assert log["removed"] is False


@pytest.mark.exercises("eth_getTransactionByHash")
def test_fee_market_transaction_has_the_fields_of_the_specification(rpc: Rpc, world: World) -> None:
    sent = send_signed(rpc, "alice", stored(world.probe_address, 5))
    receipt_of(rpc, sent)
    transaction = rpc("eth_getTransactionByHash", sent)
    fees = ("maxFeePerGas", "maxPriorityFeePerGas", "yParity")
    assert_quantities(transaction, TRANSACTION_QUANTITIES + fees)
    assert_bytes(transaction, TRANSACTION_BYTES)
    assert transaction["accessList"] == []
    assert transaction["yParity"] == transaction["v"]


@pytest.mark.exercises("eth_sendRawTransaction", "eth_getTransactionByHash")
def test_legacy_transaction_carries_the_chain_id_in_v(rpc: Rpc, world: World) -> None:
    price = 2 * int(rpc("eth_gasPrice"), 16)
    fields: dict[str, Any] = {"to": world.probe_address, "value": 0, "gas": 50_000, "nonce": 0}
    signed = account_of("alice").sign_transaction({**fields, "gasPrice": price, "chainId": 31337})
    sent = rpc("eth_sendRawTransaction", "0x" + bytes(signed.raw_transaction).hex())
    receipt_of(rpc, sent)
    transaction = rpc("eth_getTransactionByHash", sent)
    assert_quantities(transaction, TRANSACTION_QUANTITIES)
    assert int(transaction["v"], 16) in {31337 * 2 + 35, 31337 * 2 + 36}
    assert int(transaction["gasPrice"], 16) == price
    assert "maxFeePerGas" not in transaction


@pytest.mark.exercises("eth_getStorageAt")
def test_storage_is_always_a_full_word(rpc: Rpc, world: World) -> None:
    word = rpc("eth_getStorageAt", world.probe_address, "0x0", "latest")
    empty = rpc("eth_getStorageAt", world.probe_address, "0x5", "latest")
    assert word == "0x" + (1199).to_bytes(32, "big").hex()
    assert empty == "0x" + "00" * 32


@pytest.mark.exercises("eth_getBlockByNumber")
def test_earliest_is_block_zero_without_a_parent(rpc: Rpc) -> None:
    block = rpc("eth_getBlockByNumber", "earliest", HASHES_ONLY)
    assert block["number"] == "0x0"
    assert block["parentHash"] == "0x" + "00" * 32


@pytest.mark.exercises("eth_syncing", "net_listening", "web3_sha3")
def test_small_answers_have_their_types(rpc: Rpc) -> None:
    digest = "0x1c8aff950685c2ed4bc3174f3472287b56d9517b9c948127319a09a7a36deac8"
    assert rpc("eth_syncing") is False
    assert rpc("net_listening") is True
    assert rpc("web3_sha3", "0x" + b"hello".hex()) == digest


@pytest.mark.exercises("eth_getLogs")
def test_logs_without_a_range_are_those_of_the_head(rpc: Rpc, world: World) -> None:
    (log,) = rpc("eth_getLogs", {"address": world.probe_address})
    assert int(log["blockNumber"], 16) == world.series.last_block


@pytest.mark.exercises("eth_call")
def test_call_data_is_read_under_both_of_its_names(rpc: Rpc, world: World) -> None:
    # stored() under both names of the field; viem and ethers use `data`, newer nodes `input`.
    selector = "0x" + keccak(text="stored()")[:4].hex()
    by_data = rpc("eth_call", {"to": world.probe_address, "data": selector}, "latest")
    by_input = rpc("eth_call", {"to": world.probe_address, "input": selector}, "latest")
    assert by_data == by_input == "0x" + (1199).to_bytes(32, "big").hex()
