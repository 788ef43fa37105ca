"""Owns the polled filters: what a client has seen so far, and what changed since.

Refuses to keep queues. A filter keeps the block that its owner saw last; a poll walks from there to
the head and, after a reorganisation, reports the events that went away as removed first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from marketplace.devnet.errors import Rejected
from marketplace.devnet.logs import LogQuery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eth_typing import Hash32

    from marketplace.devnet.blocks import Block, Log
    from marketplace.devnet.canon import CanonicalChain

_MOST_FILTERS: Final = 1_000

Kind = Literal["logs", "blocks", "transactions"]


@dataclass(frozen=True, slots=True)
class Filter:
    """One installed filter.

    Attributes:
        seen: The head at the last poll.
        first, last: Only events of these block numbers; None leaves the side open.
    """

    kind: Kind
    seen: Hash32
    query: LogQuery = field(default_factory=LogQuery)
    first: int | None = None
    last: int | None = None

    def wants(self, log: Log) -> bool:
        """Whether a log filter reports this event."""
        if self.first is not None and log.block_number < self.first:
            return False
        if self.last is not None and log.block_number > self.last:
            return False
        return self.query.matches(log)


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened between two polls.

    Attributes:
        removed: Blocks that were pushed out, oldest first.
        added: Blocks that came in, oldest first.
    """

    removed: tuple[Block, ...]
    added: tuple[Block, ...]


class Filters:
    """The filters of all clients, by id."""

    def __init__(self) -> None:
        self._filters: dict[int, Filter] = {}
        self._last_id = 0

    def install(self, new: Filter) -> int:
        """Add a filter and give its id.

        Raises:
            Rejected: If too many are installed.
        """
        if len(self._filters) >= _MOST_FILTERS:
            raise Rejected(
                f"too many filters: {_MOST_FILTERS} are installed, "
                "remove some with eth_uninstallFilter"
            )
        self._last_id += 1
        self._filters[self._last_id] = new
        return self._last_id

    def uninstall(self, filter_id: int) -> bool:
        """Remove a filter; False when there was none."""
        return self._filters.pop(filter_id, None) is not None

    def get(self, filter_id: int) -> Filter:
        """Find a filter.

        Raises:
            Rejected: If there is none with this id.
        """
        try:
            return self._filters[filter_id]
        except KeyError:
            raise Rejected("filter not found") from None

    def poll(self, filter_id: int, canon: CanonicalChain) -> Changes:
        """What this filter's owner has not seen yet; it counts as seen from now on."""
        polled = self.get(filter_id)
        changes = _changes_since(polled.seen, canon)
        if changes is None:
            del self._filters[filter_id]
            raise Rejected("filter not found: too much was reorganised since it was last polled")
        self._filters[filter_id] = replace(polled, seen=canon.head.hash)
        return changes

    def positions(self) -> Mapping[int, Hash32]:
        """What every filter has seen, for a snapshot."""
        return {filter_id: installed.seen for filter_id, installed in self._filters.items()}

    def restore(self, positions: Mapping[int, Hash32], head: Hash32) -> None:
        """Go back to a snapshot; a filter installed since then starts anew at the head."""
        for filter_id, installed in self._filters.items():
            self._filters[filter_id] = replace(installed, seen=positions.get(filter_id, head))


def _changes_since(seen: Hash32, canon: CanonicalChain) -> Changes | None:
    removed: list[Block] = []
    cursor = seen
    while (ancestor := canon.with_hash(cursor)) is None:
        orphan = canon.orphan(cursor)
        if orphan is None:
            return None
        removed.append(orphan)
        cursor = orphan.header.parent_hash
    added: Sequence[Block] = canon.blocks[ancestor.number + 1 :]
    return Changes(tuple(reversed(removed)), tuple(added))
