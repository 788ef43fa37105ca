"""What a file's bytes are recognised by.

Owns the SHA-256 of a whole file and of each of its blocks, and reading a client's own digest (RFC
9530). The whole tells whether an upload arrived as it was sent; the blocks tell, whichever part is
asked for and years later, whether a copy still holds it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK_BYTES: Final = 262_144
HASH_BYTES: Final = 32
_SHA_256: Final = re.compile(r"[ \t]*sha-256=:([A-Za-z0-9+/]{43}=):[ \t]*")


@dataclass(frozen=True, slots=True)
class Digest:
    """What is known of a file.

    Attributes:
        sha256: Of the whole: `0x` and 64 hex digits.
        block_hashes: The 32 bytes of each block's SHA-256, one after another.
    """

    size_bytes: int
    sha256: str
    block_hashes: bytes


class Digesting:
    """Takes a file's bytes as they pass, in pieces of any length."""

    def __init__(self) -> None:
        self._size = 0
        self._whole = sha256()
        self._block = sha256()
        self._blocks = bytearray()

    def take(self, piece: bytes) -> None:
        """Take the next bytes."""
        self._whole.update(piece)
        rest = memoryview(piece)
        while rest:
            room = BLOCK_BYTES - self._size % BLOCK_BYTES
            self._block.update(rest[:room])
            self._size += min(room, len(rest))
            if self._size % BLOCK_BYTES == 0:
                self._close_block()
            rest = rest[room:]

    def digest(self) -> Digest:
        """What has been taken; to be asked once, at the end."""
        if self._size % BLOCK_BYTES:
            self._close_block()
        return Digest(self._size, f"0x{self._whole.hexdigest()}", bytes(self._blocks))

    def _close_block(self) -> None:
        self._blocks += self._block.digest()
        self._block = sha256()


def is_block(content: bytes, block_hash: bytes) -> bool:
    """Whether these are the bytes that a block had."""
    return sha256(content).digest() == block_hash


def parse_repr_digest(headers: Sequence[str]) -> str | None:
    """Read a Repr-Digest: the SHA-256 as `0x` and 64 hex digits, or None without the header.

    Digests of other algorithms beside it are passed over (RFC 9530, 3).

    Raises:
        ValueError: it has no SHA-256, several, or none that can be read.
    """
    if not headers:
        return None
    found = [_SHA_256.fullmatch(member) for line in headers for member in line.split(",")]
    digests = {b64decode(match[1]).hex() for match in found if match is not None}
    if len(digests) != 1:
        raise ValueError("write one SHA-256, as sha-256=:…: with base64 between the colons")
    return f"0x{digests.pop()}"
