"""Everything that the gate asks the mirror, in one statement.

Owns that statement. Refuses the decision: an answer here has no opinion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, select, tuple_

from indexer.folds.states import DropState
from indexer.reads.levels import Level, MirrorMissing, Moment, number_column, of_level, same_mirror
from indexer.reads.seats import Seat, seat_of
from indexer.rpc.values import Mark
from indexer.store.fold_tables import drop_states, seat_states
from indexer.store.states import state_of
from indexer.store.tables import blocks, checkpoints
from marketplace.domain.ids import SEATS_PER_DROP

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select, Table

    from indexer.identity import MirrorId
    from marketplace.domain.ids import SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """What is known of a seat at a level, all of one moment.

    Attributes:
        level: The level that seat and drop are of.
        at: That level's block; the answer rests on it.
        head: The mirror's head with its time, to measure lag by.
        seat: None when it was never minted up to then.
        drop: None when there was no such drop.
    """

    level: Level
    at: Mark
    head: Moment
    safe: Mark
    finalized: Mark
    generation: int
    seat: Seat | None
    drop: DropState | None


def gate_facts(
    connection: Connection, mirror: MirrorId, seat_id: SeatId, level: Level = Level.LATEST
) -> GateFacts:
    """Read a seat, its drop and the mirror's levels in one statement. Raises MirrorMissing."""
    given = {**mirror.columns, "seat": seat_id, "drop_id": seat_id // SEATS_PER_DROP}
    row = connection.execute(_statement(level), given).mappings().one_or_none()
    if row is None:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)
    marks = {
        name: Mark(row[f"{name}_number"], row[f"{name}_hash"])
        for name in ("head", "safe", "finalized")
    }
    seat = _part(row, "seat_states")
    drop = _part(row, "drop_states")
    return GateFacts(
        level=level,
        at=marks["head" if level is Level.LATEST else level.value],
        head=Moment(row["head_number"], row["head_hash"], row["timestamp_s"]),
        safe=marks["safe"],
        finalized=marks["finalized"],
        generation=row["generation"],
        seat=None if seat["seat"] is None else seat_of(seat),
        drop=None if drop["drop_id"] is None else cast("DropState", state_of(DropState, drop)),
    )


def _part(row: Any, table: str) -> Any:  # noqa: ANN401 - a mapping of columns, as a row is
    prefix = f"{table}."
    return {name[len(prefix) :]: value for name, value in row.items() if name.startswith(prefix)}


@cache
def _statement(level: Level) -> Select[Any]:
    # Built once for each level: compiling takes longer than running it.
    return (
        select(checkpoints, blocks.c.timestamp_s, *_labelled(seat_states), *_labelled(drop_states))
        .select_from(checkpoints)
        .join(blocks, of_level(blocks, Level.LATEST))
        .outerjoin(seat_states, _is_last(seat_states, "seat", level))
        .outerjoin(drop_states, _is_last(drop_states, "drop_id", level))
        .where(
            checkpoints.c.chain_id == bindparam("chain_id"),
            checkpoints.c.contract_set == bindparam("contract_set"),
        )
    )


def _labelled(table: Table) -> list[ColumnElement[Any]]:
    return [column.label(f"{table.name}.{column.name}") for column in table.columns]


def _is_last(table: Table, key: str, level: Level) -> ColumnElement[bool]:
    older = table.alias(f"{table.name}_up_to")
    last = (
        select(older.c.block_number, older.c.log_index)
        .where(
            same_mirror(older),
            older.c[key] == bindparam(key),
            older.c.block_number <= number_column(level),
        )
        .order_by(older.c.block_number.desc(), older.c.log_index.desc())
        .limit(1)
        .correlate(checkpoints)
    )
    place = tuple_(table.c.block_number, table.c.log_index)
    return same_mirror(table) & (table.c[key] == bindparam(key)) & (place == last.scalar_subquery())
