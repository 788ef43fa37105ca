from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from eth_tester import EthereumTester, PyEVMBackend
from web3 import EthereumTesterProvider

from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.artifacts import load
from marketplace.bindings.deploy import DeploymentProxyMissing, PlatformTerms, connect, deploy
from marketplace.bindings.development import deploy_wrapped_ether
from marketplace.bindings.verification import (
    CodeDiffers,
    CodeMissing,
    WrongChain,
    code_at,
    code_hash,
)
from marketplace.chain.connection import over_provider
from marketplace.devnet.accounts import named_accounts
from marketplace.domain.views import PlatformView
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import FEE, PAGES, Market, address_of, sender_of

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress


def platform(wrapped_ether: ChecksumAddress) -> PlatformTerms:
    return PlatformTerms(
        owner=address_of("deployer"),
        treasury=address_of("treasury"),
        fee=FEE,
        pages=PAGES,
        wrapped_ether=wrapped_ether,
    )


def library_address() -> ChecksumAddress:
    return checksum_address(bytes.fromhex(load("Seats").libraries[0].address[2:]))


def overwrite(market: Market, address: ChecksumAddress, code: bytes) -> None:
    assert isinstance(market.steering, NodeSteering)
    market.steering.set_code(address, code)


def test_a_second_market_uses_the_libraries_that_stand(market: Market) -> None:
    before = market.web3.eth.block_number
    terms = platform(market.contract.wrapped_ether())
    second = deploy(market.web3, market.sender("deployer"), terms)
    assert market.web3.eth.block_number == before + 2
    assert second.libraries == market.deployment.libraries
    assert second.seats != market.deployment.seats
    assert second.extension != market.deployment.extension
    assert second.block == before + 2
    contract = connect(market.web3, second.seats, market.chain_id)
    assert contract.platform() == PlatformView(address_of("treasury"), FEE)
    assert contract.owner() == address_of("deployer")
    assert contract.extension() == second.extension
    assert contract.wrapped_ether() == market.contract.wrapped_ether()


def test_libraries_stand_where_they_are_linked(market: Market) -> None:
    assert {one.name for one in market.deployment.libraries} == {
        one.name for one in load("Seats").libraries
    }
    for library in market.deployment.libraries:
        artifact = load(library.name)
        found = code_hash(artifact, code_at(market.web3, library.address))
        assert found == code_hash(artifact, artifact.deployed_bytecode)


def test_another_chain_is_refused(market: Market) -> None:
    with pytest.raises(WrongChain, match=f"serves chain {market.chain_id}, and chain 5 was asked"):
        connect(market.web3, market.deployment.seats, 5)


def test_an_address_without_code_is_refused(market: Market) -> None:
    with pytest.raises(CodeMissing, match="There is no contract at"):
        connect(market.web3, address_of("bo"), market.chain_id)


def test_another_contract_is_refused(market: Market) -> None:
    with pytest.raises(CodeDiffers, match="is not this version of Seats"):
        connect(market.web3, market.deployment.renderer, market.chain_id)


def test_a_byte_of_difference_is_another_version(devnet: Market) -> None:
    code = bytearray(code_at(devnet.web3, devnet.deployment.seats))
    # Behind the first immutables, whose bytes are not compared.
    code[200] ^= 1
    overwrite(devnet, devnet.deployment.seats, bytes(code))
    with pytest.raises(CodeDiffers):
        connect(devnet.web3, devnet.deployment.seats, devnet.chain_id)


@pytest.mark.parametrize(("code", "error"), [(b"", CodeMissing), (b"\x00", CodeDiffers)])
def test_a_market_whose_library_is_not_what_was_linked_is_refused(
    devnet: Market, code: bytes, error: type[Exception]
) -> None:
    overwrite(devnet, library_address(), code)
    with pytest.raises(error, match=load("Seats").libraries[0].name):
        connect(devnet.web3, devnet.deployment.seats, devnet.chain_id)


@pytest.mark.parametrize(("code", "error"), [(b"", CodeMissing), (b"\x00", CodeDiffers)])
def test_a_market_whose_extension_is_not_what_was_compiled_is_refused(
    devnet: Market, code: bytes, error: type[Exception]
) -> None:
    extension = devnet.contract.extension()
    assert extension == devnet.deployment.extension
    overwrite(devnet, extension, code)
    with pytest.raises(error, match="SeatsExtension"):
        connect(devnet.web3, devnet.deployment.seats, devnet.chain_id)


@pytest.mark.parametrize(("name", "part"), [("Seats", "seats"), ("SeatsExtension", "extension")])
def test_immutables_do_not_make_another_version(devnet: Market, name: str, part: str) -> None:
    artifact = load(name)
    code = code_at(devnet.web3, getattr(devnet.deployment, part))
    assert code != artifact.deployed_bytecode
    assert code_hash(artifact, code) == code_hash(artifact, artifact.deployed_bytecode)


def test_a_librarys_own_address_does_not_make_another_version() -> None:
    artifact = load("SeatViews")
    guarded = b"\x73" + bytes(20) + b"\x30\x14" + artifact.deployed_bytecode
    library = replace(artifact, deployed_bytecode=guarded)
    deployed = b"\x73" + b"\xab" * 20 + b"\x30\x14" + artifact.deployed_bytecode
    assert code_hash(library, deployed) == code_hash(library, guarded)
    assert code_hash(artifact, deployed) != code_hash(artifact, guarded)


def test_a_chain_without_the_wrapped_ether_is_said_before_anything_is_sent(devnet: Market) -> None:
    before = devnet.web3.eth.block_number
    with pytest.raises(CodeMissing, match="where wrapped ether was expected"):
        deploy(devnet.web3, devnet.sender("deployer"), platform(address_of("bo")))
    assert devnet.web3.eth.block_number == before


def test_the_creation_code_fits_what_a_chain_takes() -> None:
    # EIP-3860; the constructor's arguments count as well.
    assert len(load("Seats").bytecode) + 5 * 32 <= 49_152


def test_a_chain_without_the_deployment_proxy_is_said() -> None:
    balance = {"balance": 10**21, "nonce": 0, "code": b"", "storage": {}}
    tester = EthereumTester(
        PyEVMBackend(genesis_state={one.octets: balance for one in named_accounts()})
    )
    web3 = over_provider(EthereumTesterProvider(tester))
    sender = sender_of(web3, "deployer", web3.eth.chain_id)
    with pytest.raises(DeploymentProxyMissing, match="has no deployment proxy at 0x4e59b448"):
        deploy(web3, sender, platform(deploy_wrapped_ether(sender)))
