"""Mentors: everybody who has created a drop, and what became of their drops.

Owns that read. Refuses names and other words of people: those are in what they publish off-chain.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from indexer.folds.states import DropState
from indexer.reads.levels import At, Level, block_of, last_states
from indexer.store.fold_tables import drop_states
from indexer.store.tables import blocks
from marketplace.domain.drop import DropState as Life

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress

PAGE = 100
"""Mentors in one page, unless the caller asks for another number."""


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor, as of a block.

    Attributes:
        since: Unix seconds of the block in which they created their first drop.
        drops: How many of their drops are in each state that one of them is in.
    """

    account: ChecksumAddress
    since: int
    drops: Mapping[Life, int]


def mentors(
    connection: Connection,
    mirror: MirrorId,
    at: At = Level.LATEST,
    *,
    after: ChecksumAddress | None = None,
    limit: int = PAGE,
) -> tuple[Mentor, ...]:
    """Everybody who had created a drop then, by rising address.

    It looks at every state of every drop of a page's mentors, and at nobody else's.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    column = drop_states.c.mentor
    statement = (
        select(column)
        .filter_by(**mirror.columns)
        .where(drop_states.c.block_number <= block)
        .order_by(column)
        .distinct()
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(column > after)
    return _read(connection, mirror, block, tuple(connection.scalars(statement)))


def mentor(
    connection: Connection, mirror: MirrorId, account: ChecksumAddress, at: At = Level.LATEST
) -> Mentor | None:
    """One of them; None: who had created no drop then. Raises as `mentors`."""
    block = block_of(connection, mirror, at)
    return next(iter(_read(connection, mirror, block, (account,))), None)


def _read(
    connection: Connection, mirror: MirrorId, block: int, accounts: Sequence[ChecksumAddress]
) -> tuple[Mentor, ...]:
    since = _since(connection, mirror, block, accounts)
    drops = _drops(connection, mirror, block, accounts)
    return tuple(Mentor(one, since[one], drops[one]) for one in accounts if one in since)


def _since(
    connection: Connection, mirror: MirrorId, block: int, accounts: Sequence[ChecksumAddress]
) -> dict[ChecksumAddress, int]:
    table = drop_states
    first = (
        select(table.c.mentor, func.min(table.c.block_number).label("number"))
        .filter_by(**mirror.columns)
        .where(table.c.mentor.in_(accounts), table.c.block_number <= block)
        .group_by(table.c.mentor)
        .subquery("first")
    )
    found = connection.execute(
        select(first.c.mentor, blocks.c.timestamp_s).join(
            blocks,
            and_(
                blocks.c.chain_id == mirror.chain_id,
                blocks.c.contract_set == mirror.contract_set,
                blocks.c.number == first.c.number,
            ),
        )
    )
    return {row.mentor: row.timestamp_s for row in found}


def _drops(
    connection: Connection, mirror: MirrorId, block: int, accounts: Sequence[ChecksumAddress]
) -> dict[ChecksumAddress, dict[Life, int]]:
    table = drop_states
    counted = (
        last_states(table, DropState.KEY, mirror, block)
        .where(table.c.mentor.in_(accounts))
        .with_only_columns(table.c.mentor, table.c.state, func.count().label("drops"))
        .group_by(table.c.mentor, table.c.state)
    )
    found: dict[ChecksumAddress, dict[Life, int]] = defaultdict(dict)
    for row in connection.execute(counted):
        found[row.mentor][Life(row.state)] = row.drops
    return found
