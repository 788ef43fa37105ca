"""Calls and estimates that succeed, and one that lacks funds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from web3.exceptions import Web3RPCError
from web3.types import Wei

from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import LAST_STORED, ONE_ETHER

if TYPE_CHECKING:
    from web3.types import TxParams

    from tests.conformance.web3py.world import Web3World

LARGEST_UINT = 2**256 - 1
SMALLEST_INT = -(2**255)


@implements
def view_returns_its_value(world: Web3World) -> None:
    assert world.probe.functions.stored().call() == LAST_STORED


@implements
def estimate_suffices_for_the_transaction(world: Web3World) -> None:
    function = world.probe.functions.storeMany([5, 6, 7])
    gas = function.estimate_gas({"from": world.alice.address})
    receipt = world.write(function, {"gas": gas})
    assert receipt["status"] == 1
    assert receipt["gasUsed"] <= gas


@implements
def unfunded_account_calls_without_a_fee(world: Web3World) -> None:
    sender = world.pauper.address
    assert world.w3.eth.get_balance(sender) == 0
    assert world.probe.functions.caller().call({"from": sender}) == sender


@implements
def call_with_value_beyond_the_balance_is_refused(world: Web3World) -> None:
    call: TxParams = {
        "from": world.pauper.address,
        "to": world.probe.address,
        "value": Wei(ONE_ETHER),
    }
    with pytest.raises(Web3RPCError, match=r"(?i)insufficient funds"):
        world.w3.eth.call(call)


@implements
def extreme_integers_survive_exactly(world: Web3World) -> None:
    extremes = [LARGEST_UINT, SMALLEST_INT]
    receipt = world.write(world.probe.functions.emitEcho(*extremes))
    echoed = world.probe.events.Echoed().process_receipt(receipt)[0]
    assert world.probe.functions.echo(*extremes).call() == extremes
    assert dict(echoed["args"]) == {"unsigned": LARGEST_UINT, "signed": SMALLEST_INT}


@implements
def contract_sees_chain_id_and_time(world: Web3World) -> None:
    head = world.w3.eth.get_block("latest")
    time = world.probe.functions.blockTime().call(block_identifier=head["number"])
    assert world.probe.functions.chainId().call() == world.ground.chain.profile.chain_id
    assert time == head["timestamp"]
