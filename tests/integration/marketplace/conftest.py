"""The market on each test chain: deployed once, put back after every test.

Refuses to hide a chain's name: a test that needs one chain asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from eth_tester import EthereumTester, PyEVMBackend
from eth_typing import Address
from web3 import EthereumTesterProvider

from marketplace.bindings.artifacts import DEPLOYMENT_PROXY
from marketplace.chain.connection import open_node, over_provider
from marketplace.devnet.accounts import named_accounts
from marketplace.devnet.genesis import CREATE2_PROXY_CODE
from marketplace.devnet.server import running_devnet
from tests.conformance.chains import ANVIL, CHAIN_ID, running
from tests.integration.marketplace.steering import NodeSteering, TesterSteering
from tests.integration.marketplace.world import Market, deploy_market

if TYPE_CHECKING:
    from collections.abc import Iterator

CHAINS = ("devnet", "anvil", "eth-tester")


@pytest.fixture(scope="session")
def devnet_deployed() -> Iterator[Market]:
    with running_devnet() as devnet:
        web3 = open_node(devnet.url, CHAIN_ID)
        yield deploy_market("devnet", web3, CHAIN_ID, NodeSteering(web3))


@pytest.fixture(scope="session")
def anvil_deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with running(ANVIL, tmp_path_factory.mktemp("anvil")) as chain:
        web3 = open_node(chain.url, CHAIN_ID)
        yield deploy_market("anvil", web3, CHAIN_ID, NodeSteering(web3))


@pytest.fixture(scope="session")
def tester_deployed() -> Market:
    """eth-tester as it comes: its exceptions are not JSON-RPC errors."""
    balance = {"balance": 10_000 * 10**18, "nonce": 0, "code": b"", "storage": {}}
    genesis = {account.octets: balance for account in named_accounts()}
    # eth-tester calls from the first of its own accounts where nobody is named, and it must pay.
    genesis[octets_of("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")] = balance
    genesis[octets_of(DEPLOYMENT_PROXY)] = {
        "balance": 0,
        "nonce": 1,
        "code": CREATE2_PROXY_CODE,
        "storage": {},
    }
    tester = EthereumTester(PyEVMBackend(genesis_state=genesis))
    web3 = over_provider(EthereumTesterProvider(tester))
    return deploy_market("eth-tester", web3, web3.eth.chain_id, TesterSteering(tester))


def octets_of(address: str) -> Address:
    return Address(bytes.fromhex(address[2:]))


def restored(market: Market) -> Iterator[Market]:
    """Lend the market out and take every trace of it back."""
    snapshot = market.steering.snapshot()
    yield market
    market.steering.restore(snapshot)


@pytest.fixture
def devnet(devnet_deployed: Market) -> Iterator[Market]:
    yield from restored(devnet_deployed)


@pytest.fixture
def anvil(anvil_deployed: Market) -> Iterator[Market]:
    yield from restored(anvil_deployed)


@pytest.fixture(params=CHAINS)
def market(request: pytest.FixtureRequest) -> Iterator[Market]:
    """The market on each of the three chains in turn."""
    names = {"devnet": "devnet_deployed", "anvil": "anvil_deployed"}
    yield from restored(request.getfixturevalue(names.get(request.param, "tester_deployed")))
