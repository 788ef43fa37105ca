"""Addresses of servers that may hold a secret, taken apart.

Owns whether scheme, host and port of one can be read. Refuses to say why not: urllib quotes what it
stumbled over, and in `https://user:abc/def@host` that is a part of the password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection
    from urllib.parse import SplitResult


def parts_of(address: str, schemes: Collection[str]) -> SplitResult | None:
    """Take an address apart; None unless it has one of the schemes, a host, and no false port."""
    try:
        parts = urlsplit(address)
        # As it is looked up: a name with an empty part, or one that is too long, is none.
        host = (parts.hostname or "").encode("idna")
        fits = parts.scheme in schemes and host and parts.port != 0
    except ValueError:
        return None
    return parts if fits else None
