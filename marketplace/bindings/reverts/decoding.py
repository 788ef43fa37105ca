"""From revert bytes to the typed error.

Owns the table from selector to class, filled from the ABI and the declarations. Refuses to guess:
bytes that do not decode completely stay bytes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from eth_abi.abi import decode as decode_abi
from eth_abi.exceptions import DecodingError

from marketplace.bindings.interface import interface_of
from marketplace.bindings.reverts.declaring import declared_reverts
from marketplace.bindings.reverts.plain import (
    Panicked,
    RevertedSilently,
    RevertedUnknown,
    RevertedWithText,
)
from marketplace.bindings.values import ValueUnexpected, build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.bindings.interface import Entry
    from marketplace.bindings.reverts.declaring import DeclaredRevert
    from marketplace.domain.errors import ContractReverted

ARTIFACTS: Final = ("Seats", "SeatRenderer")
"""The artifacts whose errors a caller of the market can meet."""

_ERROR_SELECTOR: Final = bytes.fromhex("08c379a0")  # Error(string)
_PANIC_SELECTOR: Final = bytes.fromhex("4e487b71")  # Panic(uint256)


def decode_revert(data: bytes, said: str = "nothing") -> ContractReverted:
    """Give revert bytes their typed error.

    Args:
        data: Selector and arguments, as a contract returned them; may be empty.
        said: What the node told beside them, for a revert without bytes.
    """
    if not data:
        return RevertedSilently(said)
    selector, arguments = data[:4], data[4:]
    try:
        if selector == _ERROR_SELECTOR:
            return RevertedWithText(str(decode_abi(["string"], arguments)[0]))
        if selector == _PANIC_SELECTOR:
            return Panicked(int(decode_abi(["uint256"], arguments)[0]))
        known = _classes().get(selector)
        if known is None:
            return RevertedUnknown(data)
        entry, cls = known
        return build(cls, entry.decode_arguments(arguments))
    except (DecodingError, OverflowError, UnicodeDecodeError, ValueUnexpected):
        return RevertedUnknown(data)


def revert_entries() -> Mapping[str, Entry]:
    """Every error that the artifacts declare, by name."""
    return {
        name: entry
        for artifact in ARTIFACTS
        for name, entry in interface_of(artifact).errors.items()
    }


@cache
def _classes() -> Mapping[bytes, tuple[Entry, type[DeclaredRevert]]]:
    declared = declared_reverts()
    return {
        entry.selector: (entry, declared[name])
        for name, entry in revert_entries().items()
        if name in declared
    }
