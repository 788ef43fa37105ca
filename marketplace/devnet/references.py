"""Owns the ways in which a client names a block: number, tag, hash, EIP-1898 object.

Refuses to look anything up: `DevChain` resolves what is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

from marketplace.devnet.errors import InvalidParams
from marketplace.devnet.quantities import Json, read_hash, read_quantity

if TYPE_CHECKING:
    from eth_typing import Hash32

Tag = Literal["latest", "safe", "finalized", "earliest", "pending"]
TAGS: Final = ("latest", "safe", "finalized", "earliest", "pending")


@dataclass(frozen=True, slots=True)
class BlockHash:
    """A block named by its hash.

    Every block that this chain knows by hash is canonical, so EIP-1898's `requireCanonical` asks
    for nothing more.
    """

    value: Hash32


BlockReference: TypeAlias = Tag | int | BlockHash
"""Tag, height or hash."""


def read_number_or_tag(value: Json, name: str) -> Tag | int:
    """Decode `latest`, `safe`, `finalized`, `earliest`, `pending` or a quantity."""
    if isinstance(value, str) and value in TAGS:
        return cast("Tag", value)
    return read_quantity(value, name)


def read_reference(value: Json, name: str) -> BlockReference:
    """Decode any reference; a bare 32-byte hash counts as `blockHash`."""
    if isinstance(value, Mapping):
        keys = set(value) - {"requireCanonical"}
        if keys == {"blockHash"}:
            return BlockHash(read_hash(value["blockHash"], f"{name}.blockHash"))
        if keys == {"blockNumber"}:
            return read_quantity(value["blockNumber"], f"{name}.blockNumber")
        raise InvalidParams(f"{name} must hold either blockHash or blockNumber (EIP-1898).")
    if isinstance(value, str) and len(value) == len("0x") + 64:
        return BlockHash(read_hash(value, name))
    return read_number_or_tag(value, name)
