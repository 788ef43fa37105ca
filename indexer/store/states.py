"""States and facts between the folds and their tables.

Owns which class lies in which table, the reading of the last state of a thing and the writing of
rows. Refuses updates: a state is never changed, only followed.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, Table, bindparam, delete, insert, select

from indexer.folds import states
from indexer.store import fold_tables
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection, RowMapping

    from indexer.folds.folding import Key, Row
    from indexer.identity import MirrorId

TABLES: Final[Mapping[type[states.State], Table]] = {
    states.SeatState: fold_tables.seat_states,
    states.DropState: fold_tables.drop_states,
    states.ClosingState: fold_tables.closing_states,
    states.TierState: fold_tables.tier_states,
    states.PhaseState: fold_tables.phase_states,
    states.CounterState: fold_tables.counter_states,
    states.CreditState: fold_tables.credit_states,
    states.PlatformState: fold_tables.platform_states,
    states.CurrencyState: fold_tables.currency_states,
    states.Mint: fold_tables.mints,
    states.Sale: fold_tables.sales,
    states.StoredListing: fold_tables.stored_listings,
    states.SpentOffer: fold_tables.spent_offers,
    states.UsedPass: fold_tables.used_passes,
    states.UsedSeat: fold_tables.used_seats,
}
_SEATS: Final = frozenset({"seat", "first_seat"})


def load_states(
    connection: Connection, mirror: MirrorId, keys: Iterable[Key]
) -> dict[Key, states.State | None]:
    """Read the last state of each thing; None where nothing has happened to it."""
    found: dict[Key, states.State | None] = {}
    for kind, values in keys:
        given = dict(zip(kind.KEY, values, strict=True))
        row = connection.execute(_LAST[kind], {**mirror.columns, **given}).mappings().first()
        found[(kind, values)] = None if row is None else state_of(kind, row)
    return found


def insert_rows(connection: Connection, mirror: MirrorId, rows: Iterable[Row]) -> None:
    """Append rows; a row that is there already is an error of the database's."""

    def kind_of(row: Row) -> str:
        return TABLES[type(row.state)].name

    for _, group in groupby(sorted(rows, key=kind_of), kind_of):
        same = list(group)
        connection.execute(
            insert(TABLES[type(same[0].state)]), [_columns(mirror, row) for row in same]
        )


def delete_above(connection: Connection, mirror: MirrorId, number: int) -> None:
    """Forget every state and fact above a block; -1 forgets all."""
    for table in fold_tables.FOLDED:
        connection.execute(
            delete(table).filter_by(**mirror.columns).where(table.c.block_number > number)
        )


def state_of(kind: type[states.State], row: RowMapping) -> Any:  # noqa: ANN401 - of `kind`, which the caller names
    """Make a state of a row that has its columns."""
    return kind(**{name: convert(row[name]) for name, convert in _FIELDS[kind]})


def _columns(mirror: MirrorId, row: Row) -> dict[str, object]:
    given: dict[str, object] = {
        **mirror.columns,
        "block_number": row.block_number,
        "log_index": row.log_index,
        "block_hash": row.block_hash,
    }
    for name, _ in _FIELDS[type(row.state)]:
        given[name] = getattr(row.state, name)
    return given


def _same(value: Any) -> Any:  # noqa: ANN401 - the column types have made it what it is
    return value


def _last(kind: type[states.State]) -> Select[Any]:
    table = TABLES[kind]
    named = ("chain_id", "contract_set", *kind.KEY)
    return (
        select(table)
        .where(*(table.c[name] == bindparam(name) for name in named))
        .order_by(table.c.block_number.desc(), table.c.log_index.desc())
        .limit(1)
    )


_FIELDS: Final[Mapping[type[states.State], tuple[tuple[str, Callable[[Any], Any]], ...]]] = {
    kind: tuple((field.name, SeatId if field.name in _SEATS else _same) for field in fields(kind))
    for kind in TABLES
}
_LAST: Final[Mapping[type[states.State], Select[Any]]] = {kind: _last(kind) for kind in TABLES}
