"""How drops end, as it was at a block.

Owns that read. Refuses the states of drops themselves: those are with their terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import and_, bindparam, select, tuple_

from indexer.folds.states import ClosingState
from indexer.store.fold_tables import closing_states, drop_states
from indexer.store.states import state_of
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from indexer.identity import MirrorId
    from marketplace.domain.ids import DropId


def closings_of(
    connection: Connection, mirror: MirrorId, block: int, drops: Sequence[DropId]
) -> dict[DropId, ClosingState]:
    """The last closing of each drop that has one up to a block."""
    given = {**mirror.columns, "block": block, "drops": drops}
    rows = connection.execute(_LAST, given).mappings()
    found = (cast("ClosingState", state_of(ClosingState, row)) for row in rows)
    return {one.drop_id: one for one in found}


def _last() -> Select[Any]:
    """Select by one look into the index for each drop: every claim adds a state."""
    table, older = closing_states, closing_states.alias("older")
    asked = (
        select(drop_states.c.drop_id)
        .where(*_of_mirror(drop_states))
        .where(drop_states.c.drop_id.in_(bindparam("drops", expanding=True)))
        .distinct()
        .subquery("asked")
    )
    place = (older.c.drop_id, older.c.block_number)
    last = (
        select(older.c.block_number)
        # Compared as one, for the reason that `indexer.reads.drops` gives.
        .where(
            *_of_mirror(older),
            tuple_(*place) <= tuple_(asked.c.drop_id, bindparam("block", type_=BIG)),
        )
        .order_by(*(column.desc() for column in place))
        .limit(1)
        .scalar_subquery()
    )
    found = (
        select(asked.c.drop_id, last.label("block_number")).cte("found").prefix_with("MATERIALIZED")
    )
    same = and_(table.c.drop_id == found.c.drop_id, table.c.block_number == found.c.block_number)
    return (
        select(table)
        .join(found, same)
        .where(*_of_mirror(table), table.c.block_number <= bindparam("block", type_=BIG))
    )


def _of_mirror(table: Any) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - a table or an alias
    return (
        table.c.chain_id == bindparam("chain_id"),
        table.c.contract_set == bindparam("contract_set"),
    )


_LAST: Final[Select[Any]] = _last()
