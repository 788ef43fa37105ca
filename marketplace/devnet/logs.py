"""Owns the index of events: where an address or a topic was logged, kept as blocks come and go.

Refuses to know levels, tags or JSON: it answers for numbers of canonical blocks. A query looks at
the postings of its rarest term, never at every block.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eth_typing import Address

    from marketplace.devnet.blocks import Block, Log

MAX_TOPICS: Final = 4

_Term: TypeAlias = tuple[int, bytes]
_ADDRESS_TERM: Final = -1


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What an event must be to match.

    Attributes:
        addresses: Any of these; empty means any address.
        topics: For each position the accepted words; an empty tuple accepts any word, but the event
            must have that many topics (as in Ethereum's JSON-RPC).
    """

    addresses: tuple[Address, ...] = ()
    topics: tuple[tuple[bytes, ...], ...] = ()

    def matches(self, log: Log) -> bool:
        """Whether one event fits."""
        if self.addresses and log.address not in self.addresses:
            return False
        if len(self.topics) > len(log.topics):
            return False
        return all(
            not accepted or log.topics[position] in accepted
            for position, accepted in enumerate(self.topics)
        )

    def terms(self) -> Iterable[tuple[_Term, ...]]:
        """Groups of index terms; a matching event stands under one term of each group."""
        if self.addresses:
            yield tuple((_ADDRESS_TERM, address) for address in self.addresses)
        for position, accepted in enumerate(self.topics):
            if accepted:
                yield tuple((position, topic) for topic in accepted)


class LogIndex:
    """Events of the canonical chain in order, with postings per address and topic.

    Blocks are appended in order and rolled back from the end.
    """

    def __init__(self) -> None:
        self._logs: list[Log] = []
        self._postings: defaultdict[_Term, list[int]] = defaultdict(list)

    def append(self, block: Block) -> None:
        """Add the events of the next block."""
        for log in block.logs:
            position = len(self._logs)
            self._logs.append(log)
            for term in _terms_of(log):
                self._postings[term].append(position)

    def roll_back(self, above: int) -> None:
        """Forget the events of every block above this number."""
        keep = self._first_at(above + 1)
        for log in reversed(self._logs[keep:]):
            for term in _terms_of(log):
                postings = self._postings[term]
                postings.pop()
                if not postings:
                    del self._postings[term]
        del self._logs[keep:]

    def find(self, query: LogQuery, first: int, last: int) -> tuple[Log, ...]:
        """Matching events of the blocks `first` to `last`, both included, in order."""
        start, stop = self._first_at(first), self._first_at(last + 1)
        rarest = self._rarest(query, start, stop)
        positions: Iterable[int] = range(start, stop) if rarest is None else rarest
        return tuple(
            log for log in (self._logs[position] for position in positions) if query.matches(log)
        )

    def _rarest(self, query: LogQuery, start: int, stop: int) -> Sequence[int] | None:
        """Positions of the group with the fewest postings in the range; None without groups."""
        groups: list[list[int]] = [
            [
                position
                for term in group
                for position in _between(self._postings.get(term, ()), start, stop)
            ]
            for group in query.terms()
        ]
        if not groups:
            return None
        fewest = min(groups, key=len)
        # Alternatives of one group may name the same address twice.
        return sorted(set(fewest))

    def _first_at(self, number: int) -> int:
        return bisect_left(self._logs, number, key=lambda log: log.block_number)


def _terms_of(log: Log) -> Iterable[_Term]:
    yield (_ADDRESS_TERM, log.address)
    yield from enumerate(log.topics)


def _between(positions: Sequence[int], start: int, stop: int) -> Sequence[int]:
    return positions[bisect_left(positions, start) : bisect_left(positions, stop)]
