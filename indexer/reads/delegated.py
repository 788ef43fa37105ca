"""Seats whose owners let an account act for them, as the gate asks for them.

Owns that statement, and which delegations reach a seat. A delegation counts for whoever owned the
seat at the block that is asked about, so a sale ends it, and only with all rights or the one that
is named. Refuses to say what a delegate may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, exists, literal, or_, select

from indexer.folds.states import DelegationState
from indexer.identity import Kind
from indexer.reads.conditions import latest, of_mirror
from indexer.store.fold_tables import delegation_states, seat_states
from indexer.store.tables import checkpoints, mirrored_contracts
from marketplace.bindings.delegations import rights_word
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SEATS_PER_DROP, SeatId
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import BindParameter, ColumnElement, Connection, RowMapping, Select

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

ALL_RIGHTS: Final = f"0x{bytes(32).hex()}"


@dataclass(frozen=True, slots=True)
class DelegatedSeat:
    """A seat that somebody else owns at the block that was asked about.

    Attributes:
        since_block: The first block from which on both the ownership and a delegation stood.
    """

    seat: SeatId
    owner: ChecksumAddress
    since_block: int


def delegated_seats(
    connection: Connection,
    mirror: MirrorId,
    account: ChecksumAddress,
    drops: Collection[DropId],
    rights: str,
    block: int | None = None,
) -> tuple[DelegatedSeat, ...]:
    """The seats of some drops whose owners let an account act for them, by rising id.

    Costs one look into an index for each delegation to the account and for each seat that its
    delegators ever had.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        account: Who acts.
        drops: At least one.
        rights: The name of a right; a delegation of all rights counts too.
        block: As of this one; None: of the head.

    Raises:
        RightsTooLong: the name has more than 32 bytes.
    """
    asked, bounded = sorted(drops), block is not None
    given: dict[str, object] = {**mirror.columns, "account": account, "rights": word_of(rights)}
    given |= {f"drop_{place}": drop for place, drop in enumerate(asked)}
    if bounded:
        given["block"] = block
    found: dict[SeatId, DelegatedSeat] = {}
    for row in connection.execute(_statement(len(asked), bounded=bounded), given).mappings():
        if not _reaches(row):
            continue
        one = DelegatedSeat(SeatId(row["seat"]), row["owner"], max(row["moved"], row["given"]))
        known = found.get(one.seat)
        if known is None or one.since_block < known.since_block:
            found[one.seat] = one
    return tuple(found[seat] for seat in sorted(found))


def word_of(rights: str) -> str:
    """A right as the tables hold it: 0x and 64 hex digits. Raises RightsTooLong."""
    return f"0x{rights_word(rights).hex()}"


def any_delegation() -> ColumnElement[bool]:
    """Whether anything was ever delegated to the bound `account`; one look into an index."""
    columns = delegation_states.c
    mine = and_(of_mirror(delegation_states), columns.delegate == _account())
    return exists().where(mine).label("delegate")


def history_missing(until: ColumnElement[int] = checkpoints.c.head_number) -> ColumnElement[bool]:
    """Whether a registry is followed whose history does not reach a block yet."""
    columns = mirrored_contracts.c
    return (
        exists()
        .where(
            of_mirror(mirrored_contracts),
            columns.kind == Kind.DELEGATIONS.value,
            columns.joined == 0,
            columns.next_block <= until,
        )
        .label("pending")
    )


def _reaches(row: RowMapping) -> bool:
    # Compared here: ids of other contracts' tokens fit no column of seats.
    return row["scope"] != "token" or bool(row["token"] == row["seat"])


@cache
def _statement(drop_count: int, *, bounded: bool) -> Select[Any]:
    given, seats = delegation_states, seat_states
    asked: list[BindParameter[Any]] = [bindparam(f"drop_{place}") for place in range(drop_count)]
    until = bindparam("block", type_=BIG) if bounded else None
    contract = (
        select(mirrored_contracts.c.address)
        .where(of_mirror(mirrored_contracts), mirrored_contracts.c.kind == Kind.SEATS.value)
        .scalar_subquery()
    )
    everything = and_(given.c.scope == "all", given.c.contract == ZERO_ADDRESS)
    ours = and_(given.c.scope.in_(("contract", "token")), given.c.contract == contract)
    return (
        select(
            given.c.scope,
            given.c.token,
            given.c.block_number.label("given"),
            seats.c.seat,
            seats.c.owner,
            seats.c.moved_block.label("moved"),
        )
        .select_from(given.join(seats, seats.c.owner == given.c.delegator))
        .where(
            of_mirror(given),
            of_mirror(seats),
            given.c.delegate == _account(),
            # Who delegates to themselves has the seat anyway.
            given.c.delegator != _account(),
            given.c.enabled == 1,
            given.c.rights.in_(
                (_right(ALL_RIGHTS), bindparam("rights", type_=given.c.rights.type))
            ),
            or_(everything, ours),
            latest(given, *DelegationState.KEY, until=until),
            (seats.c.seat // literal(SEATS_PER_DROP, seats.c.seat.type)).in_(asked),
            latest(seats, "seat", until=until),
        )
    )


def _account() -> BindParameter[Any]:
    return bindparam("account", type_=delegation_states.c.delegate.type)


def _right(word: str) -> BindParameter[Any]:
    return bindparam(None, word, type_=delegation_states.c.rights.type, unique=True)
