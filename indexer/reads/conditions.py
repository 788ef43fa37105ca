"""Conditions of statements that are built once and bound anew for each question.

Owns what they have in common: whose rows, which state is the last, now or up to a block, and which
seats are some drops'. Refuses values: those are bound when the statement runs.
`indexer.reads.levels` has the condition for a block that is known when the statement is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, bindparam, column, literal, select, text, tuple_, values

from indexer.store.fold_tables import CHANGES_OWNER, WAS_GIVEN, seat_states
from marketplace.domain.ids import SEATS_PER_DROP
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import CTE, ColumnElement, FromClause, Table

    from marketplace.domain.ids import DropId


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


def came_and_stayed(until: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """Whether with this row of `seat_states` a seat came to whoever has it, now or at a block.

    Only such rows are in the index of owners; then one look gives the seat's last state. So a seat
    that is changed a thousand times without being sold costs no more than another. One that comes
    to its owner twice in its last block has two such rows.
    """
    last = seat_states.alias("last_of_seat")
    same = (last.c[name] == seat_states.c[name] for name in ("chain_id", "contract_set", "seat"))
    until_then = () if until is None else (last.c.block_number <= until,)
    standing = (
        select(last.c.owner, last.c.moved_block)
        .where(*same, *until_then)
        .order_by(last.c.block_number.desc(), last.c.log_index.desc())
        .limit(1)
        .correlate(seat_states)
        .scalar_subquery()
    )
    return and_(
        CHANGED_OWNER,
        # No later block than the last state's, so the bound need not be said here: said, it would
        # lead SQLite to another index.
        tuple_(seat_states.c.owner, seat_states.c.block_number) == standing,
    )


def of_mirror(table: FromClause) -> ColumnElement[bool]:
    """Rows of the bound `chain_id` and `contract_set`."""
    return and_(
        table.c.chain_id == bindparam("chain_id"),
        table.c.contract_set == bindparam("contract_set"),
    )


def places_for(drops: Collection[DropId]) -> int:
    """How many drops a statement is built for that is asked about these: a power of two.

    So that there are a few statements, and not one for each number of drops: databases and drivers
    keep what they have planned.
    """
    return 1 << max(0, len(drops) - 1).bit_length()


def bound_drops(drops: Collection[DropId]) -> dict[str, object]:
    """What is bound to the places of `asked_drops`; those that are left over name no drop."""
    # A driver looks longer at a subclass.
    named = [int(one) for one in sorted(drops)]
    named += [_NO_DROP] * (places_for(drops) - len(named))
    return {place_of(place): one for place, one in enumerate(named)}


def asked_drops(places: int) -> CTE:
    """The bound drops as a table with one column, `drop_id`."""
    bound = [(bindparam(place_of(place), type_=BIG),) for place in range(places)]
    # SQLite names the columns of VALUES in no other way.
    return values(column("drop_id", BIG)).data(bound).cte("asked")


def place_of(place: int) -> str:
    """The name of a bound drop."""
    return f"drop_{place}"


def is_of(seat: ColumnElement[int], drop: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a seat is one of a drop's, as a range in which an index is looked up."""
    first = drop * literal(SEATS_PER_DROP, BIG)
    return and_(seat > first, seat < first + literal(SEATS_PER_DROP, BIG))


CHANGED_OWNER: Final = text(f"seat_states.{CHANGES_OWNER}")
"""Of rows of `seat_states`; in the index's own words, or no database would use it."""

WAS_EVER_GIVEN: Final = text(f"delegation_states.{WAS_GIVEN}")
"""Of rows of `delegation_states`, in the same way."""

_NO_DROP = 0
