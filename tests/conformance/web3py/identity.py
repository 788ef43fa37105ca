"""Who the chain says it is, and who holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.web3py.registry import implements
from tests.conformance.web3py.world import ONE_ETHER, UNUSED_ADDRESS

if TYPE_CHECKING:
    from tests.conformance.web3py.world import Web3World


@implements
def chain_id_is_the_configured_one(world: Web3World) -> None:
    expected = world.ground.chain.profile.chain_id
    assert world.w3.eth.chain_id == expected
    assert world.w3.net.version == str(expected)


@implements
def node_names_its_software(world: Web3World) -> None:
    assert world.ground.chain.profile.software in world.w3.client_version.lower()


@implements
def node_holds_funded_accounts(world: Web3World) -> None:
    accounts = list(world.w3.eth.accounts)
    assert len(accounts) >= 5
    for account in accounts:
        assert world.w3.eth.get_balance(account) >= 100 * ONE_ETHER


@implements
def unused_account_is_empty(world: Web3World) -> None:
    assert world.w3.eth.get_balance(UNUSED_ADDRESS) == 0
    assert world.w3.eth.get_transaction_count(UNUSED_ADDRESS) == 0
    assert world.w3.eth.get_code(UNUSED_ADDRESS) == b""
