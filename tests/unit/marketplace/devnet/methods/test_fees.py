from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.marketplace.devnet.driving import signed

if TYPE_CHECKING:
    from tests.unit.marketplace.devnet.driving import Client


def test_the_suggested_price_is_accepted(client: Client) -> None:
    price = int(client.ask("eth_gasPrice"), 16)
    raw = signed(maxFeePerGas=price, maxPriorityFeePerGas=10**9)
    assert client.ask("eth_sendRawTransaction", "0x" + raw.hex())
    assert client.ask("eth_maxPriorityFeePerGas") == hex(10**9)


def test_history_holds_one_base_fee_more_than_blocks(client: Client) -> None:
    client.ask("anvil_mine", 3)
    history = client.ask("eth_feeHistory", "0x2", "latest", [])
    assert history["oldestBlock"] == "0x2"
    assert len(history["baseFeePerGas"]) == 3
    assert len(history["gasUsedRatio"]) == 2
    assert history["reward"] == [[], []]
    price = int(client.ask("eth_gasPrice"), 16)
    assert int(history["baseFeePerGas"][-1], 16) == price - 10**9


def test_rewards_are_the_tips_at_a_share_of_the_gas(client: Client) -> None:
    client.ask("evm_setAutomine", False)  # noqa: FBT003 - JSON-RPC's flag
    for nonce, tip in enumerate((5, 1, 3)):
        raw = signed(nonce, maxPriorityFeePerGas=tip)
        client.ask("eth_sendRawTransaction", "0x" + raw.hex())
    client.ask("evm_mine")
    history = client.ask("eth_feeHistory", 1, "latest", [0, 33, 50, 100])
    assert history["reward"] == [["0x1", "0x1", "0x3", "0x5"]]


def test_history_reaches_back_to_genesis_at_most(client: Client) -> None:
    assert client.ask("eth_feeHistory", "0x400", "latest")["oldestBlock"] == "0x0"
    assert client.ask("eth_feeHistory", "0x0", "latest")["baseFeePerGas"] == []


@pytest.mark.parametrize("percentiles", [[50, 10], [-1], [101], ["10"], [True], list(range(101))])
def test_percentiles_rise_from_0_to_100(client: Client, percentiles: list[object]) -> None:
    assert client.refusal("eth_feeHistory", "0x1", "latest", percentiles)[0] == -32602


def test_a_block_beyond_the_head_has_no_history(client: Client) -> None:
    assert client.refusal("eth_feeHistory", "0x1", "0x9")[0] == -32000
