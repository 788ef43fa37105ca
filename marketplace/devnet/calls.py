"""Owns executions that leave no trace: `eth_call`, `eth_estimateGas` and their overrides.

Refuses to touch the chain: everything here runs on a state that the caller throws away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from eth.vm.forks.berlin.transactions import calculate_txn_intrinsic_gas_berlin
from eth.vm.forks.prague.constants import PER_EMPTY_ACCOUNT_BASE_COST
from eth_typing import Address

from marketplace.devnet.errors import ExecutionReverted, Rejected
from marketplace.devnet.reverts import failure_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eth.abc import ComputationAPI, SetCodeAuthorizationAPI, StateAPI, VirtualMachineAPI

ANYBODY: Final = Address(bytes(20))
"""Sender of a call that names none."""

NOBODY: Final = Address(b"")
"""Receiver of a message that creates a contract."""

_TRANSFER_GAS: Final = 21_000
_STIPEND: Final = 2_300
_DYNAMIC_FEE: Final = 2
_SET_CODE: Final = 4
_ESTIMATE_TOLERANCE: Final = 64
"""An estimate is at most 1/64 above the least gas that succeeds."""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A message to run: who, whom, with what.

    Attributes:
        gas: Gas limit; None, and whatever a block cannot hold, means all that it holds.
        max_fee_per_gas: Wei per gas; 0 means that the call is free for anybody.
    """

    sender: Address = ANYBODY
    to: Address = NOBODY
    value: int = 0
    data: bytes = b""
    gas: int | None = None
    max_fee_per_gas: int = 0
    max_priority_fee_per_gas: int = 0
    access_list: tuple[tuple[Address, tuple[int, ...]], ...] = ()
    authorization_list: tuple[SetCodeAuthorizationAPI, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountOverride:
    """What one account shall look like during a call; None leaves a field as it is.

    Attributes:
        storage: Replaces the whole storage.
        storage_changes: Replaces single slots.
    """

    balance: int | None = None
    nonce: int | None = None
    code: bytes | None = None
    storage: Mapping[int, int] | None = None
    storage_changes: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockOverride:
    """What the block around a call shall look like; None leaves a field as it is.

    Attributes:
        timestamp: Unix second.
        base_fee: Wei per gas.
        prev_randao: 32 bytes (EIP-4399).
    """

    number: int | None = None
    timestamp: int | None = None
    base_fee: int | None = None
    gas_limit: int | None = None
    coinbase: Address | None = None
    prev_randao: bytes | None = None


@dataclass(frozen=True, slots=True)
class Overrides:
    """Everything that a call may pretend."""

    accounts: Mapping[Address, AccountOverride] = field(default_factory=dict)
    block: BlockOverride = field(default_factory=BlockOverride)


@dataclass(frozen=True, slots=True)
class _Message:
    """The shape of a signed transaction as far as py-evm's executor reads it."""

    sender: Address
    to: Address
    value: int
    data: bytes
    gas: int
    max_fee_per_gas: int
    max_priority_fee_per_gas: int
    access_list: tuple[tuple[Address, tuple[int, ...]], ...]
    authorization_list: tuple[SetCodeAuthorizationAPI, ...]

    @property
    def type_id(self) -> int:
        return _SET_CODE if self.authorization_list else _DYNAMIC_FEE

    @property
    def intrinsic_gas(self) -> int:
        gas = calculate_txn_intrinsic_gas_berlin(self)  # type: ignore[arg-type] # reads 3 fields
        return int(gas) + PER_EMPTY_ACCOUNT_BASE_COST * len(self.authorization_list)


def prepare(machine: VirtualMachineAPI, request: CallRequest, overrides: Overrides) -> None:
    """Turn a machine that nobody else needs into the one that a call runs on.

    The base fee is 0 unless the call offers a fee: reading is free for anybody.
    """
    wanted = overrides.block
    changes = {
        "block_number": wanted.number,
        "timestamp": wanted.timestamp,
        "base_fee_per_gas": wanted.base_fee if request.max_fee_per_gas else 0,
        "gas_limit": wanted.gas_limit,
        "coinbase": wanted.coinbase,
        "mix_hash": wanted.prev_randao,
    }
    present = {name: value for name, value in changes.items() if value is not None}
    machine.state.execution_context = machine.create_execution_context(
        machine.get_header().copy(**present),
        machine.previous_hashes or (),
        machine.chain_context,  # type: ignore[attr-defined] # absent from the interface
    )
    _override_accounts(machine.state, overrides.accounts)


def _override_accounts(state: StateAPI, overrides: Mapping[Address, AccountOverride]) -> None:
    for address, override in overrides.items():
        if override.balance is not None:
            state.set_balance(address, override.balance)
        if override.nonce is not None:
            state.set_nonce(address, override.nonce)
        if override.code is not None:
            state.set_code(address, override.code)
        if override.storage is not None:
            state.delete_storage(address)
        for slot, value in {**(override.storage or {}), **override.storage_changes}.items():
            state.set_storage(address, slot, value)


def call(machine: VirtualMachineAPI, request: CallRequest) -> bytes:
    """Run one message, throw its effects away and give what it returned.

    Raises:
        ExecutionReverted: With the exact bytes, if the contract reverts.
        Rejected: If the sender cannot pay the value, or execution fails otherwise.
    """
    gas = min(_gas_cap(machine), request.gas or _gas_cap(machine))
    computation, _ = _attempt(machine, request, gas)
    if computation.is_error:
        raise failure_of(computation)
    return bytes(computation.output)


def estimate_gas(machine: VirtualMachineAPI, request: CallRequest) -> int:
    """Find a gas limit with which the message succeeds, at most 1/64 above the least.

    Raises:
        ExecutionReverted: If it reverts however much gas it has.
        Rejected: If the sender cannot pay, or the gas it allows does not suffice.
    """
    ceiling = _affordable_gas(machine, request)
    computation, used = _attempt(machine, request, ceiling)
    if computation.is_error:
        error = failure_of(computation)
        if isinstance(error, ExecutionReverted):
            raise error
        raise Rejected(f"gas required exceeds allowance ({ceiling}): {error.message}")
    if used == _TRANSFER_GAS:
        return used
    low, high = used - 1, ceiling
    # Refunds come after the last instruction and a sixty-fourth stays behind at every call, so
    # this is nearly always enough and saves most of the search.
    hopeful = (used + _STIPEND) * 64 // 63
    if hopeful < high:
        if _attempt(machine, request, hopeful)[0].is_error:
            low = hopeful
        else:
            high = hopeful
    while high - low > 1 and high - low > high // _ESTIMATE_TOLERANCE:
        middle = (low + high) // 2
        if _attempt(machine, request, middle)[0].is_error:
            low = middle
        else:
            high = middle
    return high


def _gas_cap(machine: VirtualMachineAPI) -> int:
    """What a block really holds; more gas than that could keep the chain busy for ever."""
    return int(machine.get_header().gas_limit)


def _affordable_gas(machine: VirtualMachineAPI, request: CallRequest) -> int:
    ceiling = min(_gas_cap(machine), request.gas or _gas_cap(machine))
    if not request.max_fee_per_gas:
        return ceiling
    balance = machine.state.get_balance(request.sender)
    if balance < request.value:
        raise _cannot_pay(request, balance, request.value)
    return min(ceiling, (balance - request.value) // request.max_fee_per_gas)


def _attempt(
    machine: VirtualMachineAPI, request: CallRequest, gas: int
) -> tuple[ComputationAPI, int]:
    """Run the message and undo it; the second part is the gas it used, refunds taken off."""
    state = machine.state
    message = _Message(
        sender=request.sender,
        to=request.to,
        value=request.value,
        data=request.data,
        gas=gas,
        max_fee_per_gas=request.max_fee_per_gas,
        max_priority_fee_per_gas=request.max_priority_fee_per_gas,
        access_list=request.access_list,
        authorization_list=request.authorization_list,
    )
    if gas < message.intrinsic_gas:
        raise Rejected(f"intrinsic gas too low: gas {gas}, minimum needed {message.intrinsic_gas}")
    balance = state.get_balance(request.sender)
    due = request.value + gas * request.max_fee_per_gas
    if balance < due:
        raise _cannot_pay(request, balance, due)
    state.lock_changes()
    before = state.snapshot()
    try:
        executor = state.get_transaction_executor()
        # The executor's own entry would check nonce and signature, which a call does not have.
        evm_message = executor.build_evm_message(message)  # type: ignore[arg-type] # _Message
        computation = executor.build_computation(evm_message, message)  # type: ignore[arg-type] # _Message
        executor.finalize_computation(message, computation)  # type: ignore[arg-type] # _Message
        used = machine.finalize_gas_used(message, computation)  # type: ignore[attr-defined] # absent too
    finally:
        state.revert(before)
    return computation, int(used)


def _cannot_pay(request: CallRequest, balance: int, due: int) -> Rejected:
    return Rejected(
        "insufficient funds for gas * price + value: "
        f"address 0x{request.sender.hex()} have {balance} want {due}"
    )
