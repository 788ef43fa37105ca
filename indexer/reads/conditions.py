"""Conditions of statements that are built once and bound anew for each question.

Owns what they have in common: whose rows, and which state is the last, now or up to a block.
Refuses values: those are bound when the statement runs. `indexer.reads.levels` has the condition
for a block that is known when the statement is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select, tuple_

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Table


def latest(table: Table, *key: str, until: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """Whether a row is the last state of its thing, up to a block or to the mirror's head."""
    later = table.alias(f"later_{table.name}")
    same = (later.c[name] == table.c[name] for name in ("chain_id", "contract_set", *key))
    place = tuple_(later.c.block_number, later.c.log_index)
    until_then = () if until is None else (later.c.block_number <= until,)
    last = (
        ~select(later.c.block_number)
        .where(*same, place > tuple_(table.c.block_number, table.c.log_index), *until_then)
        .correlate(table)
        .exists()
    )
    return last if until is None else and_(table.c.block_number <= until, last)


def of_mirror(table: FromClause) -> ColumnElement[bool]:
    """Rows of the bound `chain_id` and `contract_set`."""
    return and_(
        table.c.chain_id == bindparam("chain_id"),
        table.c.contract_set == bindparam("contract_set"),
    )
