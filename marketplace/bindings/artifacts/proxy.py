"""The deterministic deployment proxy and the addresses it gives.

Refuses to send anything: whoever deploys calls the proxy with salt ++ init code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

if TYPE_CHECKING:
    from eth_typing import ChecksumAddress

DEPLOYMENT_PROXY: Final[ChecksumAddress] = to_checksum_address(
    "0x4e59b44847b379578588920cA78FbF26c0B4956C"
)
"""The keyless proxy that stands at this address on nearly every chain."""

LIBRARY_SALT: Final = bytes(32)


def deterministic_address(init_code: bytes) -> ChecksumAddress:
    """Work out where the proxy deploys `init_code` under the salt zero (ERC-1014)."""
    proxy = bytes.fromhex(DEPLOYMENT_PROXY.removeprefix("0x"))
    digest = keccak(b"\xff" + proxy + LIBRARY_SALT + keccak(init_code))
    return to_checksum_address(digest[12:])
