"""Accounts and contracts, by address.

Owns the type and its zero value. Refuses to compute or check an EIP-55 checksum, which needs
keccak: `marketplace.bindings.addresses` does it where text or bytes come in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NewType, TypeAlias

ChecksumAddress = NewType("ChecksumAddress", str)
"""`0x` and 40 hexadecimal digits whose case is the EIP-55 checksum."""

ZERO_ADDRESS: Final = ChecksumAddress("0x" + "0" * 40)
"""Nobody; as a currency, ETH."""

ETH: Final = ZERO_ADDRESS
"""The zero address where it names a currency."""

ToAddress: TypeAlias = Callable[[bytes], ChecksumAddress]
"""Gives 20 bytes their checksum; passed in by whoever has keccak."""
