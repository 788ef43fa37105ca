"""Whole tables as they were after a block, row by row.

Owns which tables there are by name, and their rows at a block. Refuses a table of what is not
known, which would look as if there were nothing, and forms of files: whoever wants one writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from indexer.folds import states
from indexer.identity import Kind
from indexer.reads.delegations import require_known
from indexer.reads.levels import last_states
from indexer.store import contracts
from indexer.store.states import TABLES
from indexer.store.tables import events
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Select, Table

    from indexer.identity import MirrorId

_DELEGATIONS: Final = "delegations"
_KINDS: Final[Mapping[str, type[states.State]]] = {
    "seats": states.SeatState,
    "drops": states.DropState,
    "closings": states.ClosingState,
    "tiers": states.TierState,
    "phases": states.PhaseState,
    "counters": states.CounterState,
    "credits": states.CreditState,
    "platform": states.PlatformState,
    "currencies": states.CurrencyState,
    _DELEGATIONS: states.DelegationState,
    "mints": states.Mint,
    "sales": states.Sale,
    "listings": states.StoredListing,
    "offers": states.SpentOffer,
    "passes": states.UsedPass,
    "spent_seats": states.UsedSeat,
}

NAMES: Final = ("events", *_KINDS)
"""Every table that can be taken whole, where the mirror has it."""

_OF_THE_MIRROR: Final = frozenset({"chain_id", "contract_set"})
_AT_ONCE: Final = 1_000


def columns_of(name: str) -> dict[str, type[int | str]]:
    """The columns of a table in order, and whether their values are numbers or text.

    Amounts are text, since they reach beyond 64 bits; so are addresses, hashes and bytes (0x…).
    """
    return {
        column.name: int if isinstance(column.type, type(BIG)) else str
        for column in _table(name).columns
        if column.name not in _OF_THE_MIRROR
    }


def names_of(connection: Connection, mirror: MirrorId) -> tuple[str, ...]:
    """The tables that a mirror has: that of delegations where it follows a registry."""
    follows = Kind.DELEGATIONS in contracts.load(connection, mirror)
    return tuple(name for name in NAMES if follows or name != _DELEGATIONS)


def require_whole(connection: Connection, mirror: MirrorId, name: str, block: int) -> None:
    """Return when a table's rows are known up to a block.

    Raises DelegationsUnknown, DelegationsIncomplete.
    """
    if name == _DELEGATIONS:
        require_known(connection, mirror, block)


def count_of(connection: Connection, mirror: MirrorId, name: str, block: int) -> int:
    """How many rows `rows_of` gives."""
    table, key = _table(name), _key(name)
    rows = select(table).filter_by(**mirror.columns).where(table.c.block_number <= block)
    if key:
        # Each thing has one last state.
        rows = rows.with_only_columns(*(table.c[one] for one in key)).distinct()
    found = int(connection.scalar(select(func.count()).select_from(rows.subquery())) or 0)
    return min(found, 1) if key == () else found


def rows_of(
    connection: Connection, mirror: MirrorId, name: str, block: int
) -> Iterator[tuple[int | str, ...]]:
    """The rows as they were after a block: every event or fact, or the last state of each thing.

    In the order of things, or of the chain; read from the database as they are taken.
    """
    kinds = tuple(columns_of(name).values())
    statement = _statement(mirror, name, block)
    for row in connection.execute(statement, execution_options={"yield_per": _AT_ONCE}):
        yield tuple(
            value if kind is int else _text(value) for kind, value in zip(kinds, row, strict=True)
        )


def _text(value: object) -> str:
    return f"0x{bytes(value).hex()}" if isinstance(value, bytes | memoryview) else str(value)


def _statement(mirror: MirrorId, name: str, block: int) -> Select[Any]:
    table, key = _table(name), _key(name)
    if key is not None:
        statement = last_states(table, key, mirror, block)
        order: Sequence[str] = key
    else:
        statement = select(table).filter_by(**mirror.columns).where(table.c.block_number <= block)
        order = ("block_number", "log_index")
    return statement.with_only_columns(*(table.c[one] for one in columns_of(name))).order_by(
        *(table.c[one] for one in order)
    )


def _table(name: str) -> Table:
    return events if name == "events" else TABLES[_KINDS[name]]


def _key(name: str) -> tuple[str, ...] | None:
    """What names a thing whose states the table holds; None where it holds events or facts."""
    kind = _KINDS.get(name)
    if kind is None or issubclass(kind, states.Fact):
        return None
    return kind.KEY
