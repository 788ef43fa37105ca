"""The text of a key.

Owns how it is made, recognised and hashed. Its beginning tells people, and programs that look for
secrets in what is published, what it is; the rest is 256 bits of chance.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from typing import Final

PREFIX: Final = "seats_key_"
_KEY: Final = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


def new_key() -> str:
    """Make one that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(32)


def new_id() -> str:
    """Make the public name of one."""
    return "key_" + secrets.token_hex(8)


def is_key(text: str) -> bool:
    """Whether a text has the form of a key."""
    return _KEY.fullmatch(text) is not None


def hash_of(key: str) -> str:
    """The hash under which a key is kept: `0x` and 64 hex digits."""
    # No salt and no slow hash: 256 bits of chance cannot be tried out.
    return "0x" + sha256(f"api key:{key}".encode()).hexdigest()
