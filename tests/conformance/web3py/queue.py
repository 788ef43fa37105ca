"""What only anvil can do: the development chain mines at once and keeps no pool."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import pytest
from web3 import AsyncWeb3, WebSocketProvider
from web3.exceptions import TransactionNotFound
from web3.types import Nonce, Wei

from tests.conformance.rpc import AUTOMINE_OFF, AUTOMINE_ON
from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import ONE_GWEI, UNUSED_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexbytes import HexBytes
    from web3.types import BlockData, TxParams

    from tests.conformance.web3py.world import Web3World


def pay(world: Web3World, nonce: int, fees: TxParams) -> HexBytes:
    fields: TxParams = {"to": UNUSED_ADDRESS, "value": Wei(1), "gas": 21_000, **fees}
    return world.w3.eth.send_raw_transaction(world.signed({**fields, "nonce": Nonce(nonce)}))


@contextmanager
def mining_by_hand(world: Web3World) -> Iterator[None]:
    """No block but those the case mines.

    Where two transactions become ready at once, anvil's own miner may take them a second time,
    into a block that comes after the case's revert.
    """
    world.ask("evm_setAutomine", AUTOMINE_OFF)
    try:
        yield
    finally:
        world.ask("evm_setAutomine", AUTOMINE_ON)


@implements
def nonce_gap_is_queued(world: Web3World) -> None:
    nonce = world.w3.eth.get_transaction_count(world.alice.address)
    with mining_by_hand(world):
        ahead = pay(world, nonce + 1, world.fees())
        world.mine()
        with pytest.raises(TransactionNotFound):
            world.w3.eth.get_transaction_receipt(ahead)
        pay(world, nonce, world.fees())
        world.mine()
        assert world.receipt(ahead)["status"] == 1


@implements
def fee_bump_replaces_a_waiting_transaction(world: Web3World) -> None:
    nonce = world.w3.eth.get_transaction_count(world.alice.address)
    with mining_by_hand(world):
        first = pay(world, nonce, fees_times(1))
        second = pay(world, nonce, fees_times(2))
        world.mine()
        assert world.receipt(second)["status"] == 1
        with pytest.raises(TransactionNotFound):
            world.w3.eth.get_transaction_receipt(first)


def fees_times(factor: int) -> TxParams:
    return {
        "maxFeePerGas": Wei(10 * ONE_GWEI * factor),
        "maxPriorityFeePerGas": Wei(ONE_GWEI * factor),
    }


@implements
def subscription_announces_new_heads(world: Web3World) -> None:
    number = asyncio.run(next_head(world))
    world.provider.sent["eth_subscribe"] += 1
    assert number == world.ground.series.last_block + 1


async def next_head(world: Web3World) -> int:
    """The number of the first head that a subscription tells after one block is mined."""
    url = world.ground.chain.websocket_url
    async with AsyncWeb3(WebSocketProvider(url)) as w3:
        await w3.eth.subscribe("newHeads")
        await asyncio.to_thread(world.mine)
        async with asyncio.timeout(10):
            async for message in w3.socket.process_subscriptions():
                return cast("BlockData", message["result"])["number"]
    raise AssertionError("the subscription ended without a head")
