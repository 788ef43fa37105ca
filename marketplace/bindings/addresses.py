"""Addresses at the edge, where keccak is at hand.

Owns turning text and bytes into a checksummed address and back into the type that web3 and
eth_abi want. Refuses ENS names, and text in mixed case whose checksum is wrong: a digit was
mistyped there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from eth_utils.address import is_hex_address, to_checksum_address

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from eth_typing import ChecksumAddress as WireAddress


@typed_error
class InvalidAddress(RuleViolated):
    """Text that is not an address, or not the one that was meant."""

    code = "invalid_address"

    text: str

    @property
    def why(self) -> str:
        """What is wrong with it, as a clause that does not repeat it."""
        return "its checksum is wrong" if _has_form(self.text) else "it is not 0x and 40 hex digits"

    def _sentence(self) -> str:
        return f"{self.text!r} is not an address: {self.why}. Copy it again from where it came."


def checksum_address(octets: bytes) -> ChecksumAddress:
    """Give 20 bytes their EIP-55 checksum."""
    return ChecksumAddress(to_checksum_address(octets))


def parse_address(text: str) -> ChecksumAddress:
    """Read an address that a person or a file gave; InvalidAddress when it is none."""
    if not _has_form(text):
        raise InvalidAddress(text)
    digits = text.removeprefix("0x")
    # Worked out once: lists of accounts are long, and it is most of what reading them takes.
    address = ChecksumAddress(to_checksum_address(text))
    if digits not in {digits.lower(), digits.upper()} and address != text:
        raise InvalidAddress(text)
    return address


def _has_form(text: str) -> bool:
    return text.startswith("0x") and is_hex_address(text)


def wire_address(address: ChecksumAddress) -> WireAddress:
    """The same address under the type of web3 and eth_abi."""
    return cast("WireAddress", address)
