"""Which version of its fold made each table of a mirror, and how far a table is built again.

Owns those rows. Refuses to fold; the order of building is `indexer.sync.rebuilding`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from indexer.folds.versions import version_of
from indexer.store.states import TABLES
from indexer.store.tables import fold_versions
from marketplace.domain.errors import MirrorInconsistent, RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from indexer.folds.states import State
    from indexer.identity import MirrorId


@typed_error
class FoldTooNew(MirrorInconsistent):
    """A table was made by a later version of its fold."""

    code = "fold_too_new"

    fold: str
    found: int
    known: int

    def _sentence(self) -> str:
        return (
            f"The table {self.fold} was folded by version {self.found}, and this program knows "
            f"nothing newer than {self.known}. Run the program that folded it, or a later one."
        )


@typed_error
class FoldsHalfBuilt(RuleViolated):
    """A step down would hand half-built tables to a program that takes every table for whole."""

    code = "folds_half_built"

    contract_set: str

    def _sentence(self) -> str:
        return (
            f"Tables of the mirror {self.contract_set} are being built again, and the program that "
            "this step leads back to would take them for whole. Nothing was changed. Let "
            "`seats index rebuild` finish them first."
        )


@dataclass(frozen=True, slots=True)
class Stale:
    """Tables that are to be built, and the first block that all of them lack."""

    kinds: frozenset[type[State]]
    begun: bool
    next_block: int


def begin(connection: Connection, mirror: MirrorId) -> None:
    """Note that every table of a new mirror is as this program folds it: empty."""
    connection.execute(
        insert(fold_versions),
        [_row(mirror, kind, next_block=0, complete=1) for kind in TABLES],
    )


def forget(connection: Connection, mirror: MirrorId) -> None:
    """Note of no table which fold made it: all are behind then, and will be built again."""
    names = [table.name for table in TABLES.values()]
    connection.execute(
        delete(fold_versions).filter_by(**mirror.columns).where(fold_versions.c.fold.in_(names))
    )


def stale(connection: Connection, mirror: MirrorId) -> Stale | None:
    """Say which tables an older fold made, or were left half built; None: none.

    Raises FoldTooNew.
    """
    rows = connection.execute(select(fold_versions).filter_by(**mirror.columns)).mappings()
    found = {str(row["fold"]): row for row in rows}
    behind: set[type[State]] = set()
    building: set[type[State]] = set()
    next_block = 0
    for kind, table in TABLES.items():
        row, version = found.get(table.name), version_of(kind)
        if row is not None and row["version"] > version:
            raise FoldTooNew(table.name, row["version"], version)
        if row is None or row["version"] < version:
            behind.add(kind)
        elif not row["complete"]:
            building.add(kind)
            next_block = row["next_block"]
    if behind:
        # One that was being built when another was found to be old begins again with it.
        return Stale(frozenset(behind | building), begun=False, next_block=0)
    return Stale(frozenset(building), begun=True, next_block=next_block) if building else None


def unbuilt(connection: Connection, mirror: MirrorId) -> tuple[tuple[str, ...], int]:
    """Name the tables that are not built, and the first block that all of them lack.

    As `stale`, for whoever only looks: one of a later fold is not this program's to build.
    """
    rows = connection.execute(select(fold_versions).filter_by(**mirror.columns)).mappings()
    found = {str(row["fold"]): row for row in rows}
    names: list[str] = []
    next_blocks: list[int] = []
    for kind, table in TABLES.items():
        row = found.get(table.name)
        behind = row is None or row["version"] < version_of(kind)
        if row is None or behind or not row["complete"]:
            names.append(table.name)
            next_blocks.append(0 if row is None or behind else row["next_block"])
    return tuple(sorted(names)), min(next_blocks, default=0)


def reach(
    connection: Connection,
    mirror: MirrorId,
    kinds: Collection[type[State]],
    next_block: int,
    *,
    complete: bool,
) -> None:
    """Note how far these tables are built; they were restarted before."""
    names = [TABLES[kind].name for kind in kinds]
    connection.execute(
        update(fold_versions)
        .filter_by(**mirror.columns)
        .where(fold_versions.c.fold.in_(names))
        .values(next_block=next_block, complete=int(complete))
    )


def restart(connection: Connection, mirror: MirrorId, kinds: Collection[type[State]]) -> None:
    """Note that these tables are this program's from now on, and that nothing is in them."""
    names = [TABLES[kind].name for kind in kinds]
    connection.execute(
        delete(fold_versions).filter_by(**mirror.columns).where(fold_versions.c.fold.in_(names))
    )
    connection.execute(
        insert(fold_versions), [_row(mirror, kind, next_block=0, complete=0) for kind in kinds]
    )


def _row(
    mirror: MirrorId, kind: type[State], *, next_block: int, complete: int
) -> dict[str, object]:
    return {
        **mirror.columns,
        "fold": TABLES[kind].name,
        "version": version_of(kind),
        "next_block": next_block,
        "complete": complete,
    }
