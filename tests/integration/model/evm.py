"""The contract on the development chain's virtual machine, one call at a time.

Owns the deployment, and calls from any account at any second without blocks, fees or signatures,
so that money is exact and a step costs milliseconds. Refuses to interpret what a call returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from eth_abi.abi import encode as encode_abi
from eth_typing import Address

from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.artifacts import DEPLOYMENT_PROXY, LIBRARY_SALT, load
from marketplace.devnet.accounts import account_named
from marketplace.devnet.chain import DevChain
from marketplace.devnet.settings import DevnetSettings

if TYPE_CHECKING:
    from eth.abc import StateAPI, VirtualMachineAPI
    from eth_typing import Hash32

    from marketplace.domain.addresses import ChecksumAddress

GENESIS: Final = 1_800_000_000
BLOCK: Final = 1_000
GAS: Final = 25_000_000
FEE: Final = 250
PAGES: Final = "http://127.0.0.1:8000"
REFUSING_CODE: Final = bytes.fromhex("60006000fd")
"""Whatever this account is asked or paid, it reverts and says nothing."""

CHAIN_ID: Final = 31337


def octets(account: str) -> Address:
    """An account as 20 bytes."""
    return Address(bytes.fromhex(account[2:]))


def named(name: str) -> ChecksumAddress:
    return checksum_address(account_named(name).octets)


WALL: Final = checksum_address(bytes.fromhex("00000000000000000000000000000000000000a1"))
"""A contract that holds seats and refuses everything."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the contracts stand."""

    seats: ChecksumAddress
    wrapped_ether: ChecksumAddress
    coin: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call returned, or the bytes that it reverted with."""

    reverted: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class _Message:
    """The shape of a transaction as far as py-evm's executor reads it."""

    sender: Address
    to: Address
    value: int
    data: bytes
    gas: int = GAS
    intrinsic_gas: int = 0
    gas_price: int = 0
    max_fee_per_gas: int = 0
    max_priority_fee_per_gas: int = 0
    access_list: tuple[tuple[Address, tuple[int, ...]], ...] = ()
    authorization_list: tuple[()] = ()
    type_id: int = 2


class Machine:
    """One life of the contract, from its deployment on."""

    def __init__(self, machine: VirtualMachineAPI) -> None:
        self._machine = machine
        self.state: StateAPI = machine.state
        self._written: set[tuple[str, int]] = set()
        self._watch()

    def at(self, now: int, block_hash: bytes) -> None:
        """Make the next calls in this second, in a block after the one of this hash."""
        header = self._machine.get_header().copy(
            block_number=BLOCK, timestamp=now, base_fee_per_gas=0
        )
        before: tuple[Hash32, ...] = (block_hash,)  # type: ignore[assignment] # NewType
        self.state.execution_context = self._machine.create_execution_context(
            header,
            before,
            self._machine.chain_context,  # type: ignore[attr-defined] # absent from the interface
        )

    def take_written(self) -> set[tuple[str, int]]:
        """Every word that was written since the last time, undone writes included."""
        taken, self._written = self._written, set()
        return taken

    def _watch(self) -> None:
        plain = self.state.set_storage

        def noting(address: Address, slot: int, value: int) -> None:
            self._written.add((checksum_address(address), slot))
            plain(address, slot, value)

        self.state.set_storage = noting  # type: ignore[method-assign] # this one object's

    def call(self, sender: str, to: str, data: bytes, value: int = 0) -> Answer:
        """Make a call; one that reverts leaves nothing behind."""
        self.state.lock_changes()
        return _run(self.state, _Message(octets(sender), octets(to), value, data))

    def look(self, to: str, data: bytes) -> bytes:
        """Ask a view; it must answer."""
        self.state.lock_changes()
        before = self.state.snapshot()
        answer = _run(self.state, _Message(octets(WALL), octets(to), 0, data))
        self.state.revert(before)
        assert not answer.reverted, answer.data.hex()
        return answer.data


def _run(state: StateAPI, message: _Message) -> Answer:
    executor = state.get_transaction_executor()
    # The executor's own entry would check nonce and signature, which a call does not have.
    evm_message = executor.build_evm_message(message)  # type: ignore[arg-type] # _Message
    computation = executor.build_computation(evm_message, message)  # type: ignore[arg-type] # _Message
    state.clear_transient_storage()
    return Answer(computation.is_error, bytes(computation.output))


@cache
def deployed() -> tuple[DevChain, Places]:
    """The market on a chain of its own, which nothing changes afterwards."""
    settings = DevnetSettings(chain_id=CHAIN_ID, genesis_time=GENESIS)
    chain = DevChain(settings, now=lambda: GENESIS)
    places: list[Places] = []
    chain.edit(lambda state: places.append(_deploy(state)))
    return chain, places[0]


def fresh() -> Machine:
    """The contract as it was deployed."""
    chain, _ = deployed()
    return Machine(chain.machine())


def _deploy(state: StateAPI) -> Places:
    for library in load("Seats").libraries:
        _must(state, DEPLOYMENT_PROXY, LIBRARY_SALT + library.init_code)
    renderer = _create(state, "SeatRenderer", ["string"], [PAGES])
    wrapped_ether = _create(state, "WrappedEther", [], [])
    seats = _create(
        state,
        "Seats",
        ["address", "address", "uint16", "address", "address"],
        [named("deployer"), named("treasury"), FEE, renderer, wrapped_ether],
    )
    coin = _create(state, "DevelopmentCoin", [], [])
    state.set_code(octets(WALL), REFUSING_CODE)
    state.set_balance(octets(WALL), DevnetSettings().account_balance_wei)
    return Places(seats=seats, wrapped_ether=wrapped_ether, coin=coin)


def _create(
    state: StateAPI, name: str, types: list[str], arguments: list[object]
) -> ChecksumAddress:
    artifact = load(name)
    sender = octets(named("deployer"))
    message = _Message(sender, Address(b""), 0, artifact.bytecode + encode_abi(types, arguments))
    state.lock_changes()
    executor = state.get_transaction_executor()
    evm_message = executor.build_evm_message(message)  # type: ignore[arg-type] # _Message
    computation = executor.build_computation(evm_message, message)  # type: ignore[arg-type] # _Message
    assert computation.is_success, computation.output
    return checksum_address(bytes(computation.msg.storage_address))


def _must(state: StateAPI, to: str, data: bytes) -> None:
    answer = _run(state, _Message(octets(named("deployer")), octets(to), 0, data))
    assert not answer.reverted, answer.data.hex()
