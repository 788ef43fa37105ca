from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from eth_utils.crypto import keccak

from marketplace.devnet.accounts import named_accounts
from marketplace.devnet.calls import CallRequest
from marketplace.devnet.chain import DevChain
from marketplace.devnet.genesis import CREATE2_PROXY
from marketplace.devnet.settings import DevnetSettings
from marketplace.devnet.wallet import transact
from tests.unit.marketplace.devnet.driving import ADA, START, Clock, put_code
from tests.unit.marketplace.devnet.programs import ECHO, SURROUNDINGS, creation_of

if TYPE_CHECKING:
    from marketplace.devnet.settings import Fork


def test_the_first_block_bears_the_settings() -> None:
    settings = DevnetSettings(
        block_gas_limit=12_000_000, base_fee_wei=7, genesis_time=1_600_000_000
    )
    genesis = DevChain(settings, Clock(START)).head
    assert (genesis.number, genesis.timestamp) == (0, 1_600_000_000)
    assert (genesis.header.gas_limit, genesis.base_fee) == (12_000_000, 7)


def test_every_named_account_is_funded(chain: DevChain) -> None:
    balances = {chain.state().get_balance(account.octets) for account in named_accounts()}
    assert balances == {10_000 * 10**18}


@pytest.mark.parametrize("chain_id", [1, 31337, 2**53 - 1])
def test_the_chainid_opcode_gives_the_set_chain_id(chain_id: int) -> None:
    chain = DevChain(DevnetSettings(chain_id=chain_id), Clock(START))
    output = chain.call(CallRequest(to=put_code(chain, SURROUNDINGS)))
    assert int.from_bytes(output[:32], "big") == chain_id


def test_the_deployment_proxy_deploys_where_create2_says(chain: DevChain) -> None:
    salt, code = bytes(31) + b"\x05", creation_of(ECHO)
    transact(chain, ADA, to=CREATE2_PROXY, data=salt + code)
    address = keccak(b"\xff" + CREATE2_PROXY + salt + keccak(code))[12:]
    assert chain.state().get_code(type(CREATE2_PROXY)(address)) == ECHO


def test_equal_settings_and_times_make_equal_chains() -> None:
    one, other = (DevChain(DevnetSettings(), Clock(START)) for _ in range(2))
    assert one.head.hash == other.head.hash


@pytest.mark.parametrize("fork", ["cancun", "prague"])
def test_both_forks_mine(fork: Fork) -> None:
    chain = DevChain(DevnetSettings(fork=fork), Clock(START))
    assert transact(chain, ADA, to=ADA.octets).succeeded
