"""One look at the mirror: a transaction, and the block that everything seen in it is of.

Owns how a level, or a block's number, becomes a block, once for all reads of an answer. Refuses
reads of its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query

from api.errors import FieldFault, InvalidRequest
from api.gate.asking import MirrorBehind
from api.gate.decision import Denied, Reason
from api.gate.remedies import WaitForBlock
from api.gate.values import BlockFacts
from api.gate.values import Level as Certainty
from api.places import BlockNumber  # noqa: TC001 - FastAPI reads the annotations
from indexer.queries import At, Level, kept_block, mirror_status
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from api.parts import Parts
    from indexer.queries import MirrorId, MirrorStatus, Moment


@dataclass(frozen=True, slots=True)
class Look:
    """What a read takes.

    Attributes:
        connection: In a transaction that sees one moment.
        mirror: Which one.
        level: That was asked for.
        at: That level's block at this moment.
    """

    connection: Connection
    mirror: MirrorId
    level: Level
    at: Moment


@contextmanager
def look(parts: Parts, level: Level = Level.LATEST) -> Iterator[Look]:
    """Look at the mirror.

    Raises:
        MirrorMissing: there is none yet.
        StorageError: the mirror's database does not answer.
    """
    with reading(parts.reads) as connection:
        at = mirror_status(connection, parts.mirror_id).at(level)
        yield Look(connection, parts.mirror_id, level, at)


@dataclass(frozen=True, slots=True)
class BlockLook:
    """As `Look`, of a block that may have been named by its number.

    Attributes:
        level: None where a block was named.
        number: The block that everything is of.
        kept: The same with hash and time; None where the mirror does not keep them.
    """

    connection: Connection
    mirror: MirrorId
    level: Level | None
    number: int
    kept: Moment | None

    @property
    def block_hash(self) -> str | None:
        """The block's hash, where it is known."""
        return None if self.kept is None else self.kept.hash

    def what(self, thing: str) -> str:
        """A thing that is missing, in words: of a block that was named, it may be there later."""
        return thing if self.level is not None else f"{thing} at block {self.number}"


def _asked_at(
    level: Annotated[
        Level | None,
        Query(description="How certain the block must be that the answer is of; not with `block`."),
    ] = None,
    block: Annotated[
        BlockNumber | None,
        Query(description="Number of the block that the answer is of; not with `level`."),
    ] = None,
) -> At:
    if block is None:
        return level or Level.LATEST
    if level is not None:
        fault = "name a level or a block, not both"
        raise InvalidRequest((FieldFault("/query/block", fault),))
    return block


LevelAsked = Annotated[
    Level, Query(description="How certain the block must be that the answer is of.")
]
"""`?level=`: the last block of which level an answer shall be of."""

AskedAt = Annotated[At, Depends(_asked_at)]
"""`?level=` or `?block=`: the block that an answer shall be of."""


@contextmanager
def look_at(parts: Parts, at: At) -> Iterator[BlockLook]:
    """Look at the mirror as it was at a level's block, or at a block.

    Raises:
        MirrorBehind: the mirror has not reached that block.
        MirrorMissing: there is none yet.
        StorageError: the mirror's database does not answer.
    """
    with reading(parts.reads) as connection:
        status = mirror_status(connection, parts.mirror_id)
        if isinstance(at, Level):
            kept = status.at(at)
            yield BlockLook(connection, parts.mirror_id, at, kept.number, kept)
            return
        if at > status.head.number:
            raise _behind(status, at, parts.now)
        found = kept_block(connection, parts.mirror_id, at)
        yield BlockLook(connection, parts.mirror_id, None, at, found)


def _behind(status: MirrorStatus, wanted: int, now: int) -> MirrorBehind:
    remedy = WaitForBlock(wanted, Certainty.LATEST)
    block = None if status.level_at is None else _facts_of(status, now - status.level_at)
    return MirrorBehind(Denied(Reason.MIRROR_BEHIND, remedy, Certainty.LATEST, block, now))


def _facts_of(status: MirrorStatus, lag_s: int) -> BlockFacts:
    return BlockFacts(
        number=status.head.number,
        block_hash=status.head.hash,
        safe_number=status.safe.number,
        finalized_number=status.finalized.number,
        # The indexer's clock may be ahead of ours.
        lag_s=max(0, lag_s),
    )
