"""The chances that sign-in rests on: nonces, attempts and session tokens.

Owns how they are made and under which hash they are kept. Each kind has a hash of its own, so that
what was given for one purpose opens nothing else: a cookie's value is no bearer token. Refuses to
keep anything.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from enum import StrEnum, unique
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as keyed_digest
from typing import Final, Self

_SECRET_BYTES: Final = 32
_NONCE_BYTES: Final = 20
_NONCE: Final = re.compile(r"[0-9a-f]{40}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@unique
class Carrier(StrEnum):
    """How a caller shows who they are: a browser by its cookie, any other client by a header."""

    COOKIE = "cookie"
    BEARER = "bearer"


def hash_of_nonce(nonce: str) -> str:
    """The hash under which a nonce is kept: `0x` and 64 hex digits."""
    return _hash("nonce", nonce)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in: the public nonce, and the secret of whoever asked for it.

    Attributes:
        nonce: 160 bits in lower-case hex, which EIP-4361 allows.
        secret: 256 bits, base64url; never leaves the browser or client that asked.
        carrier: Which of both asked; decides what a success is paid out in.
    """

    nonce: str
    secret: str
    carrier: Carrier

    @classmethod
    def begin(cls, carrier: Carrier) -> Self:
        """Make one that nobody can guess."""
        return cls(secrets.token_hex(_NONCE_BYTES), secrets.token_urlsafe(_SECRET_BYTES), carrier)

    @classmethod
    def parse(cls, text: str, carrier: Carrier) -> Self | None:
        """Read the text that `text` gave; None when it cannot have."""
        nonce, _, secret = text.partition(".")
        if not _NONCE.fullmatch(nonce) or not _SECRET.fullmatch(secret):
            return None
        return cls(nonce, secret, carrier)

    @property
    def text(self) -> str:
        """What the browser's cookie or the client keeps."""
        return f"{self.nonce}.{self.secret}"

    @property
    def nonce_hash(self) -> str:
        """The hash under which the nonce is kept."""
        return hash_of_nonce(self.nonce)

    @property
    def secret_hash(self) -> str:
        """The hash under which the secret is kept."""
        return _hash(f"{self.carrier} attempt", self.secret)


@dataclass(frozen=True, slots=True)
class SessionToken:
    """What a session is recognised by: 256 bits in base64url, and how they travel."""

    secret: str
    carrier: Carrier

    @classmethod
    def new(cls, carrier: Carrier) -> Self:
        """Make one that nobody can guess."""
        return cls(secrets.token_urlsafe(_SECRET_BYTES), carrier)

    @classmethod
    def parse(cls, text: str, carrier: Carrier) -> Self | None:
        """Read what a request carries; None when it cannot be a token."""
        return cls(text, carrier) if _SECRET.fullmatch(text) else None

    @property
    def hash(self) -> str:
        """The hash under which the session is kept."""
        return _hash(f"{self.carrier} session", self.secret)

    @property
    def csrf_token(self) -> str:
        """What a page of ours sends beside the cookie; nobody without the cookie can know it."""
        return keyed_digest(self.secret.encode(), b"csrf", "sha256").hex()

    def matches_csrf(self, given: str) -> bool:
        """Whether a header carries this session's token; takes the same time for every guess."""
        return compare_digest(given.encode(), self.csrf_token.encode())


def _hash(kind: str, secret: str) -> str:
    # No salt and no slow hash: 160 bits and more of chance cannot be tried out.
    return "0x" + sha256(f"{kind}:{secret}".encode()).hexdigest()
