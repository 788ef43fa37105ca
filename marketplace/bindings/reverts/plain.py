"""What any contract can fail with: Solidity's own two errors, bytes that nobody knows, silence.

Refuses to guess what foreign bytes mean.
"""

from __future__ import annotations

from typing import Final

from marketplace.domain.errors import ContractReverted, typed_error

_PANICS: Final = {
    0x00: "a compiler's own check failed",
    0x01: "an assertion failed",
    0x11: "a number ran over",
    0x12: "something was divided by zero",
    0x21: "a choice does not exist",
    0x22: "stored bytes are encoded wrongly",
    0x31: "an empty list was shortened",
    0x32: "a list is shorter than was asked",
    0x41: "too much memory was needed",
    0x51: "an unset function was called",
}


@typed_error
class Panicked(ContractReverted):
    """Solidity's `Panic(uint256)`: a defect of the contract, or an amount beyond all bounds."""

    code = "panicked"

    panic: int

    def _sentence(self) -> str:
        return (
            f"The contract stopped because {_PANICS.get(self.panic, 'of an unknown cause')} "
            f"(panic 0x{self.panic:02x}): check the amounts, and report it if they are ordinary."
        )


@typed_error
class RevertedWithText(ContractReverted):
    """Solidity's `Error(string)`."""

    code = "reverted_with_text"

    text: str

    def _sentence(self) -> str:
        return f"A contract refused and said: {self.text!r}."


@typed_error
class RevertedUnknown(ContractReverted):
    """The bytes are no error of this version of the contract."""

    code = "reverted_unknown"

    data: bytes

    def _sentence(self) -> str:
        return (
            f"A contract refused with bytes that this program does not know: 0x{self.data.hex()}. "
            "Check that the address is that of the contract of this version."
        )


@typed_error
class RevertedSilently(ContractReverted):
    """The call failed without any bytes; `said` is what the node told about it."""

    code = "reverted_silently"

    said: str

    def _sentence(self) -> str:
        return (
            f"A contract refused without giving a reason (the node said: {self.said}). "
            "Check the address and the amount of gas."
        )
