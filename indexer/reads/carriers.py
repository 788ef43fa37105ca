"""Drops by the text that their mentor promises in them, and when they were sold.

Owns those reads. Refuses the text: here it is a hash, and whoever has the text compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)

from indexer.reads.drops import drops_named
from indexer.reads.levels import At, Level, block_of
from indexer.store.fold_tables import drop_states, mints
from indexer.store.tables import blocks
from marketplace.domain.ids import MAX_TIER, SEATS_PER_DROP, SEATS_PER_TIER, DropId
from marketplace.storage.columns import BIG, Address, Bytes32

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select

    from indexer.identity import MirrorId
    from indexer.reads.drops import DropTerms
    from marketplace.domain.addresses import ChecksumAddress

MAX_PROMISES: Final = 500
"""Promises in one question: SQLite bounds how many parts a statement has."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody's text: as mentor, and the hash that their drops would carry."""

    mentor: ChecksumAddress
    terms_hash: str


@dataclass(frozen=True, slots=True)
class SoldBetween:
    """When a drop's first and last seats were minted, in Unix seconds; no grant counts."""

    first: int
    last: int


def newest_carriers(
    connection: Connection,
    mirror: MirrorId,
    promises: Sequence[Promise],
    at: At = Level.LATEST,
) -> Mapping[Promise, DropId]:
    """Of each promise the newest drop that carried it then; those that none carried are missing.

    Args:
        connection: Reading the mirror.
        mirror: Which one.
        promises: At most `MAX_PROMISES`.
        at: As of when.

    Raises MirrorMissing, BlockNotMirrored; ValueError where there are more.
    """
    block = block_of(connection, mirror, at)
    if len(promises) > MAX_PROMISES:
        raise ValueError(f"{len(promises)} promises are more than {MAX_PROMISES}")
    if not promises:
        return {}
    return {
        Promise(row.mentor, row.terms_hash): DropId(row.drop_id)
        for row in connection.execute(_newest(mirror, promises, block))
        if row.drop_id is not None
    }


def carriers(
    connection: Connection,
    mirror: MirrorId,
    mentor: ChecksumAddress,
    hashes: Collection[str],
    at: At = Level.LATEST,
    *,
    limit: int,
    first: bool = False,
) -> tuple[DropTerms, ...]:
    """A mentor's drops that carried one of some hashes then, the newest first, or the `first`.

    It looks at every state of all of these drops, and at no other drop's.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    # Not the bare columns: SQLite would walk through all drops by number, or through all of the
    # mentor's by block, rather than look up the hashes.
    column, number = drop_states.c.drop_id + 0, drop_states.c.block_number + 0
    numbers = connection.scalars(
        select(column)
        .filter_by(**mirror.columns, mentor=mentor)
        .where(drop_states.c.terms_hash.in_(hashes), number <= block)
        .distinct()
        .order_by(column if first else column.desc())
        .limit(limit)
    )
    found = drops_named(connection, mirror, tuple(numbers), block)
    return found if first else found[::-1]


def sold_between(
    connection: Connection, mirror: MirrorId, drops: Collection[DropId], at: At = Level.LATEST
) -> Mapping[DropId, SoldBetween]:
    """When each of some drops first and last sold a seat until then; who sold none is missing.

    Numbers of seats rise in their tier, so two looks for each tier are enough.

    Raises MirrorMissing, BlockNotMirrored.
    """
    given = {**mirror.columns, "block": block_of(connection, mirror, at), "drops": list(drops)}
    return {
        DropId(row.drop_id): SoldBetween(row.first_at, row.last_at)
        for row in connection.execute(_SOLD, given)
    }


def _newest(mirror: MirrorId, promises: Sequence[Promise], block: int) -> Select[Any]:
    asked = union_all(
        *(
            select(
                literal(one.mentor, Address).label("mentor"),
                literal(one.terms_hash, Bytes32).label("terms_hash"),
            )
            for one in promises
        )
    ).subquery("asked")
    states = drop_states.alias("states")
    newest = (
        select(states.c.drop_id)
        .filter_by(**mirror.columns)
        .where(
            states.c.mentor == asked.c.mentor,
            states.c.terms_hash == asked.c.terms_hash,
            # Not the bare column: a mentor's drops by block would be walked through instead.
            states.c.block_number + 0 <= block,
        )
        .order_by(states.c.drop_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(asked.c.mentor, asked.c.terms_hash, newest.label("drop_id"))


def _of_mirror(table: Any) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - a table or an alias
    return (
        table.c.chain_id == bindparam("chain_id"),
        table.c.contract_set == bindparam("contract_set"),
    )


def _sold() -> Select[Any]:
    numbers: list[Select[Any]] = [
        select(literal_column(str(number)).label("number")) for number in range(MAX_TIER + 1)
    ]
    tiers = union_all(*numbers).subquery("tiers")
    owners = (
        select(drop_states.c.drop_id)
        .where(*_of_mirror(drop_states))
        .where(drop_states.c.drop_id.in_(bindparam("drops", expanding=True)))
        .distinct()
        .subquery("owners")
    )
    base = owners.c.drop_id * SEATS_PER_DROP + tiers.c.number * SEATS_PER_TIER

    def edge(name: str, *, last: bool) -> ScalarSelect[int]:
        table = mints.alias(name)
        seat = table.c.first_seat
        return (
            select(table.c.block_number)
            .where(*_of_mirror(table), seat > base, seat < base + SEATS_PER_TIER)
            .where(table.c.block_number <= bindparam("block", type_=BIG))
            .order_by(seat.desc() if last else seat)
            .limit(1)
            .scalar_subquery()
        )

    in_tiers = (
        select(
            owners.c.drop_id,
            edge("earliest", last=False).label("first"),
            edge("latest", last=True).label("last"),
        )
        .select_from(owners.join(tiers, true()))
        .cte("in_tiers")
        # Or PostgreSQL looks for each edge again where it is compared.
        .prefix_with("MATERIALIZED")
    )
    in_drops = (
        select(
            in_tiers.c.drop_id,
            func.min(in_tiers.c.first).label("first"),
            func.max(in_tiers.c.last).label("last"),
        )
        .where(in_tiers.c.first.is_not(None))
        .group_by(in_tiers.c.drop_id)
        .subquery("in_drops")
    )
    begun, ended = blocks.alias("begun"), blocks.alias("ended")
    return (
        select(
            in_drops.c.drop_id,
            begun.c.timestamp_s.label("first_at"),
            ended.c.timestamp_s.label("last_at"),
        )
        .join(begun, and_(*_of_mirror(begun), begun.c.number == in_drops.c.first))
        .join(ended, and_(*_of_mirror(ended), ended.c.number == in_drops.c.last))
    )


_SOLD: Final = _sold()
