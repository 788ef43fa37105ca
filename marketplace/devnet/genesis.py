"""Owns the first block: chain id, fork, funded accounts and what is deployed before block 1.

eth-tester is entered here and nowhere else: its py-evm backend builds the genesis state, the
database and the chain class; blocks are built on that chain by `building`. Refuses eth-tester's
own facade, which knows neither chain ids nor revert bytes (docs/decisions/0004).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth.vm.forks.cancun import CancunVM
from eth.vm.forks.prague import PragueVM
from eth_tester import PyEVMBackend
from eth_typing import Address

from marketplace.devnet.accounts import named_accounts

if TYPE_CHECKING:
    from eth.chains.base import MiningChain

    from marketplace.devnet.settings import DevnetSettings, Fork

CREATE2_PROXY: Final = Address(bytes.fromhex("4e59b44847b379578588920ca78fbf26c0b4956c"))
"""Arachnid's deterministic deployment proxy, where every network has it."""

CREATE2_PROXY_CODE: Final = bytes.fromhex(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0"
    "3601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
)

_VIRTUAL_MACHINES: Final[dict[Fork, type[CancunVM]]] = {"cancun": CancunVM, "prague": PragueVM}


def genesis_chain(settings: DevnetSettings, timestamp: int) -> MiningChain:
    """Start a py-evm chain in memory whose head is the genesis block.

    Args:
        settings: Chain id, fork, gas limit, base fee and balances.
        timestamp: Unix second of the genesis block.
    """
    accounts = {
        account.octets: _account(balance=settings.account_balance_wei)
        for account in named_accounts()
    }
    backend = PyEVMBackend(
        genesis_parameters=PyEVMBackend.generate_genesis_params(
            {"timestamp": timestamp, "gas_limit": settings.block_gas_limit}
        )
        | {"base_fee_per_gas": settings.base_fee_wei},
        # The proxy's nonce is 1 as on every network: it was created by a contract's rules.
        genesis_state=accounts | {CREATE2_PROXY: _account(nonce=1, code=CREATE2_PROXY_CODE)},
        vm_configuration=((0, _VIRTUAL_MACHINES[settings.fork]),),
    )
    # eth-tester fixes the chain id inside a class that it builds per backend.
    numbered = type(backend.chain).configure(
        __name__="DevelopmentChain", chain_id=settings.chain_id
    )
    chain: MiningChain = numbered(backend.chain.chaindb.db)
    return chain


def _account(balance: int = 0, nonce: int = 0, code: bytes = b"") -> dict[str, object]:
    return {"balance": balance, "nonce": nonce, "code": code, "storage": {}}
