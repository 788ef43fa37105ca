"""Drops: their terms, tiers, phases and sales so far, and how they end.

Owns reads of drops. Refuses titles, descriptions and whatever else the mentor tells off-chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from sqlalchemy import and_, bindparam, literal_column, select, true, tuple_, union_all

from indexer.folds.states import ClosingState, DropState, PhaseState, TierState
from indexer.reads.closings import closings_of
from indexer.reads.levels import At, Level, block_of, last_states
from indexer.reads.platform import currencies
from indexer.store.fold_tables import drop_states
from indexer.store.states import TABLES, state_of
from marketplace.domain.addresses import ETH
from marketplace.domain.bounds import MAX_PHASES
from marketplace.domain.drop import DropState as Life
from marketplace.domain.ids import MAX_TIER
from marketplace.domain.money import NO_MONEY, Wei
from marketplace.storage.columns import BIG
from marketplace.storage.single import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Select

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

P = TypeVar("P", TierState, PhaseState)

PAGE = 100
"""Drops in one page, unless the caller asks for another number."""


@dataclass(frozen=True, slots=True)
class DropTerms:
    """A drop with its tiers and phases, as they were at the block that was asked for.

    Attributes:
        closing: How it ends; None while it was neither asserted nor ended.
        currency: What its seats are paid in; the zero address: ETH.
    """

    drop: DropState
    tiers: tuple[TierState, ...]
    phases: tuple[PhaseState, ...]
    closing: ClosingState | None = None
    currency: ChecksumAddress = ETH

    @property
    def escrowed(self) -> Wei:
        """E: what the drop owes its seats, the faces of all living ones until it ends."""
        if self.drop.state in (Life.LIVE, Life.ASSERTED):
            return Wei(sum(tier.escrowed for tier in self.tiers))
        return NO_MONEY if self.closing is None else self.closing.owed


def drop_terms(
    connection: Connection, mirror: MirrorId, drop: DropId, at: At = Level.LATEST
) -> DropTerms | None:
    """Read a drop; None when it did not exist then. Raises MirrorMissing, BlockNotMirrored."""
    block = block_of(connection, mirror, at)
    found = _drops(connection, mirror, block, drop_id=drop)
    return next(iter(_in_full(connection, mirror, block, found)), None)


def drops_at(
    connection: Connection, mirror: MirrorId, numbers: Sequence[DropId], at: At = Level.LATEST
) -> tuple[DropState, ...]:
    """As `drops_named`, without tiers and phases."""
    block = block_of(connection, mirror, at)
    found = (
        last_states(drop_states, DropState.KEY, mirror, block)
        .where(drop_states.c.drop_id.in_(numbers))
        .order_by(drop_states.c.drop_id)
    )
    rows = connection.execute(found).mappings()
    return tuple(cast("DropState", state_of(DropState, row)) for row in rows)


def drop_place(engine: Engine, mirror: MirrorId, drop: DropId) -> tuple[int, int, str] | None:
    """Where the last state of a drop stands: block number, place in it, block hash; None: nowhere.

    While it is the same, so is the drop with all its terms; a cap may have been lowered. It takes
    the engine: a single question, to ask whether what was read before still holds. Of the newest
    state alone, and so of no level: whether an earlier one has changed need not be asked.

    Raises WouldWaitError where the work under way must not wait, and this would.
    """
    rows = rows_of(engine, _PLACE, {**mirror.columns, "drop_id": int(drop)})
    return next(((number, index, block_hash) for number, index, block_hash in rows), None)


def drops(
    connection: Connection,
    mirror: MirrorId,
    at: At = Level.LATEST,
    *,
    mentor: ChecksumAddress | None = None,
    after: DropId | None = None,
    limit: int = PAGE,
) -> tuple[DropState, ...]:
    """The drops that existed then, of one mentor or of all, by rising id.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    given: dict[str, Any] = {} if mentor is None else {"mentor": mentor}
    return _drops(connection, mirror, block, after=after or 0, limit=limit, **given)


def drops_in_full(
    connection: Connection,
    mirror: MirrorId,
    at: At = Level.LATEST,
    *,
    mentor: ChecksumAddress | None = None,
    after: DropId | None = None,
    limit: int = PAGE,
) -> tuple[DropTerms, ...]:
    """As `drops`, each with its tiers and phases; five statements for a whole page."""
    block = block_of(connection, mirror, at)
    page = drops(connection, mirror, block, mentor=mentor, after=after, limit=limit)
    return _in_full(connection, mirror, block, page)


def drops_named(
    connection: Connection, mirror: MirrorId, numbers: Sequence[DropId], at: At = Level.LATEST
) -> tuple[DropTerms, ...]:
    """As `drops_in_full`, some by their numbers; those that did not exist then are missing."""
    block = block_of(connection, mirror, at)
    if not numbers:
        return ()
    page = drops_at(connection, mirror, numbers, block)
    return _in_full(connection, mirror, block, page)


def _in_full(
    connection: Connection, mirror: MirrorId, block: int, found: Sequence[DropState]
) -> tuple[DropTerms, ...]:
    numbers = [one.drop_id for one in found]
    tiers = _parts(connection, mirror, TierState, block, numbers)
    phases = _parts(connection, mirror, PhaseState, block, numbers)
    closings = closings_of(connection, mirror, block, numbers)
    named = {one.currency_index for one in found} - {0}
    paid_in = {
        one.currency_index: one.currency
        for one in (currencies(connection, mirror, block, indexes=named) if named else ())
    }
    return tuple(
        DropTerms(
            drop=drop,
            tiers=tuple(one for one in tiers if one.drop_id == drop.drop_id),
            phases=tuple(one for one in phases if one.drop_id == drop.drop_id),
            closing=closings.get(drop.drop_id),
            currency=paid_in[drop.currency_index] if drop.currency_index else ETH,
        )
        for drop in found
    )


def _drops(
    connection: Connection,
    mirror: MirrorId,
    block: int,
    *,
    after: int = 0,
    limit: int | None = None,
    **given: Any,  # noqa: ANN401 - values of columns, by name
) -> tuple[DropState, ...]:
    table = drop_states
    # Of one mentor, not the bare column, for the reason that `indexer.reads.seats` gives.
    number = table.c.drop_id + 0 if "mentor" in given else table.c.drop_id
    statement = (
        last_states(table, DropState.KEY, mirror, block)
        .where(number > after, *(table.c[name] == given[name] for name in given))
        .order_by(number)
        .limit(limit)
    )
    rows = connection.execute(statement).mappings()
    return tuple(cast("DropState", state_of(DropState, row)) for row in rows)


def _parts(
    connection: Connection, mirror: MirrorId, kind: type[P], block: int, found: Sequence[DropId]
) -> tuple[P, ...]:
    given = {**mirror.columns, "block": block, "drops": found}
    rows = connection.execute(_LAST_PARTS[kind], given).mappings()
    return tuple(state_of(kind, row) for row in rows)


def _last_parts(kind: type[TierState | PhaseState], most: int) -> Select[Any]:
    """Select the last states of some drops' tiers or phases.

    Every sale adds a state, so they are not sifted: one look into the index finds the last of each
    place that a drop can have.
    """
    table, name = TABLES[kind], kind.KEY[1]
    numbers: list[Select[Any]] = [
        select(literal_column(str(number)).label("number")) for number in range(most)
    ]
    places = union_all(*numbers).subquery("places")
    owners = (
        select(drop_states.c.drop_id)
        .where(*_of_mirror(drop_states))
        .where(drop_states.c.drop_id.in_(bindparam("drops", expanding=True)))
        .distinct()
        .subquery("owners")
    )
    older = table.alias("older")
    place = (older.c.drop_id, older.c[name], older.c.block_number)
    last = (
        select(older.c.block_number)
        # Compared as one: an index on blocks alone cannot give this order, and would be read
        # backwards through every other drop's sales. Where the place has no state up to the
        # block, another place's is found, and the join below drops it.
        .where(
            *_of_mirror(older),
            tuple_(*place)
            <= tuple_(owners.c.drop_id, places.c.number, bindparam("block", type_=BIG)),
        )
        .order_by(*(column.desc() for column in place))
        .limit(1)
        .scalar_subquery()
    )
    found = (
        select(owners.c.drop_id, places.c.number, last.label("block_number"))
        .select_from(owners.join(places, true()))
        .cte("found")
        # Or PostgreSQL asks for the last block once more for every state that it looks at.
        .prefix_with("MATERIALIZED")
    )
    return (
        select(table)
        .join(
            found,
            and_(
                table.c.drop_id == found.c.drop_id,
                table.c[name] == found.c.number,
                table.c.block_number == found.c.block_number,
            ),
        )
        .where(*_of_mirror(table), table.c.block_number <= bindparam("block", type_=BIG))
        .order_by(table.c.drop_id, table.c[name])
    )


def _of_mirror(table: Any) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - a table or an alias
    return (
        table.c.chain_id == bindparam("chain_id"),
        table.c.contract_set == bindparam("contract_set"),
    )


_LAST_PARTS: Final[Mapping[type, Select[Any]]] = {
    TierState: _last_parts(TierState, MAX_TIER + 1),
    PhaseState: _last_parts(PhaseState, MAX_PHASES),
}

_LAST_FIRST: Final = (drop_states.c.block_number.desc(), drop_states.c.log_index.desc())
_PLACE: Final = (
    select(drop_states.c.block_number, drop_states.c.log_index, drop_states.c.block_hash)
    .where(*_of_mirror(drop_states), drop_states.c.drop_id == bindparam("drop_id", type_=BIG))
    .order_by(*_LAST_FIRST)
    .limit(1)
)
