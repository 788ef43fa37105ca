"""States and facts between the folds and their tables.

Owns which class lies in which table, the reading of the last state of a thing and the writing of
rows. Refuses updates: a state is never changed, only followed.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, Table, bindparam, delete, exists, select

from indexer.folds import states
from indexer.folds.folding import key_of
from indexer.store import bulk, fold_tables
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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
    states.DelegationState: fold_tables.delegation_states,
    states.Mint: fold_tables.mints,
    states.Sale: fold_tables.sales,
    states.StoredListing: fold_tables.stored_listings,
    states.SpentOffer: fold_tables.spent_offers,
    states.UsedPass: fold_tables.used_passes,
    states.UsedSeat: fold_tables.used_seats,
}
_SEATS: Final = frozenset({"seat", "first_seat"})
_SET: Final = ("chain_id", "contract_set")
_NEVER: Final = 2**63 - 1
"""The number of no block."""


def lacks_platform(connection: Connection, mirror: MirrorId) -> bool:
    """Whether a mirror has drops and knows of no platform: its contract's first events are missing.

    Says nothing of tables that are being built.
    """
    drops, platforms = (
        exists().where(*(table.c[name] == value for name, value in mirror.columns.items()))
        for table in (fold_tables.drop_states, fold_tables.platform_states)
    )
    return bool(connection.scalar(select(drops & ~platforms)))


def load_states(
    connection: Connection, mirror: MirrorId, keys: Iterable[Key], *, before: int | None = None
) -> dict[Key, states.State | None]:
    """Read the last state of each thing; None where nothing has happened to it.

    `before` gives the last ones of earlier blocks than that.
    """
    found: dict[Key, states.State | None] = dict.fromkeys(keys)
    wanted: dict[type[states.State], list[tuple[object, ...]]] = {}
    for kind, values in found:
        wanted.setdefault(kind, []).append(values)
    for kind, things in wanted.items():
        last: Iterable[states.State]
        if kind.KEY:
            names = kind.__struct_fields__
            rows = bulk.last_rows(
                connection, TABLES[kind], mirror, kind.KEY, things, names, before=before
            )
            last = _states_of(kind, names, rows)
        else:
            only = connection.execute(
                _ONLY[kind], {**mirror.columns, "before": _NEVER if before is None else before}
            )
            last = [state_of(kind, row) for row in only.mappings()]
        found.update((key_of(state), state) for state in last)
    return found


def insert_rows(connection: Connection, mirror: MirrorId, rows: Iterable[Row]) -> None:
    """Append rows; a row that is there already is an error of the database's."""
    same: dict[type[states.State], list[Row]] = {}
    for row in rows:
        same.setdefault(type(row.state), []).append(row)
    for kind, group in same.items():
        # Of each row the values of its state, turned into a column for each field.
        own = zip(*map(_VALUES[kind], [row.state for row in group]), strict=True)
        place = zip(*map(_PLACE_OF, group), strict=True)
        bulk.append(connection, TABLES[kind], mirror, [*own, *place])


def delete_above(connection: Connection, mirror: MirrorId, number: int) -> None:
    """Forget every state and fact above a block; -1 forgets all."""
    for table in fold_tables.FOLDED:
        connection.execute(
            delete(table).filter_by(**mirror.columns).where(table.c.block_number > number)
        )


def empty(connection: Connection, mirror: MirrorId, kinds: Iterable[type[states.State]]) -> None:
    """Forget every row of some tables."""
    for kind in kinds:
        connection.execute(delete(TABLES[kind]).filter_by(**mirror.columns))


def state_of(kind: type[states.State], row: Mapping[str, Any] | RowMapping) -> Any:  # noqa: ANN401 - of `kind`, which the caller names
    """Make a state of a row that has its columns."""
    return kind(**{name: convert(row[name]) for name, convert in _FIELDS[kind]})


def _states_of(
    kind: type[states.State], names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> Iterator[states.State]:
    """Make states of rows that have the values of these fields."""
    for row in rows:
        fields = dict(zip(names, row, strict=True))
        for name in _SEATS.intersection(names):
            fields[name] = SeatId(fields[name])
        yield kind(**fields)


def _same(value: Any) -> Any:  # noqa: ANN401 - the column types have made it what it is
    return value


def _only(table: Table) -> Select[Any]:
    """The last state of a thing of which each mirror has one."""
    return (
        select(table)
        .where(*(table.c[name] == bindparam(name) for name in ("chain_id", "contract_set")))
        .where(table.c.block_number < bindparam("before"))
        .order_by(table.c.block_number.desc(), table.c.log_index.desc())
        .limit(1)
    )


_FIELDS: Final[Mapping[type[states.State], tuple[tuple[str, Callable[[Any], Any]], ...]]] = {
    kind: tuple((name, SeatId if name in _SEATS else _same) for name in kind.__struct_fields__)
    for kind in TABLES
}
_ONLY: Final[Mapping[type[states.State], Select[Any]]] = {
    kind: _only(table) for kind, table in TABLES.items() if not kind.KEY
}
_PLACE: Final = ("block_number", "log_index", "block_hash")
_PLACE_OF: Final = attrgetter(*_PLACE)
_VALUES: Final[Mapping[type[states.State], Callable[[Any], tuple[Any, ...]]]] = {
    kind: attrgetter(*(c.name for c in table.columns if c.name not in {*_PLACE, *_SET}))
    for kind, table in TABLES.items()
}
