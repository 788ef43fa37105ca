"""Moves a test chain's time and state.

Owns the two ways: JSON-RPC on the development chain and anvil, method calls on eth-tester.
Refuses to know the market.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from web3.types import RPCEndpoint

if TYPE_CHECKING:
    from eth_tester import EthereumTester
    from web3 import Web3

    from marketplace.domain.addresses import ChecksumAddress


class Steering(Protocol):
    """What every test chain can do."""

    def snapshot(self) -> object:
        """Keep everything as it is."""

    def restore(self, snapshot: object) -> None:
        """Go back; a snapshot is used up by it."""

    def travel(self, second: int) -> None:
        """Mine a block at this Unix second."""


class NodeSteering:
    """The development chain and anvil, by their JSON-RPC."""

    def __init__(self, web3: Web3) -> None:
        self._web3 = web3

    def snapshot(self) -> object:
        return self.ask("evm_snapshot")

    def restore(self, snapshot: object) -> None:
        assert self.ask("evm_revert", snapshot) is True

    def travel(self, second: int) -> None:
        self.ask("evm_setNextBlockTimestamp", second)
        self.ask("evm_mine")

    def set_storage(self, address: ChecksumAddress, slot: int, word: int) -> None:
        """Write a storage word by hand, for states that no function of the contract reaches."""
        self.ask("anvil_setStorageAt", address, hex(slot), f"0x{word:064x}")

    def set_balance(self, address: ChecksumAddress, wei: int) -> None:
        """Give an account exactly this much."""
        self.ask("anvil_setBalance", address, hex(wei))

    def set_code(self, address: ChecksumAddress, code: bytes) -> None:
        """Put code at an address."""
        self.ask("anvil_setCode", address, f"0x{code.hex()}")

    def ask(self, method: str, *params: object) -> object:
        answer: object = self._web3.manager.request_blocking(RPCEndpoint(method), list(params))
        return answer


class TesterSteering:
    """eth-tester, by its methods."""

    def __init__(self, tester: EthereumTester) -> None:
        self._tester = tester

    def snapshot(self) -> object:
        return self._tester.take_snapshot()

    def restore(self, snapshot: object) -> None:
        self._tester.revert_to_snapshot(snapshot)

    def travel(self, second: int) -> None:
        self._tester.time_travel(second)
        self._tester.mine_block()
