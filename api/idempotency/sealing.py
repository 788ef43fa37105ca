"""Answers as they are kept: sealed, so that a copy of the database reads none.

Owns the cipher (AES-256-GCM, by a library) and the key, which follows from what only the request
has: the session's token or the API key that it showed, the idempotency key, and the body, which for
some requests is the credential. None of the three is kept. Refuses to decide what is sealed: every
answer is, so that no route can forget that its own holds a secret.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from Crypto.Cipher import AES
from Crypto.Random import get_random_bytes

_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request has shown, beside who it is from.

    Attributes:
        credential: The text of its token or API key; empty where it showed none.
        key: The idempotency key.
        body: Its bytes, or for an upload what they were announced to be.
    """

    credential: str
    key: str
    body: bytes


def seal(shown: Shown, answer: bytes) -> bytes:
    """Seal an answer; only the same request opens it."""
    nonce = get_random_bytes(_NONCE_BYTES)
    text, tag = AES.new(_key(shown), AES.MODE_GCM, nonce=nonce).encrypt_and_digest(answer)
    return nonce + tag + text


def unseal(shown: Shown, sealed: bytes) -> bytes | None:
    """Open an answer; None where it was sealed by another request."""
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        cipher = AES.new(_key(shown), AES.MODE_GCM, nonce=nonce)
        return cipher.decrypt_and_verify(rest[_TAG_BYTES:], rest[:_TAG_BYTES])
    except ValueError:
        return None


def _key(shown: Shown) -> bytes:
    # A token's own hash is in the database; this one, under a label of its own, is not.
    said = "\n".join(("sealed answer", shown.key, sha256(shown.body).hexdigest()))
    return hmac.digest(shown.credential.encode(), said.encode(), "sha256")
