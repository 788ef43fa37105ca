"""Owns how a failed execution becomes an error: exact bytes, and a reason where one is encoded.

Refuses to know any contract: custom errors stay bytes here, the bindings name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth.exceptions import (
    ContractCreationCollision,
    InsufficientFunds,
    InvalidInstruction,
    InvalidJumpDestination,
    OutOfGas,
    Revert,
    StackDepthLimit,
    WriteProtection,
)
from eth_abi import abi
from eth_abi.exceptions import DecodingError

from marketplace.devnet.errors import DevnetError, ExecutionReverted, Rejected

if TYPE_CHECKING:
    from eth.abc import ComputationAPI

_ERROR_SELECTOR: Final = bytes.fromhex("08c379a0")  # Error(string)
_PANIC_SELECTOR: Final = bytes.fromhex("4e487b71")  # Panic(uint256)

_PANICS: Final = {
    0x00: "generic panic",
    0x01: "assertion failed",
    0x11: "arithmetic underflow or overflow",
    0x12: "division or modulo by zero",
    0x21: "conversion to an enum failed",
    0x22: "storage byte array is encoded wrongly",
    0x31: "pop from an empty array",
    0x32: "array index out of bounds",
    0x41: "too much memory allocated",
    0x51: "call of an uninitialised function",
}
"""Codes of Solidity's `Panic(uint256)`."""

_FAILURES: Final = (
    (OutOfGas, "out of gas"),
    (InvalidInstruction, "invalid opcode"),
    (InvalidJumpDestination, "invalid jump destination"),
    (StackDepthLimit, "max call depth exceeded"),
    (WriteProtection, "write protection"),
    (InsufficientFunds, "insufficient balance for transfer"),
    (ContractCreationCollision, "contract address collision"),
)
"""What nodes call a failure that is not a revert."""


def revert_reason(output: bytes) -> str | None:
    """The sentence inside `Error(string)` or `Panic(uint256)`; None for any other bytes."""
    selector, arguments = output[:4], output[4:]
    try:
        if selector == _ERROR_SELECTOR:
            return str(abi.decode(["string"], arguments)[0])
        if selector == _PANIC_SELECTOR:
            code = int(abi.decode(["uint256"], arguments)[0])
            return f"{_PANICS.get(code, 'unknown panic')} (0x{code:02x})"
    except (DecodingError, OverflowError, UnicodeDecodeError):
        # A contract may return anything behind a known selector; its bytes still reach the caller.
        return None
    return None


def failure_of(computation: ComputationAPI) -> DevnetError:
    """The error that a node answers a failed computation with."""
    if isinstance(computation.error, Revert):
        output = bytes(computation.output)
        return ExecutionReverted(output, revert_reason(output))
    for kind, sentence in _FAILURES:
        if isinstance(computation.error, kind):
            return Rejected(f"{sentence}: {computation.error}")
    return Rejected(f"execution failed: {computation.error}")
