"""Logs: how they are found, what they say of themselves, how many come at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.exceptions import Web3RPCError

from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import UNKNOWN_HASH, UNUSED_ADDRESS
from tests.conformance.world import SERIES_LENGTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web3.types import FilterParams, LogReceipt

    from tests.conformance.web3py.world import Web3World

STORED = "0x" + keccak(text="Stored(address,uint256,uint256)").hex()
ECHOED = "0x" + keccak(text="Echoed(uint256,int256)").hex()


def word(value: int | str) -> str:
    number = int(value, 16) if isinstance(value, str) else value
    return "0x" + number.to_bytes(32, "big").hex()


def keys_of(world: Web3World, logs: Sequence[LogReceipt]) -> list[int]:
    return [world.probe.events.Stored().process_log(log)["args"]["key"] for log in logs]


def count(world: Web3World, topics: list[str | list[str] | None]) -> int:
    series = world.ground.series
    wanted = {
        "address": world.probe.address,
        "fromBlock": series.first_block,
        "toBlock": series.last_block,
        "topics": topics,
    }
    return len(world.w3.eth.get_logs(cast("FilterParams", wanted)))


@implements
def logs_are_found_by_range(world: Web3World) -> None:
    first = world.ground.series.first_block
    some = world.probe.events.Stored().get_logs(from_block=first + 10, to_block=first + 19)
    assert [each["args"]["key"] for each in some] == list(range(10, 20))
    assert some[0]["blockNumber"] == first + 10
    assert some[9]["blockNumber"] == first + 19


@implements
def logs_are_found_by_block_hash(world: Web3World) -> None:
    block_hash = world.w3.eth.get_block(world.ground.series.first_block + 42)["hash"]
    found = world.probe.events.Stored().get_logs(block_hash=block_hash)
    assert [(each["args"]["key"], each["blockHash"]) for each in found] == [(42, block_hash)]


@implements
def logs_are_found_by_topics(world: Web3World) -> None:
    alice, bob = word(world.alice.address), word(world.accounts["bob"].address)
    assert count(world, []) == SERIES_LENGTH
    assert count(world, [STORED]) == SERIES_LENGTH
    assert count(world, [ECHOED]) == 0
    assert count(world, [[ECHOED, STORED], bob]) == SERIES_LENGTH
    assert count(world, [STORED, alice]) == 0
    assert count(world, [STORED, [alice, bob], word(7)]) == 1
    assert count(world, [None, None, [word(7), word(8), word(9)]]) == 3


@implements
def logs_are_found_by_several_addresses(world: Web3World) -> None:
    other = world.w3.eth.contract(address=world.deploy_probe(), abi=world.ground.probe.abi)
    here = world.write(world.probe.functions.store(1, 1))
    there = world.write(other.functions.store(2, 2))
    wanted: FilterParams = {
        "address": [world.probe.address, other.address, UNUSED_ADDRESS],
        "fromBlock": here["blockNumber"],
        "toBlock": there["blockNumber"],
    }
    found = world.w3.eth.get_logs(wanted)
    assert [log["address"] for log in found] == [world.probe.address, other.address]


@implements
def log_names_its_place(world: Web3World) -> None:
    receipt = world.write(world.probe.functions.storeMany([11, 12, 13]))
    number = receipt["blockNumber"]
    found = world.w3.eth.get_logs(
        {"address": world.probe.address, "fromBlock": number, "toBlock": number}
    )
    assert [log["logIndex"] for log in found] == [0, 1, 2]
    for log in found:
        assert log["blockNumber"] == number
        assert log["blockHash"] == receipt["blockHash"]
        assert log["transactionHash"] == receipt["transactionHash"]
        assert log["transactionIndex"] == 0
        assert log["removed"] is False
    assert found == receipt["logs"]


@implements
def bloom_contains_address_and_topics(world: Web3World) -> None:
    receipt = world.write(world.probe.functions.store(1, 2))
    block = world.w3.eth.get_block(receipt["blockHash"])
    log = receipt["logs"][0]
    for value in (HexBytes(log["address"]), *log["topics"]):
        assert bloom_admits(receipt["logsBloom"], value)
        assert bloom_admits(block["logsBloom"], value)
    assert not bloom_admits(receipt["logsBloom"], HexBytes(UNKNOWN_HASH))


def bloom_admits(bloom: HexBytes, value: bytes) -> bool:
    digest, bits = keccak(value), int.from_bytes(bloom, "big")
    positions = (int.from_bytes(digest[at : at + 2], "big") % 2048 for at in (0, 2, 4))
    return all(bits >> position & 1 for position in positions)


@implements
def dynamic_event_arguments_decode(world: Web3World) -> None:
    text = "Ünïcode and a longer text that needs more than one word of thirty-two bytes"
    topic, blob, numbers = keccak(text="topic"), b"\x00\xff\x00", [0, 1, 2**200]
    receipt = world.write(world.probe.functions.note(topic, text, blob, numbers))
    noted = world.probe.events.Noted().process_receipt(receipt)[0]
    expected = {"topic": topic, "text": text, "blob": blob, "numbers": numbers}
    assert dict(noted["args"]) == expected


@implements
def logs_of_an_unknown_block_hash_are_an_error(world: Web3World) -> None:
    with pytest.raises(Web3RPCError):
        world.w3.eth.get_logs({"blockHash": HexBytes(UNKNOWN_HASH)})


@implements
def inverted_range_is_an_error(world: Web3World) -> None:
    with pytest.raises(Web3RPCError):
        world.w3.eth.get_logs({"fromBlock": 5, "toBlock": 4})


@implements
def more_topics_than_a_log_has_match_nothing(world: Web3World) -> None:
    assert count(world, [None, None, None, None]) == 0


@implements
def two_hundred_logs_are_read_at_once(world: Web3World) -> None:
    series = world.ground.series
    wanted: FilterParams = {
        "address": world.probe.address,
        "fromBlock": series.first_block,
        "toBlock": series.last_block,
    }
    found = world.w3.eth.get_logs(wanted)
    assert keys_of(world, found) == list(range(SERIES_LENGTH))
    assert world.provider.sent["eth_getLogs"] == 1
