"""Seats whose owners let accounts act for them, as the gate asks for them.

Owns those statements, and which delegations reach a seat. A delegation counts for whoever owned the
seat at the block that is asked about, so a sale ends it, and only with all rights or the one that
is named. Refuses to say what a delegate may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, exists, or_, select

from indexer.folds.states import DelegationState
from indexer.identity import Kind
from indexer.reads.conditions import asked_drops, bound_drops, is_of, latest, of_mirror, places_for
from indexer.store.fold_tables import delegation_states, seat_states
from indexer.store.tables import checkpoints, mirrored_contracts
from marketplace.bindings.delegations import rights_word
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SeatId
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import BindParameter, ColumnElement, Connection, ScalarSelect, Select

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

ALL_RIGHTS: Final = f"0x{bytes(32).hex()}"

_AT_ONCE: Final = 200
"""Owners or seats that one statement names."""


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
    accounts: Collection[ChecksumAddress],
    drops: Collection[DropId],
    rights: str,
    block: int | None = None,
) -> dict[ChecksumAddress, tuple[DelegatedSeat, ...]]:
    """The seats of some drops whose owners let some accounts act for them, by rising id.

    First which seats of the drops belong to somebody who has ever delegated anything to one of the
    accounts, then what of it reaches those seats. Whoever delegates to somebody a thousand times
    over, or has a thousand seats of other drops, makes nobody read that.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        accounts: Who act; those who may for nobody are not in the answer.
        drops: At least one.
        rights: The name of a right; a delegation of all rights counts too.
        block: As of this one; None: of the head.

    Raises:
        RightsTooLong: the name has more than 32 bytes.
    """
    given: dict[str, object] = {**mirror.columns, "rights": word_of(rights)}
    bounded = block is not None
    if bounded:
        given["block"] = block
    asked = given | bound_drops(drops) | {"accounts": sorted(accounts)}
    owned: dict[ChecksumAddress, dict[SeatId, int]] = {}
    for row in connection.execute(_owned(places_for(drops), bounded=bounded), asked):
        owned.setdefault(row.owner, {})[SeatId(row.seat)] = row.moved_block
    found: dict[ChecksumAddress, list[DelegatedSeat]] = {}
    for delegate, owner in _pairs_among(connection, asked, owned):
        pair = given | {"delegate": delegate, "delegator": owner}
        since = _since(connection, pair, owned[owner].keys(), bounded=bounded)
        found.setdefault(delegate, []).extend(
            DelegatedSeat(seat, owner, max(owned[owner][seat], given_at))
            for seat, given_at in since.items()
        )
    return {
        account: tuple(sorted(seats, key=lambda one: one.seat))
        for account, seats in found.items()
        if seats
    }


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


def _pairs_among(
    connection: Connection, asked: Mapping[str, object], owners: Collection[ChecksumAddress]
) -> list[tuple[ChecksumAddress, ChecksumAddress]]:
    """Which of the bound accounts which owners have ever delegated anything to."""
    named = sorted(owners)
    found: list[tuple[ChecksumAddress, ChecksumAddress]] = []
    for start in range(0, len(named), _AT_ONCE):
        some = {**asked, "owners": named[start : start + _AT_ONCE]}
        found += [(row.delegate, row.delegator) for row in connection.execute(_pairs(), some)]
    return found


def _since(
    connection: Connection, pair: Mapping[str, object], seats: Collection[SeatId], *, bounded: bool
) -> dict[SeatId, int]:
    """Since which block the bound owner has let the bound account act for which of some seats.

    The first of several delegations: one that is given later takes nothing away.
    """
    wide = min(connection.scalars(_wide(bounded=bounded), pair), default=None)
    since = {} if wide is None else dict.fromkeys(seats, wide)
    named = sorted(seats)
    for start in range(0, len(named), _AT_ONCE):
        tokens = {**pair, "tokens": named[start : start + _AT_ONCE]}
        for row in connection.execute(_single(bounded=bounded), tokens):
            seat = SeatId(row.token)
            since[seat] = min(row.block_number, since.get(seat, row.block_number))
    return since


@cache
def _owned(places: int, *, bounded: bool) -> Select[Any]:
    """The seats of the drops whose owners have ever delegated anything to one of the accounts."""
    given, seats, asked = delegation_states.c, seat_states.c, asked_drops(places)
    delegators = select(given.delegator).where(
        of_mirror(delegation_states), given.delegate.in_(_several("accounts"))
    )
    return (
        select(seats.owner, seats.seat, seats.moved_block)
        .select_from(asked.join(seat_states, is_of(seats.seat, asked.c.drop_id)))
        .where(
            of_mirror(seat_states),
            seats.owner.in_(delegators),
            latest(seat_states, "seat", until=_until(bounded=bounded)),
        )
    )


@cache
def _pairs() -> Select[Any]:
    given = delegation_states.c
    return (
        select(given.delegate, given.delegator)
        .distinct()
        .where(
            of_mirror(delegation_states),
            given.delegate.in_(_several("accounts")),
            given.delegator.in_(_several("owners")),
            # Who delegates to themselves has the seat anyway.
            given.delegator != given.delegate,
        )
    )


@cache
def _wide(*, bounded: bool) -> Select[Any]:
    """The blocks of what reaches all of an owner's seats."""
    given = delegation_states.c
    everything = and_(given.scope == "all", given.contract == ZERO_ADDRESS)
    ours = and_(given.scope == "contract", given.contract == _contract())
    return _standing(given.block_number, bounded=bounded).where(
        # Said apart too, so that what reaches single seats is not walked through.
        given.scope.in_(("all", "contract")),
        given.contract.in_((_address(ZERO_ADDRESS), _contract())),
        given.token == 0,
        or_(everything, ours),
    )


@cache
def _single(*, bounded: bool) -> Select[Any]:
    """The blocks of what reaches some seats alone."""
    given = delegation_states.c
    tokens = bindparam("tokens", expanding=True, type_=given.token.type)
    return _standing(given.token, given.block_number, bounded=bounded).where(
        given.scope == "token", given.contract == _contract(), given.token.in_(tokens)
    )


def _standing(*told: ColumnElement[Any], bounded: bool) -> Select[Any]:
    """The delegations of the bound owner to the bound account that give the right."""
    given = delegation_states.c
    rights = (_right(ALL_RIGHTS), bindparam("rights", type_=given.rights.type))
    return select(*told).where(
        of_mirror(delegation_states),
        given.delegator == bindparam("delegator", type_=given.delegator.type),
        given.delegate == bindparam("delegate", type_=given.delegate.type),
        given.enabled == 1,
        given.rights.in_(rights),
        latest(delegation_states, *DelegationState.KEY, until=_until(bounded=bounded)),
    )


def _contract() -> ScalarSelect[str]:
    contracts = mirrored_contracts.c
    return (
        select(contracts.address)
        .where(of_mirror(mirrored_contracts), contracts.kind == Kind.SEATS.value)
        .scalar_subquery()
    )


def _until(*, bounded: bool) -> BindParameter[int] | None:
    return bindparam("block", type_=BIG) if bounded else None


def _several(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True, type_=delegation_states.c.delegate.type)


def _account() -> BindParameter[Any]:
    return bindparam("account", type_=delegation_states.c.delegate.type)


def _address(account: ChecksumAddress) -> BindParameter[Any]:
    return bindparam(None, account, type_=delegation_states.c.contract.type, unique=True)


def _right(word: str) -> BindParameter[Any]:
    return bindparam(None, word, type_=delegation_states.c.rights.type, unique=True)
