"""What a mirror still lacks: history of its contracts, folds that are built again, and indexes.

Owns those reads, so that any process can say how far another one is. Refuses the history that a
mirror begins with: how far that is, only the node knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.reads.levels import MirrorMissing
from indexer.store import checkpoints, contracts, fold_versions, late

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import Kind, MirrorId


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A contract whose history is being filled in.

    Attributes:
        start_block: The block that it was created in.
        next_block: The first one whose logs are not there.
        of: The last one that is final.
    """

    kind: Kind
    start_block: int
    next_block: int
    of: int

    @property
    def block(self) -> int:
        """The block that it has come to."""
        return max(0, self.next_block - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folding:
    """Tables that are being folded again, or will be when an indexer starts.

    Attributes:
        next_block: The first block that they lack.
        of: The mirror's head.
    """

    folds: tuple[str, ...]
    next_block: int
    of: int

    @property
    def block(self) -> int:
        """The block that they have come to."""
        return max(0, self.next_block - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """What a mirror still lacks.

    Attributes:
        indexes: Names of those that are not there, or are being built.
    """

    filling: tuple[Filling, ...]
    folding: Folding | None
    indexes: tuple[str, ...]


def unfinished(connection: Connection, mirror: MirrorId) -> Unfinished:
    """Say what the mirror lacks. Raises MirrorMissing."""
    checkpoint = checkpoints.load(connection, mirror)
    if checkpoint is None:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)
    found = contracts.load(connection, mirror)
    folds, next_block = fold_versions.unbuilt(connection, mirror)
    return Unfinished(
        filling=tuple(
            Filling(
                kind=kind,
                start_block=one.contract.start_block,
                next_block=one.next_block,
                of=checkpoint.finalized.number,
            )
            for kind, one in sorted(found.items())
            if not one.joined
        ),
        folding=Folding(folds=folds, next_block=next_block, of=checkpoint.head.number)
        if folds
        else None,
        indexes=tuple(sorted(str(index.name) for index in late.absent(connection))),
    )
