"""State at other blocks than the head, and state that is assumed for one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hexbytes import HexBytes
from web3.exceptions import Web3RPCError
from web3.types import Wei

from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import LAST_STORED, UNKNOWN_BLOCK, UNUSED_ADDRESS

if TYPE_CHECKING:
    from web3.types import StateOverride, TxParams

    from tests.conformance.web3py.world import Web3World


@implements
def past_blocks_keep_their_state(world: Web3World) -> None:
    eth, probe, alice = world.w3.eth, world.probe, world.alice.address
    now = eth.block_number
    world.write(probe.functions.store(1, 424_242), {"value": Wei(5)})
    before_probe = world.ground.series.first_block - 2
    assert probe.functions.stored().call() == 424_242
    assert probe.functions.stored().call(block_identifier=now) == LAST_STORED
    assert int(eth.get_storage_at(probe.address, 0).hex(), 16) == 424_242
    assert int(eth.get_storage_at(probe.address, 0, now).hex(), 16) == LAST_STORED
    assert eth.get_balance(probe.address, now) == 0
    assert eth.get_balance(probe.address) == 5
    assert eth.get_transaction_count(alice, now) == 0
    assert eth.get_transaction_count(alice) == 1
    assert eth.get_code(probe.address, before_probe) == b""


@implements
def block_is_named_by_its_hash(world: Web3World) -> None:
    # web3.py has no notation for EIP-1898, so the objects are sent as they are.
    block = {"blockHash": world.w3.eth.get_block("latest")["hash"].to_0x_hex()}
    world.write(world.probe.functions.store(1, 424_242), {"value": Wei(5)})
    call = {"to": world.probe.address, "data": world.probe.encode_abi("stored")}
    assert int(world.ask("eth_call", call, block), 16) == LAST_STORED
    assert int(world.ask("eth_getBalance", world.probe.address, block), 16) == 0


@implements
def state_override_applies_to_one_call(world: Web3World) -> None:
    slot, value = "0x" + "00" * 32, "0x" + (31).to_bytes(32, "big").hex()
    storage: StateOverride = {world.probe.address: {"stateDiff": {slot: value}}}  # type: ignore[dict-item]  # web3's types want HexStr
    code: StateOverride = {UNUSED_ADDRESS: {"code": HexBytes(world.ground.probe.runtime)}}
    elsewhere: TxParams = {"to": UNUSED_ADDRESS, "data": world.probe.encode_abi("chainId")}
    stored = world.probe.functions.stored()
    assert stored.call(state_override=storage) == 31
    assert stored.call() == LAST_STORED
    chain_id = int(world.w3.eth.call(elsewhere, "latest", code).hex(), 16)
    assert chain_id == world.ground.chain.profile.chain_id
    assert world.w3.eth.get_code(UNUSED_ADDRESS) == b""


@implements
def call_at_an_unknown_block_is_refused(world: Web3World) -> None:
    with pytest.raises(Web3RPCError):
        world.probe.functions.stored().call(block_identifier=UNKNOWN_BLOCK)
