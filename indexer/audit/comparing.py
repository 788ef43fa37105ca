"""What is mirrored beside what the node says: the first thing that differs. Pure.

Owns that comparison. Refuses to ask and to say who is right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from indexer.audit.digests import block_digest, by_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.decoding import Entry
    from indexer.rpc.values import BlockHeader, RawLog

_SHOWN: Final = 160


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that mirror and chain do not agree about.

    Attributes:
        about: What the contract was asked for, by kind (`indexer.audit.claims`); empty: it is in
            the logs or headers of the block.
    """

    block_number: int
    what: str
    mirrored: str
    on_chain: str
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldBlock:
    """A block as the mirror holds it."""

    hash: str
    parent_hash: str
    timestamp_s: int


@dataclass(frozen=True, slots=True)
class Held:
    """What the mirror holds of some blocks.

    Attributes:
        logs: In the order of the chain.
        readings: Name and canonical arguments of each log's event.
        blocks: By number; those that hold a log must be there, others may.
    """

    logs: tuple[RawLog, ...]
    readings: tuple[tuple[str, str], ...]
    blocks: Mapping[int, HeldBlock]


@dataclass(frozen=True, slots=True)
class Told:
    """What the node says of the same blocks.

    Attributes:
        logs: Of the mirrored contracts, in the order of the chain.
        headers: By number; of every block that holds a log on either side, and of the last one.
    """

    logs: tuple[RawLog, ...]
    headers: Mapping[int, BlockHeader]

    @property
    def last(self) -> BlockHeader:
        """The last block that was asked for."""
        return self.headers[max(self.headers)]


def first_difference(held: Held, told: Told) -> Difference | None:
    """The first block that differs, and in what; None: they agree."""
    mirrored, on_chain = by_block(held.logs), by_block(told.logs)
    for number in sorted({*mirrored, *on_chain, *(told.headers.keys() & held.blocks.keys())}):
        mine, theirs = mirrored.get(number, ()), on_chain.get(number, ())
        found = _of_logs(number, mine, theirs) or _of_block(
            number, held.blocks.get(number), told.headers[number], bears=bool(mine)
        )
        if found is not None:
            return found
    return None


def misread(held: Held, entries: Sequence[Entry]) -> Difference | None:
    """The first log that the mirror has read as another event than its own decoding says."""
    for entry, (name, arguments) in zip(entries, held.readings, strict=True):
        if (entry.name, entry.arguments) != (name, arguments):
            return Difference(
                entry.log.block_number,
                f"the meaning of log {entry.log.log_index}",
                f"{name} {arguments}",
                f"{entry.name} {entry.arguments}",
            )
    return None


def _of_logs(number: int, mine: Sequence[RawLog], theirs: Sequence[RawLog]) -> Difference | None:
    if not mine and not theirs:
        return None
    if mine and theirs and block_digest(mine) == block_digest(theirs):
        return None
    for place in range(max(len(mine), len(theirs))):
        one, other = _log(mine, place), _log(theirs, place)
        if one != other:
            return Difference(number, "the events", one, other)
    return None


def _log(logs: Sequence[RawLog], place: int) -> str:
    if place >= len(logs):
        return f"{len(logs)} logs"
    log = logs[place]
    words = " ".join(f"0x{topic.hex()}" for topic in log.topics)
    at = f"log {log.log_index} of block {log.block_hash}"
    by = f"{log.address} in transaction {log.tx_index}, {log.tx_hash}"
    return f"{at} by {by}: {words} 0x{log.data.hex()}"


def _of_block(
    number: int, mine: HeldBlock | None, theirs: BlockHeader, *, bears: bool
) -> Difference | None:
    if mine is None:
        return Difference(number, "the block", "none", theirs.hash) if bears else None
    for what, one, other in (
        ("the hash of the block", mine.hash, theirs.hash),
        ("the parent of the block", mine.parent_hash, theirs.parent_hash),
        ("the time of the block", str(mine.timestamp_s), str(theirs.timestamp_s)),
    ):
        if one != other:
            return Difference(number, what, one, other)
    return None


def shown(text: str) -> str:
    """Keep a sentence short."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
