"""Transactions that are mined: each type, deployments, and one that reverts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eth_typing import HexStr
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.middleware import SignAndSendRawMiddlewareBuilder
from web3.types import AccessList, Wei
from web3.utils.address import get_create_address

from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import CREATION_GAS, ONE_ETHER, STORE_GAS, UNUSED_ADDRESS
from tests.conformance.world import CREATE2_PROXY

if TYPE_CHECKING:
    from web3.types import AccessListEntry, TxParams, TxReceipt

    from tests.conformance.web3py.world import Web3World

CODE_LIMIT = 24_576


def stored(world: Web3World) -> TxParams:
    return {"to": world.probe.address, "data": world.probe.encode_abi("store", [1, 2])}


def legacy_price(world: Web3World) -> Wei:
    return Wei(2 * world.w3.eth.get_block("latest")["baseFeePerGas"] + 1)


def send_raw(world: Web3World, fields: TxParams) -> TxReceipt:
    raw = world.signed({**stored(world), "gas": STORE_GAS, "value": Wei(0), **fields})
    return world.receipt(world.w3.eth.send_raw_transaction(raw))


@implements
def fee_market_transaction_is_mined(world: Web3World) -> None:
    receipt = send_raw(world, {"type": 2, **world.fees()})
    assert (receipt["type"], receipt["status"]) == (2, 1)


@implements
def access_list_transaction_is_mined(world: Web3World) -> None:
    price = legacy_price(world)
    slot = HexStr("0x" + "00" * 32)
    entry: AccessListEntry = {"address": HexStr(world.probe.address), "storageKeys": [slot]}
    listed = AccessList([entry])
    receipt = send_raw(world, {"type": 1, "gasPrice": price, "accessList": listed})
    sent = world.w3.eth.get_transaction(receipt["transactionHash"])
    assert (receipt["type"], receipt["status"]) == (1, 1)
    arrived = [dict(each) for each in sent["accessList"]]
    assert arrived == [{"address": world.probe.address, "storageKeys": [slot]}]
    assert receipt["effectiveGasPrice"] == price


@implements
def legacy_transaction_is_mined(world: Web3World) -> None:
    price = legacy_price(world)
    receipt = send_raw(world, {"gasPrice": price})
    assert (receipt["type"], receipt["status"]) == (0, 1)
    assert receipt["effectiveGasPrice"] == price


@implements
def wallet_fills_in_nonce_fees_and_gas(world: Web3World) -> None:
    signing = SignAndSendRawMiddlewareBuilder.build(world.alice)
    world.w3.middleware_onion.inject(signing, layer=0)
    sent: TxParams = {"from": world.alice.address, "to": UNUSED_ADDRESS, "value": Wei(ONE_ETHER)}
    receipt = world.receipt(world.w3.eth.send_transaction(sent))
    assert receipt["status"] == 1
    assert receipt["gasUsed"] == 21_000
    assert world.w3.eth.get_balance(UNUSED_ADDRESS) == ONE_ETHER


@implements
def node_account_sends(world: Web3World) -> None:
    account = world.w3.eth.accounts[0]
    sent: TxParams = {"from": account, "to": UNUSED_ADDRESS, "value": Wei(1)}
    receipt = world.receipt(world.w3.eth.send_transaction(sent))
    assert receipt["status"] == 1
    assert receipt["from"] == account


@implements
def receipt_states_the_outcome(world: Web3World) -> None:
    fees: TxParams = {**world.fees(), "maxPriorityFeePerGas": Wei(7)}
    receipt = world.write(world.probe.functions.store(1, 2), fees)
    block = world.w3.eth.get_block(receipt["blockHash"])
    assert receipt["status"] == 1
    assert receipt["from"] == world.alice.address
    assert receipt["to"] == world.probe.address
    assert receipt["contractAddress"] is None
    assert receipt["effectiveGasPrice"] == block["baseFeePerGas"] + 7
    assert receipt["gasUsed"] == block["gasUsed"]
    assert receipt["cumulativeGasUsed"] == receipt["gasUsed"]
    assert receipt["blockNumber"] == block["number"]
    assert receipt["transactionIndex"] == 0
    assert list(block["transactions"]) == [receipt["transactionHash"]]
    assert len(receipt["logs"]) == 1


@implements
def contract_is_deployed(world: Web3World) -> None:
    nonce = world.w3.eth.get_transaction_count(world.alice.address)
    creation: TxParams = {"data": HexBytes(world.ground.probe.bytecode), "gas": CREATION_GAS}
    receipt = world.send(creation)
    address = receipt["contractAddress"]
    assert address is not None
    assert address == get_create_address(world.alice.address, nonce)
    assert dict(receipt)["to"] is None
    assert world.w3.eth.get_code(address) == HexBytes(world.ground.probe.runtime)


@implements
def contract_is_deployed_through_the_create2_proxy(world: Web3World) -> None:
    salt = (0x5EA7).to_bytes(32, "big")
    creation = HexBytes(world.ground.probe.bytecode)
    receipt = world.send({"to": CREATE2_PROXY, "data": salt + creation, "gas": CREATION_GAS})
    digest = keccak(b"\xff" + bytes.fromhex(CREATE2_PROXY[2:]) + salt + keccak(creation))
    code = world.w3.eth.get_code(to_checksum_address(digest[12:]))
    assert receipt["status"] == 1
    assert code == HexBytes(world.ground.probe.runtime)


@implements
def oversized_contract_is_refused(world: Web3World) -> None:
    largest = create_of_size(world, CODE_LIMIT)
    oversized = create_of_size(world, CODE_LIMIT + 1)
    assert largest["status"] == 1
    assert code_length(world, largest) == CODE_LIMIT
    assert oversized["status"] == 0
    assert code_length(world, oversized) == 0


def create_of_size(world: Web3World, size: int) -> TxReceipt:
    # PUSH3 size, PUSH1 0, RETURN: the code is that many zero bytes.
    creation = b"\x62" + size.to_bytes(3, "big") + b"\x60\x00\xf3"
    return world.send({"data": creation, "gas": CREATION_GAS})


def code_length(world: Web3World, receipt: TxReceipt) -> int:
    address = receipt["contractAddress"]
    assert address is not None
    return len(world.w3.eth.get_code(address))


@implements
def reverting_transaction_is_mined_with_status_zero(world: Web3World) -> None:
    nonce = world.w3.eth.get_transaction_count(world.alice.address)
    before = world.probe.functions.stored().call()
    receipt = world.write(world.probe.functions.storeAndRefuse(77))
    assert receipt["status"] == 0
    assert 21_000 < receipt["gasUsed"] < STORE_GAS
    assert receipt["logs"] == []
    assert world.probe.functions.stored().call() == before
    assert world.w3.eth.get_transaction_count(world.alice.address) == nonce + 1
