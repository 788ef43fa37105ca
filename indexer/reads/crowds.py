"""Everything that the gate asks the mirror about many accounts at once, all of one moment.

Owns a few statements, however many accounts there are; of those that were delegated something some
more, which name hundreds of delegations each. Refuses the decision, and any time but
now: what was so about one account then, `indexer.reads.facts` tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, literal, select

from indexer.reads.conditions import (
    asked_drops,
    bound_drops,
    came_and_stayed,
    is_of,
    of_mirror,
    places_for,
)
from indexer.reads.delegated import DelegatedSeat, delegated_seats, history_missing
from indexer.reads.facts import GateFacts, SeatFact, gate_facts
from indexer.store.fold_tables import seat_states
from indexer.store.tables import checkpoints
from marketplace.domain.ids import SEATS_PER_TIER, SeatId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection, Select

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


@dataclass(frozen=True, slots=True)
class CrowdFacts:
    """What is known of some drops and of many accounts' seats of them.

    Attributes:
        facts: Of nobody: the levels and the drops, whose seats are not in it.
        seats: As of `GateFacts`, of each account and tier the one that it had owned longest.
        delegated: As of `GateFacts`, by the account that may act; who may for nobody is missing.
    """

    facts: GateFacts
    seats: tuple[SeatFact, ...]
    delegated: Mapping[ChecksumAddress, tuple[DelegatedSeat, ...]]


def crowd_facts(
    connection: Connection,
    mirror: MirrorId,
    accounts: Collection[ChecksumAddress],
    drops: Collection[DropId],
    rights: str | None = None,
) -> CrowdFacts:
    """Read the mirror's levels, some drops and many accounts' seats of them, at the head.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        accounts: Whose seats; the caller bounds them, as each is a parameter of two statements.
        drops: At least one.
        rights: As of `gate_facts`.

    Raises:
        MirrorMissing: there is no mirror.
        MirrorIncomplete: it is being built again.
        RightsTooLong: the name has more than 32 bytes.
    """
    facts = gate_facts(connection, mirror, None, drops)
    given: dict[str, object] = {**mirror.columns, "accounts": sorted(accounts)}
    missing = bool(connection.scalar(_missing(), given))
    facts = replace(facts, delegations_missing=missing)
    if not accounts:
        return CrowdFacts(facts, (), {})
    rows = connection.execute(_held(places_for(drops)), given | bound_drops(drops))
    seats = tuple(SeatFact(SeatId(row.seat), row.owner, row.moved_block) for row in rows)
    if rights is None or missing:
        # What is half read is not told: what of it was taken back since is not known.
        return CrowdFacts(facts, seats, {})
    return CrowdFacts(facts, seats, delegated_seats(connection, mirror, accounts, drops, rights))


@cache
def _held(places: int) -> Select[Any]:
    seats, asked = seat_states.c, asked_drops(places)
    tier = seats.seat // literal(SEATS_PER_TIER, seats.seat.type)
    place = func.row_number().over(
        partition_by=(seats.owner, tier), order_by=(seats.moved_block, seats.seat)
    )
    held = (
        select(seats.seat, seats.owner, seats.moved_block, place.label("place"))
        .select_from(asked.join(seat_states, is_of(seats.seat, asked.c.drop_id)))
        .where(
            of_mirror(seat_states),
            seats.owner.in_(bindparam("accounts", expanding=True, type_=seats.owner.type)),
            came_and_stayed(),
        )
        .subquery("held")
    )
    return (
        select(held.c.seat, held.c.owner, held.c.moved_block)
        .where(held.c.place == 1)
        .order_by(held.c.seat)
    )


@cache
def _missing() -> Select[Any]:
    return select(history_missing()).select_from(checkpoints).where(of_mirror(checkpoints))
