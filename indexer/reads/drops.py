"""Drops: their terms, tiers, phases and sales so far.

Owns reads of drops. Refuses titles, descriptions and whatever else the mentor tells off-chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from indexer.folds.states import DropState, PhaseState, State, TierState
from indexer.reads.levels import At, Level, block_of, last_states
from indexer.store.states import TABLES, state_of
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

S = TypeVar("S", bound=State)

PAGE = 100
"""Drops in one page, unless the caller asks for another number."""


@dataclass(frozen=True, slots=True)
class DropTerms:
    """A drop with its tiers and phases, as they were at the block that was asked for."""

    drop: DropState
    tiers: tuple[TierState, ...]
    phases: tuple[PhaseState, ...]

    @property
    def escrowed(self) -> Wei:
        """What the drop owes to its live seats."""
        return Wei(sum(tier.escrowed for tier in self.tiers))


def drop_terms(
    connection: Connection, mirror: MirrorId, drop: DropId, at: At = Level.LATEST
) -> DropTerms | None:
    """Read a drop; None when it did not exist then. Raises MirrorMissing, BlockNotMirrored."""
    block = block_of(connection, mirror, at)
    found = _states(connection, mirror, DropState, block, drop_id=drop)
    if not found:
        return None
    return DropTerms(
        drop=found[0],
        tiers=_states(connection, mirror, TierState, block, drop_id=drop),
        phases=_states(connection, mirror, PhaseState, block, drop_id=drop),
    )


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
    return _states(connection, mirror, DropState, block, after=after or 0, limit=limit, **given)


def drops_in_full(
    connection: Connection,
    mirror: MirrorId,
    at: At = Level.LATEST,
    *,
    mentor: ChecksumAddress | None = None,
    after: DropId | None = None,
    limit: int = PAGE,
) -> tuple[DropTerms, ...]:
    """As `drops`, each with its tiers and phases; three statements for a whole page."""
    block = block_of(connection, mirror, at)
    page = drops(connection, mirror, block, mentor=mentor, after=after, limit=limit)
    among = [one.drop_id for one in page]
    tiers = _states(connection, mirror, TierState, block, among=among)
    phases = _states(connection, mirror, PhaseState, block, among=among)
    return tuple(
        DropTerms(
            drop=drop,
            tiers=tuple(one for one in tiers if one.drop_id == drop.drop_id),
            phases=tuple(one for one in phases if one.drop_id == drop.drop_id),
        )
        for drop in page
    )


def _states(
    connection: Connection,
    mirror: MirrorId,
    kind: type[S],
    block: int,
    *,
    among: Sequence[DropId] | None = None,
    after: int = 0,
    limit: int | None = None,
    **given: Any,  # noqa: ANN401 - values of columns, by name
) -> tuple[S, ...]:
    table = TABLES[kind]
    statement = (
        last_states(table, kind.KEY, mirror, block)
        .where(table.c.drop_id > after, *(table.c[name] == given[name] for name in given))
        .order_by(*(table.c[name] for name in kind.KEY))
        .limit(limit)
    )
    if among is not None:
        statement = statement.where(table.c.drop_id.in_(among))
    return tuple(state_of(kind, row) for row in connection.execute(statement).mappings())
