"""What every answer about the chain carries: the block that it rests on.

Owns those members. Refuses everything else about the chain.
"""

from __future__ import annotations

from api.wire import WireModel
from indexer.queries import Level  # noqa: TC001 - pydantic reads the annotations


class Dated(WireModel):
    """An answer of one moment of the chain."""

    as_of_block: int
    block_hash: str


class AtBlock(WireModel):
    """An answer of a block that may have been named by its number."""

    as_of_block: int
    block_hash: str | None
    """Hash of that block: `0x` and 64 hex digits; null: the block was named, is final, and holds no
    event of the market."""


class Levelled(Dated):
    """The same, and how certain that block is."""

    level: Level
    """How certain the block is that the answer is of, as it was asked for."""
