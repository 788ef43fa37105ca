"""The exact refusals: codes, revert bytes, and null where nothing is wrong but unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.conformance.rpc import HASHES_ONLY, RpcRefused
from tests.conformance.world import account_of

if TYPE_CHECKING:
    from tests.conformance.rpc import Rpc
    from tests.conformance.world import World

REVERTED = 3
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
UNKNOWN_HASH = "0x" + "ab" * 32
UNKNOWN_BLOCK = hex(10_000_000)


def call_of(world: World, signature: str, *arguments: int) -> dict[str, str]:
    data = keccak(text=signature)[:4] + encode(["uint256"] * len(arguments), arguments)
    sender = account_of("alice").address
    return {"from": sender, "to": world.probe_address, "data": "0x" + data.hex()}


def refusal(rpc: Rpc, method: str, *params: object) -> RpcRefused:
    with pytest.raises(RpcRefused) as refused:
        rpc(method, *params)
    return refused.value


@pytest.mark.exercises("eth_call", "eth_estimateGas")
def test_revert_has_code_3_and_the_exact_bytes(rpc: Rpc, world: World) -> None:
    types = ["address", "uint256", "uint256", "string"]
    arguments = encode(types, [account_of("alice").address, 9, 9, "undone"])
    expected = keccak(text="Refused(address,uint256,uint256,string)")[:4] + arguments
    for method in ("eth_call", "eth_estimateGas"):
        error = refusal(rpc, method, call_of(world, "storeAndRefuse(uint256)", 9))
        assert error.code == REVERTED
        assert error.data == "0x" + expected.hex()
        assert error.message.startswith("execution reverted")


@pytest.mark.exercises("eth_call")
def test_revert_reason_stands_in_the_message(rpc: Rpc, world: World) -> None:
    data = keccak(text="revertWithReason(string)")[:4] + encode(["string"], ["sold out"])
    error = refusal(rpc, "eth_call", {"to": world.probe_address, "data": "0x" + data.hex()})
    assert error.code == REVERTED
    assert error.message == "execution reverted: sold out"


def test_unknown_method_says_so(rpc: Rpc) -> None:
    assert refusal(rpc, "eth_sellSeat").code == METHOD_NOT_FOUND


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_getBalance", []),
        ("eth_getBalance", ["0x12", "latest"]),
        ("eth_getBlockByNumber", ["yesterday", False]),
        ("eth_getTransactionReceipt", ["0x1234"]),
        ("eth_sendRawTransaction", ["0xzz"]),
        ("eth_getLogs", [{"blockHash": UNKNOWN_HASH, "fromBlock": "0x0"}]),
    ],
)
def test_malformed_arguments_are_invalid_params(
    rpc: Rpc, method: str, params: list[object]
) -> None:
    assert refusal(rpc, method, *params).code == INVALID_PARAMS


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_getBlockByNumber", [UNKNOWN_BLOCK, False]),
        ("eth_getBlockByHash", [UNKNOWN_HASH, True]),
        ("eth_getBlockReceipts", [UNKNOWN_BLOCK]),
        ("eth_getTransactionByHash", [UNKNOWN_HASH]),
        ("eth_getTransactionReceipt", [UNKNOWN_HASH]),
        ("eth_getTransactionByBlockNumberAndIndex", ["latest", "0x63"]),
        ("eth_getBlockTransactionCountByHash", [UNKNOWN_HASH]),
    ],
)
def test_what_is_unknown_is_null(rpc: Rpc, method: str, params: list[object]) -> None:
    answer = rpc.post({"jsonrpc": "2.0", "id": 5, "method": method, "params": params})
    assert answer == {"jsonrpc": "2.0", "id": 5, "result": None}


@pytest.mark.exercises("eth_getBalance", "eth_getCode", "eth_getTransactionCount")
def test_state_at_an_unknown_block_is_an_error(rpc: Rpc, world: World) -> None:
    for method in ("eth_getBalance", "eth_getCode", "eth_getTransactionCount"):
        for block in (UNKNOWN_BLOCK, {"blockHash": UNKNOWN_HASH}):
            assert refusal(rpc, method, world.probe_address, block).code < 0


@pytest.mark.exercises("eth_sendRawTransaction")
def test_damaged_raw_transaction_changes_nothing(rpc: Rpc) -> None:
    head = rpc("eth_blockNumber")
    assert refusal(rpc, "eth_sendRawTransaction", "0x02f8").code < 0
    assert rpc("eth_blockNumber") == head


@pytest.mark.exercises("evm_setNextBlockTimestamp")
def test_time_does_not_run_backwards(rpc: Rpc) -> None:
    assert refusal(rpc, "evm_setNextBlockTimestamp", 1).code == INVALID_PARAMS


@pytest.mark.exercises("evm_revert")
def test_unknown_snapshot_reverts_nothing(rpc: Rpc) -> None:
    head = rpc("eth_blockNumber")
    assert rpc("evm_revert", "0xffff") is False
    assert rpc("eth_blockNumber") == head


@pytest.mark.exercises("evm_snapshot", "evm_revert", "evm_mine")
def test_snapshot_is_used_up_by_its_revert(rpc: Rpc) -> None:
    snapshot = rpc("evm_snapshot")
    rpc("evm_mine")
    assert rpc("evm_revert", snapshot) is True
    assert rpc("evm_revert", snapshot) is False


@pytest.mark.exercises("anvil_reorg")
def test_reorg_deeper_than_the_chain_changes_nothing(rpc: Rpc) -> None:
    head = rpc("eth_getBlockByNumber", "latest", HASHES_ONLY)
    assert refusal(rpc, "anvil_reorg", 100_000, []).code < 0
    assert rpc("eth_getBlockByNumber", "latest", HASHES_ONLY) == head
