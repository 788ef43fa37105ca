"""The chances that getting in rests on: tickets and admissions.

Owns how they are made and under which hash they are kept. Each kind has a hash of its own, so that
a ticket is never an admission. Refuses to keep anything.
"""

from __future__ import annotations

import re
import secrets
from enum import StrEnum, unique
from hashlib import sha256
from typing import Final

_SECRET_BYTES: Final = 32
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@unique
class Pass(StrEnum):
    """What a secret is good for."""

    TICKET = "join ticket"
    ADMISSION = "admission"


def new_secret() -> str:
    """Make one that nobody can guess: 256 bits in base64url."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def hash_of(kind: Pass, secret: str) -> str:
    """The hash under which it is kept: `0x` and 64 hex digits."""
    # No salt and no slow hash: 256 bits of chance cannot be tried out.
    return f"0x{sha256(f'{kind}:{secret}'.encode()).hexdigest()}"
