"""Where the mirror stands, and which block a question means.

Owns levels, the mirror's status and the condition that picks the last state up to a block. Refuses
answers out of tables that are being folded again: what is not in them yet is not known, and must
not look as if it did not exist. Refuses clocks: lag in seconds needs one, so the caller subtracts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import and_, bindparam, select, tuple_

from indexer.identity import Kind
from indexer.rpc.values import Mark
from indexer.store.fold_tables import outbox_origins
from indexer.store.tables import (
    blocks,
    checkpoints,
    events,
    fold_versions,
    heartbeats,
    mirrored_contracts,
)
from marketplace.domain.errors import ChainUnavailable, RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress


@typed_error
class MirrorMissing(ChainUnavailable):
    """The database holds no mirror of this chain and contract set yet."""

    code = "mirror_missing"

    chain_id: int
    contract_set: str

    def _sentence(self) -> str:
        return (
            f"There is no mirror of {self.contract_set} on chain {self.chain_id} in this database "
            "yet: start the indexer (python -m indexer run), then try again."
        )


@typed_error
class MirrorIncomplete(MirrorMissing):
    """What the ledger adds up to is being folded again: there is no whole mirror just now."""

    code = "mirror_incomplete"

    def _sentence(self) -> str:
        return (
            f"The mirror of {self.contract_set} on chain {self.chain_id} is being built again from "
            "its ledger. Try again; if nothing works on it, `seats index rebuild` or an indexer "
            "that is started goes on where it was."
        )


@typed_error
class BlockNotMirrored(RuleViolated):
    """A block was asked for that the mirror has not reached."""

    code = "block_not_mirrored"

    number: int
    head: int

    def _sentence(self) -> str:
        return (
            f"Block {self.number} is not mirrored: the mirror's head is block {self.head}. "
            "Ask for an earlier block, or later."
        )


@unique
class Level(StrEnum):
    """How certain an answer must be, as the node says it of its blocks."""

    LATEST = "latest"
    SAFE = "safe"
    FINALIZED = "finalized"


At: TypeAlias = Level | int
"""A level, or the number of a mirrored block."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A block with its time."""

    number: int
    hash: str
    timestamp_s: int

    @property
    def mark(self) -> Mark:
        """The block by number and hash."""
        return Mark(self.number, self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorStatus:
    """Where the mirror stands.

    Attributes:
        generation: One more at each rollback.
        next_seq: The number that the next outbox message will have.
        live: Whether history has been mirrored and the outbox has begun; before that, a consumer
            has nothing to begin with.
        level_at: The Unix second, by the indexer's clock, at which the mirror last was level with
            its node: how current it is, whatever the age of its head. None: it is not level,
            because history or the end of a new branch is still being mirrored.
    """

    head: Moment
    safe: Moment
    finalized: Moment
    genesis_hash: str
    generation: int
    next_seq: int
    live: bool
    level_at: int | None

    def at(self, level: Level) -> Moment:
        """The block of a level."""
        return {Level.LATEST: self.head, Level.SAFE: self.safe, Level.FINALIZED: self.finalized}[
            level
        ]


def mirror_status(connection: Connection, mirror: MirrorId) -> MirrorStatus:
    """Say where the mirror stands. Raises MirrorMissing."""
    row = connection.execute(_STATUS, mirror.columns).mappings().one_or_none()
    if row is None:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)

    def moment(level: Level, name: str) -> Moment:
        return Moment(row[f"{name}_number"], row[f"{name}_hash"], row[level.value])

    return MirrorStatus(
        head=moment(Level.LATEST, "head"),
        safe=moment(Level.SAFE, "safe"),
        finalized=moment(Level.FINALIZED, "finalized"),
        genesis_hash=row["genesis_hash"],
        generation=row["generation"],
        next_seq=row["next_seq"],
        live=row["origin"] is not None,
        level_at=row["level_at"],
    )


def mirrored_contract(connection: Connection, mirror: MirrorId) -> ChecksumAddress | None:
    """The contract of the seats that the mirror holds; None while that is not known.

    One that an older program began notes it when it is followed again; until then, it is the
    contract of its first event.
    """
    noted: ChecksumAddress | None = connection.scalar(
        select(mirrored_contracts.c.address).filter_by(**mirror.columns, kind=Kind.SEATS.value)
    )
    if noted is not None:
        return noted
    found: ChecksumAddress | None = connection.scalar(
        select(events.c.address)
        .filter_by(**mirror.columns)
        .order_by(events.c.block_number, events.c.log_index)
        .limit(1)
    )
    return found


def number_column(level: Level) -> ColumnElement[int]:
    """The column of `checkpoints` that holds the number of a level's block."""
    name = "head" if level is Level.LATEST else level.value
    column: ColumnElement[int] = checkpoints.c[f"{name}_number"]
    return column


def of_level(table: Any, level: Level) -> ColumnElement[bool]:  # noqa: ANN401 - `blocks` or an alias of it
    """Join the block of a level."""
    return and_(same_mirror(table), table.c.number == number_column(level))


def same_mirror(table: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any of the mirror's tables or an alias
    """Join rows of the checkpoint's mirror."""
    return and_(
        table.c.chain_id == checkpoints.c.chain_id,
        table.c.contract_set == checkpoints.c.contract_set,
    )


def block_of(connection: Connection, mirror: MirrorId, at: At) -> int:
    """The number of the last block that a question means.

    Raises:
        MirrorMissing: there is no mirror.
        MirrorIncomplete: it is being built again.
        BlockNotMirrored: a number above the mirror's head.
    """
    wanted = at if isinstance(at, Level) else Level.LATEST
    row = connection.execute(_NUMBER_OF[wanted], mirror.columns).one_or_none()
    if row is None:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)
    if row.building is not None:
        raise MirrorIncomplete(mirror.chain_id, mirror.contract_set)
    found = row.number
    if isinstance(at, Level):
        return int(found)
    require_mirrored(at, int(found))
    return at


def require_mirrored(number: int, head: int) -> None:
    """Return where the mirror has a block, by its head's number; else raise BlockNotMirrored."""
    if not 0 <= number <= head:
        raise BlockNotMirrored(number, head)


def kept_block(connection: Connection, mirror: MirrorId, number: int) -> Moment | None:
    """A block with its hash and time; None where the mirror keeps neither.

    Every block is kept until it is final, and then those in which an event was.
    """
    row = connection.execute(
        select(blocks.c.hash, blocks.c.timestamp_s).filter_by(**mirror.columns, number=number)
    ).one_or_none()
    return None if row is None else Moment(number, row.hash, row.timestamp_s)


def last_states(table: Any, key: tuple[str, ...], mirror: MirrorId, block: int) -> Select[Any]:  # noqa: ANN401 - a table of states
    """Select the last state up to a block of every thing in a table; narrow it by `where`.

    Looks each state's thing up in the index, so it takes as long as the things have states.
    """
    older = table.alias("older")
    last = (
        select(older.c.block_number, older.c.log_index)
        .where(
            *(older.c[name] == table.c[name] for name in ("chain_id", "contract_set", *key)),
            older.c.block_number <= block,
        )
        .order_by(older.c.block_number.desc(), older.c.log_index.desc())
        .limit(1)
        .scalar_subquery()
    )
    place = tuple_(table.c.block_number, table.c.log_index)
    return (
        select(table)
        .filter_by(**mirror.columns)
        .where(table.c.block_number <= block, place == last)
    )


BUILDING: Final = (
    select(fold_versions.c.fold)
    .where(same_mirror(fold_versions), fold_versions.c.complete == 0)
    .limit(1)
    .scalar_subquery()
)
"""A table of the checkpoint's mirror that is half built, or nothing. One of the version before is
whole, however old; it is answered from."""

# Written once: every answer asks these, and to write one takes longer than its answer.
_OF_MIRROR: Final = (
    checkpoints.c.chain_id == bindparam("chain_id"),
    checkpoints.c.contract_set == bindparam("contract_set"),
)
_NUMBER_OF: Final[Mapping[Level, Select[Any]]] = {
    level: select(number_column(level).label("number"), BUILDING.label("building")).where(
        *_OF_MIRROR
    )
    for level in Level
}


def _status() -> Select[Any]:
    """The checkpoint of a mirror with the times of its levels, its origin and its last beat."""
    times = {level: blocks.alias(level.value) for level in Level}
    joined: FromClause = checkpoints
    for level, table in times.items():
        joined = joined.join(table, of_level(table, level))
    for table in (outbox_origins, heartbeats):
        joined = joined.outerjoin(table, same_mirror(table))
    columns = [table.c.timestamp_s.label(level.value) for level, table in times.items()]
    columns.append(outbox_origins.c.block_number.label("origin"))
    return (
        select(checkpoints, *columns, heartbeats.c.level_at).select_from(joined).where(*_OF_MIRROR)
    )


_STATUS: Final = _status()
