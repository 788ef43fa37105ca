"""The checkpoint: where the mirror stands, and the compare-and-swap that moves it.

Owns reading, creating, taking over and moving the one row that everything else is dated by. Refuses
to decide where to: a move that does not find the row as it was read changes nothing and raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, select, update

from indexer.rpc.values import Mark
from indexer.store import fold_versions
from indexer.store.tables import blocks, checkpoints
from marketplace.domain.errors import ChainUnavailable, MirrorInconsistent, typed_error

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from indexer.identity import MirrorId
    from indexer.rpc.values import BlockHeader


# The fence and the generation are compared too: a leader that was paused, and a head that was left
# and came back, both look like the right head. Built once: putting it together takes longer than
# the database does.
_HELD: Final = ("chain_id", "contract_set", "head_number", "head_hash", "generation", "fence")
_MOVE: Final = (
    update(checkpoints)
    .where(*(checkpoints.c[name] == bindparam(f"held_{name}") for name in _HELD))
    .values(
        {
            column.name: bindparam(column.name)
            for column in checkpoints.columns
            if not column.primary_key
        }
    )
)


@typed_error
class CheckpointMoved(ChainUnavailable):
    """The checkpoint is not where it was read: what was done was undone. Read it again."""

    code = "checkpoint_moved"

    expected_number: int

    def _sentence(self) -> str:
        return (
            f"The mirror's head is no longer block {self.expected_number}: another commit came "
            "first. Reading it again."
        )


@typed_error
class FenceLost(MirrorInconsistent):
    """Another indexer has taken this mirror over."""

    code = "fence_lost"

    mine: int
    found: int

    def _sentence(self) -> str:
        return (
            f"Another indexer has taken over (fence {self.found}, this one holds {self.mine}): "
            "this one stops writing, and has written nothing since."
        )


@typed_error
class BatchCollided(MirrorInconsistent):
    """Rows of the batch were there already, though the checkpoint said that they are not."""

    code = "batch_collided"

    head_number: int
    fault: str

    def _sentence(self) -> str:
        return (
            f"The tables hold rows above the mirror's head, block {self.head_number} "
            f"({self.fault}). Nothing was changed. Something else has written to them: rebuild the "
            "mirror in a new database."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Where a mirror stands."""

    genesis_hash: str
    config_hash: str
    head: Mark
    safe: Mark
    finalized: Mark
    generation: int
    fence: int
    next_seq: int


def load(connection: Connection, mirror: MirrorId) -> Checkpoint | None:
    """Read a mirror's checkpoint; None when it was never begun."""
    found = connection.execute(_READING, _set(mirror))
    row = found.mappings().one_or_none()
    return None if row is None else read(row)


def begin(
    connection: Connection, mirror: MirrorId, genesis: BlockHeader, config_hash: str
) -> Checkpoint:
    """Begin a mirror at the chain's genesis, which is final and holds no logs."""
    checkpoint = Checkpoint(
        genesis_hash=genesis.hash,
        config_hash=config_hash,
        head=genesis.mark,
        safe=genesis.mark,
        finalized=genesis.mark,
        generation=0,
        fence=1,
        next_seq=1,
    )
    connection.execute(insert(checkpoints).values(**mirror.columns, **_columns(checkpoint)))
    connection.execute(
        insert(blocks).values(
            **mirror.columns,
            number=genesis.number,
            hash=genesis.hash,
            parent_hash=genesis.parent_hash,
            timestamp_s=genesis.timestamp_s,
        )
    )
    fold_versions.begin(connection, mirror)
    return checkpoint


def take_over(connection: Connection, mirror: MirrorId) -> Checkpoint | None:
    """Raise the fence, so that an indexer that still runs cannot commit any more."""
    connection.execute(
        update(checkpoints).filter_by(**mirror.columns).values(fence=checkpoints.c.fence + 1)
    )
    return load(connection, mirror)


def move(connection: Connection, mirror: MirrorId, before: Checkpoint, after: Checkpoint) -> None:
    """Put the checkpoint from where it was read to where it shall be.

    Raises:
        FenceLost: another indexer has taken over.
        CheckpointMoved: it is not where it was read.
    """
    held = {
        "head_number": before.head.number,
        "head_hash": before.head.hash,
        "generation": before.generation,
        "fence": before.fence,
    }
    values = {
        **{f"held_{name}": value for name, value in (mirror.columns | held).items()},
        **_columns(after),
    }
    if connection.execute(_MOVE, values).rowcount == 1:
        return
    found = load(connection, mirror)
    if found is not None and found.fence != before.fence:
        raise FenceLost(before.fence, found.fence)
    raise CheckpointMoved(before.head.number)


def read(row: RowMapping) -> Checkpoint:
    """Read a row of `checkpoints`."""
    return Checkpoint(
        genesis_hash=row["genesis_hash"],
        config_hash=row["config_hash"],
        head=Mark(row["head_number"], row["head_hash"]),
        safe=Mark(row["safe_number"], row["safe_hash"]),
        finalized=Mark(row["finalized_number"], row["finalized_hash"]),
        generation=row["generation"],
        fence=row["fence"],
        next_seq=row["next_seq"],
    )


def _columns(checkpoint: Checkpoint) -> dict[str, int | str]:
    return {
        "genesis_hash": checkpoint.genesis_hash,
        "config_hash": checkpoint.config_hash,
        "head_number": checkpoint.head.number,
        "head_hash": checkpoint.head.hash,
        "safe_number": checkpoint.safe.number,
        "safe_hash": checkpoint.safe.hash,
        "finalized_number": checkpoint.finalized.number,
        "finalized_hash": checkpoint.finalized.hash,
        "generation": checkpoint.generation,
        "fence": checkpoint.fence,
        "next_seq": checkpoint.next_seq,
    }


def _set(mirror: MirrorId) -> dict[str, int | str]:
    return {"of_chain": mirror.chain_id, "of_set": mirror.contract_set}


# Written once: every block at the head runs these, and to write one takes longer than to run it.
_MINE: Final = (
    checkpoints.c.chain_id == bindparam("of_chain"),
    checkpoints.c.contract_set == bindparam("of_set"),
)
_READING: Final = select(checkpoints).where(*_MINE)
