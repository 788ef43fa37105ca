"""The one form of signature that signs in: 65 bytes r, s, v of secp256k1.

Owns the check of the form. Refuses to recover: the library does that. It takes what it is given,
high s, v of 0 or 37, hex without 0x; each would be a second spelling of a signature already seen.
"""

from __future__ import annotations

import re
from typing import Final

from api.auth.errors import ContractWalletRefused, SignInSignatureMalformed

_HEX: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_LENGTH: Final = 65
_ORDER: Final = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
"""Of the curve's group (SEC 2, 2.4.1)."""
_VS: Final = frozenset({27, 28})


def require_canonical(signature: str) -> bytes:
    """Give the 65 bytes of a signature in its only accepted form.

    EIP-2 takes the lower of the two s; v is 27 or 28 as `personal_sign` gives it.

    Raises:
        ContractWalletRefused: it is empty or longer, as only contracts can check it.
        SignInSignatureMalformed: any other form.
    """
    if not _HEX.fullmatch(signature):
        raise SignInSignatureMalformed("it is not 0x and pairs of hex digits")
    octets = bytes.fromhex(signature[2:])
    if not octets or len(octets) > _LENGTH:
        raise ContractWalletRefused
    if len(octets) < _LENGTH:
        raise SignInSignatureMalformed(f"it has {len(octets)} bytes")
    r, s, v = int.from_bytes(octets[:32]), int.from_bytes(octets[32:64]), octets[64]
    if not 0 < r < _ORDER or not 0 < s < _ORDER:
        raise SignInSignatureMalformed("r or s is no number of the curve")
    if s > _ORDER // 2:
        raise SignInSignatureMalformed("s is the higher of its two values")
    if v not in _VS:
        raise SignInSignatureMalformed(f"v is {v}, not 27 or 28")
    return octets
