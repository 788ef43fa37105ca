"""What to do next, from what is stored and what the node says. Pure.

Owns the rules of following a chain:

- Backfill by ranges up to the node's finalized block, what is before the contracts at once; above
  it, block by block.
- A block extends the mirror when its parent is the mirror's head, by hash.
- A lower head is lag, unless the mirror does not hold that block: then the chain is another.
- The mirror rolls back only to an ancestor found by hash, and never below its finalized block.
- Levels are the node's, never beyond the mirror's head; finalized never falls.

Refuses to ask: where an answer is missing, the decision is the question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from indexer.rpc import probe
from indexer.rpc.errors import ViewChanged
from indexer.rpc.values import BlockHeader, Mark, View
from marketplace.domain.errors import MirrorInconsistent, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping


@typed_error
class FinalizedReplaced(MirrorInconsistent):
    """The node's chain does not contain the block that the mirror holds as finalized."""

    code = "finalized_replaced"

    number: int
    stored: str
    found: str

    def _sentence(self) -> str:
        return (
            f"The node's chain has {self.found} at block {self.number}, where the mirror holds "
            f"{self.stored} as finalized: the node is on another chain, or the network broke its "
            "promise. Nothing is mirrored any more and no door opens on it. Compare with another "
            "node; if this chain is right, mirror into a new database."
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """What the mirror holds.

    Attributes:
        window: The hash of every block from finalized to head.
    """

    head: Mark
    safe: Mark
    finalized: Mark
    window: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class AskHeaders:
    """Ask for the canonical headers of these numbers; they become the branch."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class AskParent:
    """Ask for the header with this hash; it goes before the branch."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to mirror: the node is where the mirror is (`behind` 0), or that far behind it.

    `doubtful` says that the node is behind what is finalized here, and may be of another chain.
    """

    behind: int
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Backfill:
    """Mirror a range of finalized blocks, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Extend:
    """Mirror these blocks, the first of which follows the head."""

    headers: tuple[BlockHeader, ...]


@dataclass(frozen=True, slots=True)
class RollBack:
    """Forget every block above this one, which both chains hold."""

    ancestor: Mark


Decision: TypeAlias = AskHeaders | AskParent | Wait | Backfill | Extend | RollBack


def decide(
    stored: Stored,
    view: View,
    branch: tuple[BlockHeader, ...],
    *,
    range_blocks: int,
    head_blocks: int,
    first_block: int,
) -> Decision:
    """Decide the next step.

    Args:
        stored: The mirror.
        view: Where the node says it stands.
        branch: Headers that were asked for, each the parent of the next; none at first.
        range_blocks: Most blocks of one backfill.
        head_blocks: Most blocks of one extension.
        first_block: The first block that any log is asked of.

    Raises:
        FinalizedReplaced: the node's chain parts from the mirror's below its finalized block.
    """
    head = stored.head.number
    if not branch:
        return _first_question(stored, view, head_blocks)
    link = Mark(branch[0].number - 1, branch[0].parent_hash)
    if link.number < stored.finalized.number or (
        link.number == stored.finalized.number and link.hash != stored.finalized.hash
    ):
        raise FinalizedReplaced(stored.finalized.number, stored.finalized.hash, link.hash)
    if stored.window[link.number] != link.hash:
        return AskParent(link.number, link.hash)
    if link.number < head:
        return RollBack(link)
    if view.finalized is not None and view.finalized.number > head:
        # Of blocks before every contract one header is asked for, however many they are.
        last = max(head + range_blocks, first_block - 1)
        return Backfill(head + 1, min(view.finalized.number, last))
    return Extend(branch)


def _first_question(stored: Stored, view: View, head_blocks: int) -> Decision:
    head, seen = stored.head.number, view.head
    if seen.number > head:
        # One header is enough to see whether the finalized chain goes through the mirror's head.
        finalized = view.finalized is not None and view.finalized.number > head
        last = head + 1 if finalized else min(seen.number, head + head_blocks)
        return AskHeaders(head + 1, last)
    if seen.number < stored.finalized.number:
        return Wait(head - seen.number, doubtful=True)
    if stored.window[seen.number] == seen.hash:
        return Wait(head - seen.number)
    if seen.number == stored.finalized.number:
        raise FinalizedReplaced(seen.number, stored.finalized.hash, seen.hash)
    return AskHeaders(seen.number, seen.number)


def require_end_of_history(stored: Stored, view: View, named: int) -> None:
    """Return when an answer says how far a first history goes: what lies beyond it is news.

    Args:
        stored: The mirror.
        view: The answer.
        named: The latest block that was called final in any answer of late; 0: none was.

    Raises:
        ViewChanged: the node does not say that, or says less than before.
    """
    final, seen = max(stored.finalized.number, named), probe.last_final(view)
    if seen is None and (final or view.head.number > probe.YOUNG):
        raise ViewChanged("the node calls no block final now, and did before or should")
    if seen is not None and seen.number < final:
        raise ViewChanged(f"the node calls block {seen.number} the last final one, and {final} was")


@dataclass(frozen=True, slots=True)
class Levels:
    """Safe and finalized of the mirror."""

    safe: Mark
    finalized: Mark


def levels_after_extending(stored: Stored, view: View, headers: tuple[BlockHeader, ...]) -> Levels:
    """Raise the levels to the node's, where the mirror then holds the node's very blocks.

    No headers: only the levels are raised.
    """
    added = {header.number: header.hash for header in headers}

    def raised(mine: Mark, seen: Mark | None) -> Mark:
        if seen is None or seen.number <= mine.number:
            return mine
        held = added.get(seen.number) or stored.window.get(seen.number)
        return seen if held == seen.hash else mine

    finalized = raised(stored.finalized, view.finalized)
    safe = raised(stored.safe, view.safe)
    return Levels(safe if safe.number >= finalized.number else finalized, finalized)


def levels_after_rolling_back(stored: Stored, ancestor: Mark) -> Levels:
    """Lower safe to the ancestor where it was above; finalized stands."""
    safe = stored.safe if stored.safe.number <= ancestor.number else ancestor
    return Levels(safe, stored.finalized)
