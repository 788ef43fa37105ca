"""The addresses that libraries are linked at, against a chain that deploys them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eth_tester import EthereumTester, PyEVMBackend

from marketplace.bindings.artifacts import DEPLOYMENT_PROXY, LIBRARY_SALT, load
from scripts.toolchain.compile import main
from tests.integration.contracts.samples import copy_sample

if TYPE_CHECKING:
    from pathlib import Path

PROXY_CODE = (
    "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035"
    "828234f58015156039578182fd5b8082525050506014600cf3"
)


def chain_with_proxy() -> EthereumTester:
    genesis = PyEVMBackend.generate_genesis_state(num_accounts=1)
    genesis[bytes.fromhex(DEPLOYMENT_PROXY[2:])] = {
        "balance": 0,
        "nonce": 1,
        "code": bytes.fromhex(PROXY_CODE[2:]),
        "storage": {},
    }
    return EthereumTester(PyEVMBackend(genesis_state=genesis))


def test_libraries_stand_where_they_are_linked(tmp_path: Path) -> None:
    project = copy_sample(tmp_path)
    main([], project)
    shop = load("Shop", project.artifacts)
    chain = chain_with_proxy()
    sender = chain.get_accounts()[0]

    for library in shop.libraries:
        data = f"0x{(LIBRARY_SALT + library.init_code).hex()}"
        chain.send_transaction(
            {"from": sender, "to": DEPLOYMENT_PROXY, "gas": 2_000_000, "data": data}
        )

    for library in shop.libraries:
        deployed = load(library.name, project.artifacts).deployed_bytecode
        assert chain.get_code(library.address) == f"0x{deployed.hex()}"
