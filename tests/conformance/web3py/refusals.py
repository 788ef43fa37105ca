"""Transactions that the node refuses, in words that clients recognise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from web3.exceptions import Web3RPCError
from web3.types import Nonce, Wei

from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import ONE_ETHER, UNUSED_ADDRESS

if TYPE_CHECKING:
    from web3.types import TxParams

    from tests.conformance.web3py.world import Web3World


def payment(world: Web3World, fields: TxParams, role: str = "alice") -> bytes:
    complete: TxParams = {"to": UNUSED_ADDRESS, "value": Wei(1), "gas": 21_000, **world.fees()}
    return world.signed({**complete, **fields}, role)


@implements
def transaction_for_another_chain_is_refused(world: Web3World) -> None:
    nonce = world.w3.eth.get_transaction_count(world.alice.address)
    with pytest.raises(Web3RPCError, match=r"(?i)chain"):
        world.w3.eth.send_raw_transaction(payment(world, {"chainId": 1}))
    assert world.w3.eth.get_transaction_count(world.alice.address) == nonce


@implements
def used_nonce_is_refused(world: Web3World) -> None:
    used = Nonce(world.w3.eth.get_transaction_count(world.accounts["bob"].address) - 1)
    with pytest.raises(Web3RPCError, match="nonce too low"):
        world.w3.eth.send_raw_transaction(payment(world, {"nonce": used}, "bob"))


@implements
def unfunded_transaction_is_refused(world: Web3World) -> None:
    with pytest.raises(Web3RPCError, match=r"(?i)insufficient funds"):
        world.w3.eth.send_raw_transaction(payment(world, {"value": Wei(ONE_ETHER)}, "pauper"))


@implements
def fee_below_the_base_fee_is_refused(world: Web3World) -> None:
    fees: TxParams = {"maxFeePerGas": Wei(1), "maxPriorityFeePerGas": Wei(0)}
    with pytest.raises(Web3RPCError, match="max fee per gas less than block base fee"):
        world.w3.eth.send_raw_transaction(payment(world, fees))
