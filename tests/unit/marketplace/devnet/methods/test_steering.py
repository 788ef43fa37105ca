from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.marketplace.devnet.driving import ADA, BO, signed

if TYPE_CHECKING:
    from tests.unit.marketplace.devnet.driving import Client

GIFT = {"from": ADA.address, "to": BO.address, "value": "0x5"}


def timestamp(client: Client) -> int:
    return client.node.chain.head.timestamp


def test_time_moves_forward(client: Client) -> None:
    before = timestamp(client)
    assert client.ask("evm_increaseTime", 3_600) == 3_600
    client.ask("evm_mine")
    assert timestamp(client) == before + 3_600


def test_the_next_block_bears_the_second_that_was_set(client: Client) -> None:
    wanted = timestamp(client) + 500
    client.ask("evm_setNextBlockTimestamp", hex(wanted))
    client.ask("evm_mine")
    assert timestamp(client) == wanted


def test_a_past_second_is_refused(client: Client) -> None:
    code, message = client.refusal("evm_setNextBlockTimestamp", 5)
    assert (code, message[:15]) == (-32602, "Timestamp error")


@pytest.mark.parametrize(
    ("method", "params", "blocks"),
    [
        ("evm_mine", [], 1),
        ("evm_mine", [{"blocks": 3}], 3),
        ("evm_mine", ["0x70000000"], 1),
        ("anvil_mine", [], 1),
        ("anvil_mine", ["0x5"], 5),
        ("hardhat_mine", ["0x2", "0x3c"], 2),
    ],
)
def test_blocks_are_mined_on_demand(
    client: Client, method: str, params: list[object], blocks: int
) -> None:
    client.ask(method, *params)
    assert client.ask("eth_blockNumber") == hex(blocks)


@pytest.mark.parametrize("prefix", ["anvil", "hardhat"])
def test_accounts_can_be_edited(client: Client, prefix: str) -> None:
    client.ask(f"{prefix}_setBalance", BO.address, "0x5")
    client.ask(f"{prefix}_setNonce", BO.address, "0x6")
    client.ask(f"{prefix}_setCode", BO.address, "0x6001")
    client.ask(f"{prefix}_setStorageAt", BO.address, "0x0", "0x" + "00" * 31 + "07")
    assert client.ask("eth_getBalance", BO.address, "latest") == "0x5"
    assert client.ask("eth_getTransactionCount", BO.address, "latest") == "0x6"
    assert client.ask("eth_getCode", BO.address, "latest") == "0x6001"
    assert client.ask("eth_getStorageAt", BO.address, "0x0", "latest") == "0x" + "00" * 31 + "07"
    assert client.ask("eth_blockNumber") == "0x0"


def test_a_nonce_has_64_bits(client: Client) -> None:
    assert client.refusal("anvil_setNonce", BO.address, hex(2**64))[0] == -32602


def test_levels_are_told_and_set(client: Client) -> None:
    client.ask("anvil_mine", 10)
    assert client.ask("devnet_levels")["finalized"] == "0x6"
    assert client.ask("devnet_setLevels", 1, 2) == {
        "head": "0xa",
        "safe": "0x9",
        "finalized": "0x8",
        "safeDepth": 1,
        "finalizedDepth": 2,
    }
    assert client.refusal("devnet_setLevels", 3, 2)[0] == -32602


def test_a_snapshot_is_reverted_to_once(client: Client) -> None:
    snapshot = client.ask("evm_snapshot")
    client.ask("evm_mine")
    assert client.ask("evm_revert", snapshot) is True
    assert client.ask("eth_blockNumber") == "0x0"
    assert client.ask("evm_revert", snapshot) is False


def test_a_reorganisation_signs_for_named_accounts_with_the_branchs_nonces(client: Client) -> None:
    client.ask("eth_sendTransaction", GIFT)
    client.ask("evm_mine")
    client.ask("anvil_reorg", 2, [[GIFT, 1], [GIFT, 0], [GIFT, 1]])
    held = [client.ask("eth_getBlockTransactionCountByNumber", number) for number in ("0x1", "0x2")]
    assert held == ["0x1", "0x2"]
    assert client.ask("eth_getTransactionCount", ADA.address, "latest") == "0x3"


def test_a_reorganisation_takes_raw_transactions(client: Client) -> None:
    raw = "0x" + signed().hex()
    sent = client.ask("eth_sendRawTransaction", raw)
    client.ask("evm_mine")
    client.ask("anvil_reorg", 2, [[raw, 1]])
    assert client.ask("eth_getTransactionByHash", sent)["blockNumber"] == "0x2"


def test_a_branch_may_have_another_length(client: Client) -> None:
    client.ask("anvil_mine", 3)
    assert client.ask("devnet_reorg", 2, [], {"newLength": 1}) == "0x2"
    assert client.ask("devnet_reorg", 1, [], {"newLength": 4}) == "0x5"


def test_only_force_goes_below_the_finalized_block(client: Client) -> None:
    client.ask("anvil_mine", 8)
    for method in ("anvil_reorg", "devnet_reorg"):
        assert client.refusal(method, 5)[1].startswith("reorg refused: block 4 is finalized")
    client.ask("devnet_reorg", 5, [], {"force": True})
    assert client.ask("devnet_levels")["finalized"] == "0x4"


@pytest.mark.parametrize(
    "params",
    [
        [0],
        [9],
        ["x"],
        [1, [[GIFT]]],
        [1, [["0x", 0]]],
        [1, [], {"length": 1}],
        [1, [], {"force": 1}],
    ],
)
def test_a_reorganisation_that_makes_no_sense_is_refused(
    client: Client, params: list[object]
) -> None:
    client.ask("anvil_mine", 2)
    before = client.node.chain.head
    assert client.refusal("devnet_reorg", *params)[0] == -32602
    assert client.node.chain.head == before
