"""Owns reading an address of a launch file or of canonical terms.

Refuses one whose case is no checksum: it is hashed for ever, with its mistyped digit.
"""

from __future__ import annotations

from eth_utils.address import is_checksum_address, is_hex_address

from marketplace.domain.addresses import ChecksumAddress
from marketplace.launch.units import Unclear, shown


def read_address(value: object) -> ChecksumAddress:
    """Read an Ethereum address whose mixed case proves that it was copied whole (ERC-55).

    Raises:
        Unclear: If it is none, or its case does not match.
    """
    if not isinstance(value, str) or not is_hex_address(value) or not value.startswith("0x"):
        raise Unclear(f"{shown(value)} is no address", "write 0x and 40 hexadecimal digits")
    if not is_checksum_address(value):
        raise Unclear(
            f"the upper and lower case of {value} do not fit its digits",
            "copy the address again from your wallet; one of its digits may be wrong",
        )
    return ChecksumAddress(value)
