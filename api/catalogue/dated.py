"""What every answer about the chain carries: the block that it rests on.

Owns those members and how Unix seconds become moments. Refuses everything else about the chain.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from api.wire import WireModel
from indexer.queries import Level  # noqa: TC001 - pydantic reads the annotations

_LAST_SECOND: Final = 253_402_300_799
"""The end of the year 9999, where RFC 3339 ends."""


class Dated(WireModel):
    """An answer of one moment of the chain."""

    as_of_block: int
    block_hash: str


class Levelled(Dated):
    """The same, and how certain that block is."""

    level: Level


def moment(second: int) -> datetime:
    """A Unix second as a moment; one beyond the calendar's end is its end."""
    return datetime.fromtimestamp(min(second, _LAST_SECOND), UTC)
