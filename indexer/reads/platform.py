"""The platform: treasury, fee, owner, guardian, and the currencies that drops may be paid in.

Owns those reads. Refuses what a currency calls itself: that is asked of the currency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from indexer.folds.states import CurrencyState, PlatformState
from indexer.reads.levels import At, Level, block_of, last_states
from indexer.store.fold_tables import currency_states, platform_states
from indexer.store.states import state_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from indexer.identity import MirrorId


def platform(
    connection: Connection, mirror: MirrorId, at: At = Level.LATEST
) -> PlatformState | None:
    """The platform; None before the contract. Raises MirrorMissing, BlockNotMirrored."""
    row = (
        connection.execute(
            select(platform_states)
            .filter_by(**mirror.columns)
            .where(platform_states.c.block_number <= block_of(connection, mirror, at))
            .order_by(platform_states.c.block_number.desc(), platform_states.c.log_index.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else cast("PlatformState", state_of(PlatformState, row))


def currencies(
    connection: Connection,
    mirror: MirrorId,
    at: At = Level.LATEST,
    *,
    indexes: Collection[int] | None = None,
) -> tuple[CurrencyState, ...]:
    """Every ERC-20 that drops name by an index, or some of them; ETH, which is 0, is none.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    statement = last_states(currency_states, CurrencyState.KEY, mirror, block)
    if indexes is not None:
        statement = statement.where(currency_states.c.currency_index.in_(indexes))
    rows = connection.execute(statement.order_by(currency_states.c.currency_index)).mappings()
    return tuple(cast("CurrencyState", state_of(CurrencyState, row)) for row in rows)
