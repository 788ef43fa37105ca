"""What tests and the built-in wallet use: signing by the node, steering of state and blocks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from hexbytes import HexBytes

from tests.conformance.rpc import AUTOMINE_OFF, AUTOMINE_ON
from tests.conformance.world import account_of, receipt_of, send_signed, stored

if TYPE_CHECKING:
    from tests.conformance.rpc import Rpc
    from tests.conformance.world import World

UNUSED_ADDRESS = "0x00000000000000000000000000000000c0ffee00"


@pytest.mark.exercises("personal_sign", "eth_sign")
def test_node_signs_a_message_for_its_account(rpc: Rpc) -> None:
    account, message = rpc("eth_accounts")[0], b"let me in"
    signatures = (
        rpc("personal_sign", "0x" + message.hex(), account),
        rpc("eth_sign", account, "0x" + message.hex()),
    )
    for signature in signatures:
        signer = Account.recover_message(encode_defunct(message), signature=HexBytes(signature))
        assert signer.lower() == account.lower()


@pytest.mark.exercises("eth_signTypedData_v4")
def test_node_signs_typed_data_for_its_account(rpc: Rpc, world: World) -> None:
    account = rpc("eth_accounts")[0]
    domain = [("name", "string"), ("chainId", "uint256"), ("verifyingContract", "address")]
    typed = {
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in domain],
            "Seat": [{"name": "number", "type": "uint256"}, {"name": "note", "type": "string"}],
        },
        "primaryType": "Seat",
        "domain": {"name": "Probe", "chainId": 31337, "verifyingContract": world.probe_address},
        "message": {"number": str(2**255), "note": "Zoë"},
    }
    signature = rpc("eth_signTypedData_v4", account, typed)
    message = {**typed, "message": {"number": 2**255, "note": "Zoë"}}
    signable = encode_typed_data(full_message=json.loads(json.dumps(message)))
    signer = Account.recover_message(signable, signature=HexBytes(signature))
    assert signer.lower() == account.lower()


@pytest.mark.exercises("evm_setAutomine", "evm_mine", "eth_getBlockReceipts")
def test_transactions_of_one_block_number_their_logs_through(rpc: Rpc, world: World) -> None:
    nonce = int(rpc("eth_getTransactionCount", account_of("alice").address, "latest"), 16)
    rpc("evm_setAutomine", AUTOMINE_OFF)
    try:
        sent = [
            send_signed(rpc, "alice", {**stored(world.probe_address, n), "nonce": nonce + n})
            for n in range(3)
        ]
        rpc("evm_mine")
    finally:
        rpc("evm_setAutomine", AUTOMINE_ON)
    receipts = [receipt_of(rpc, each) for each in sent]
    places = [(each["transactionIndex"], each["logs"][0]["logIndex"]) for each in receipts]
    gas = [int(each["gasUsed"], 16) for each in receipts]
    cumulative = [int(each["cumulativeGasUsed"], 16) for each in receipts]
    assert places == [("0x0", "0x0"), ("0x1", "0x1"), ("0x2", "0x2")]
    assert cumulative == [gas[0], gas[0] + gas[1], sum(gas)]
    assert rpc("eth_getBlockReceipts", receipts[0]["blockNumber"]) == receipts


@pytest.mark.exercises("eth_getRawTransactionByHash")
def test_raw_transaction_is_given_back_as_it_was_sent(rpc: Rpc, world: World) -> None:
    sent = send_signed(rpc, "alice", stored(world.probe_address, 5))
    receipt_of(rpc, sent)
    raw = HexBytes(rpc("eth_getRawTransactionByHash", sent))
    assert Account.recover_transaction(raw) == account_of("alice").address


@pytest.mark.exercises("anvil_setCode", "anvil_setNonce", "anvil_setStorageAt")
def test_code_nonce_and_storage_are_set(rpc: Rpc, world: World) -> None:
    word = "0x" + (31).to_bytes(32, "big").hex()
    rpc("anvil_setCode", UNUSED_ADDRESS, world.probe.runtime)
    rpc("anvil_setNonce", UNUSED_ADDRESS, "0x7")
    rpc("anvil_setStorageAt", UNUSED_ADDRESS, "0x0", word)
    assert rpc("eth_getCode", UNUSED_ADDRESS, "latest") == world.probe.runtime
    assert rpc("eth_getTransactionCount", UNUSED_ADDRESS, "latest") == "0x7"
    assert rpc("eth_getStorageAt", UNUSED_ADDRESS, "0x0", "latest") == word


@pytest.mark.exercises("eth_newPendingTransactionFilter", "eth_getFilterChanges")
def test_transaction_filter_reports_new_hashes(rpc: Rpc, world: World) -> None:
    watching = rpc("eth_newPendingTransactionFilter")
    sent = send_signed(rpc, "alice", stored(world.probe_address, 5))
    receipt_of(rpc, sent)
    assert rpc("eth_getFilterChanges", watching) == [sent]
