"""The forms of signatures that sign in.

Owns the check of the form. An account's key has one: 65 bytes r, s, v of secp256k1. A contract
wallet says itself what it takes, so of its signatures only the length is bounded. Refuses to
recover: the library does that. It takes what it is given, high s, v of 0 or 37, hex without 0x;
each would be a second spelling of a signature already seen.
"""

from __future__ import annotations

import re
from typing import Final

from api.auth.errors import SignInSignatureMalformed

MAX_BYTES: Final = 8_192
"""A wallet's signature may hold those of several owners, a passkey's statement, or a factory."""

KEY_BYTES: Final = 65
"""Of a key's signature."""

_HEX: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_ORDER: Final = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
"""Of the curve's group (SEC 2, 2.4.1)."""
_VS: Final = frozenset({27, 28})


def octets_of(signature: str) -> bytes:
    """Read a signature of any kind.

    Raises:
        SignInSignatureMalformed: it is not written as 0x and hex, or is too long.
    """
    if not _HEX.fullmatch(signature):
        raise SignInSignatureMalformed("it is not 0x and pairs of hex digits")
    octets = bytes.fromhex(signature[2:])
    if len(octets) > MAX_BYTES:
        raise SignInSignatureMalformed(f"it has {len(octets)} bytes, and {MAX_BYTES} is the most")
    return octets


def fault_of_key(octets: bytes) -> str | None:
    """What keeps a signature from being a key's; None: it is in its only accepted form.

    EIP-2 takes the lower of the two s; v is 27 or 28 as `personal_sign` gives it.
    """
    if len(octets) != KEY_BYTES:
        return f"it has {len(octets)} bytes"
    r, s, v = int.from_bytes(octets[:32]), int.from_bytes(octets[32:64]), octets[64]
    if not 0 < r < _ORDER or not 0 < s < _ORDER:
        return "r or s is no number of the curve"
    if s > _ORDER // 2:
        return "s is the higher of its two values"
    if v not in _VS:
        return f"v is {v}, not 27 or 28"
    return None
