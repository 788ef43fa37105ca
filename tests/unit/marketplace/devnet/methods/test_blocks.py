from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.marketplace.devnet.driving import ADA, BO, emit, emitter_on, signed

if TYPE_CHECKING:
    from tests.unit.marketplace.devnet.driving import Client

UNKNOWN = "0x" + "ab" * 32


def mined(client: Client) -> str:
    sent: str = client.ask("eth_sendRawTransaction", "0x" + signed().hex())
    return sent


def test_a_transaction_is_shown_whole(client: Client) -> None:
    sent = mined(client)
    shown = client.ask("eth_getTransactionByHash", sent)
    block = client.ask("eth_getBlockByNumber", "latest", False)  # noqa: FBT003 - JSON-RPC's flag
    assert shown["hash"] == sent
    assert (shown["from"], shown["to"]) == (ADA.address.lower(), BO.address.lower())
    assert (shown["blockHash"], shown["blockNumber"]) == (block["hash"], "0x1")
    assert (shown["type"], shown["chainId"], shown["v"], shown["yParity"]) == (
        "0x2",
        "0x7a69",
        shown["yParity"],
        shown["v"],
    )
    assert int(shown["gasPrice"], 16) == int(block["baseFeePerGas"], 16) + 10**9


def test_an_old_transaction_shows_its_protected_v_and_no_parity(client: Client) -> None:
    raw = signed(type=None, gasPrice=3 * 10**9, maxFeePerGas=None, maxPriorityFeePerGas=None)
    shown = client.ask(
        "eth_getTransactionByHash", client.ask("eth_sendRawTransaction", "0x" + raw.hex())
    )
    assert int(shown["v"], 16) in {31337 * 2 + 35, 31337 * 2 + 36}
    assert (shown["type"], "yParity" in shown, "accessList" in shown) == ("0x0", False, False)


def test_a_receipt_is_complete(client: Client) -> None:
    receipt = client.ask("eth_getTransactionReceipt", mined(client))
    assert set(receipt) == {
        "type",
        "status",
        "transactionHash",
        "transactionIndex",
        "blockHash",
        "blockNumber",
        "from",
        "to",
        "contractAddress",
        "gasUsed",
        "cumulativeGasUsed",
        "effectiveGasPrice",
        "logsBloom",
        "logs",
    }
    assert len(receipt["logsBloom"]) == 2 + 512


def test_an_event_in_a_receipt_is_complete(client: Client) -> None:
    chain = client.node.chain
    emit(chain, emitter_on(chain), 1)
    receipt = client.ask("eth_getBlockReceipts", "latest")[0]
    log = receipt["logs"][0]
    assert log["removed"] is False
    assert (log["blockHash"], log["transactionHash"]) == (
        receipt["blockHash"],
        receipt["transactionHash"],
    )
    assert (log["logIndex"], log["transactionIndex"], log["blockNumber"]) == ("0x0", "0x0", "0x2")
    assert int(log["blockTimestamp"], 16) == chain.head.timestamp


def test_a_block_shows_hashes_or_whole_transactions(client: Client) -> None:
    sent = mined(client)
    block = client.ask("eth_getBlockByNumber", "0x1", False)  # noqa: FBT003 - JSON-RPC's flag
    assert block["transactions"] == [sent]
    whole = client.ask("eth_getBlockByHash", block["hash"], True)  # noqa: FBT003 - the same
    assert whole["transactions"] == [client.ask("eth_getTransactionByHash", sent)]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_getBlockByNumber", ["0x9", False]),
        ("eth_getBlockByHash", [UNKNOWN, False]),
        ("eth_getBlockReceipts", ["0x9"]),
        ("eth_getBlockTransactionCountByHash", [UNKNOWN]),
        ("eth_getBlockTransactionCountByNumber", ["0x9"]),
        ("eth_getUncleCountByBlockHash", [UNKNOWN]),
        ("eth_getUncleCountByBlockNumber", ["0x9"]),
        ("eth_getTransactionByHash", [UNKNOWN]),
        ("eth_getRawTransactionByHash", [UNKNOWN]),
        ("eth_getTransactionByBlockHashAndIndex", [UNKNOWN, "0x0"]),
        ("eth_getTransactionByBlockNumberAndIndex", ["0x0", "0x0"]),
        ("eth_getTransactionReceipt", [UNKNOWN]),
    ],
)
def test_what_is_unknown_is_null(client: Client, method: str, params: list[object]) -> None:
    assert client.ask(method, *params) is None


def test_the_raw_bytes_come_back_as_sent(client: Client) -> None:
    assert client.ask("eth_getRawTransactionByHash", mined(client)) == "0x" + signed().hex()


def test_places_and_counts_agree(client: Client) -> None:
    sent = mined(client)
    shown = client.ask("eth_getTransactionByHash", sent)
    block_hash = shown["blockHash"]
    assert client.ask("eth_getBlockTransactionCountByHash", block_hash) == "0x1"
    assert client.ask("eth_getBlockTransactionCountByNumber", "latest") == "0x1"
    assert client.ask("eth_getTransactionByBlockHashAndIndex", block_hash, "0x0") == shown
    assert client.ask("eth_getTransactionByBlockNumberAndIndex", "0x1", "0x0") == shown


def test_the_pending_block_shows_what_waits(client: Client) -> None:
    client.ask("evm_setAutomine", False)  # noqa: FBT003 - JSON-RPC's flag
    sent = mined(client)
    pending = client.ask("eth_getBlockByNumber", "pending", True)  # noqa: FBT003 - the same
    assert (pending["hash"], pending["number"]) == (None, "0x1")
    assert [one["hash"] for one in pending["transactions"]] == [sent]
    waiting = client.ask("eth_getTransactionByHash", sent)
    assert (waiting["blockHash"], waiting["transactionIndex"]) == (None, None)
    assert client.ask("eth_getBlockTransactionCountByNumber", "pending") == "0x1"
    assert client.ask("eth_getTransactionByBlockNumberAndIndex", "pending", "0x0") == waiting
    assert client.ask("eth_getTransactionCount", ADA.address, "pending") == "0x1"
    assert client.ask("eth_getTransactionCount", ADA.address, "latest") == "0x0"
    assert client.ask("eth_getTransactionReceipt", sent) is None
