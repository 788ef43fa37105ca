"""Seats whose owners let accounts act for them, as the gate asks for them.

Owns those statements, and which delegations reach a seat. A delegation counts for whoever owned the
seat at the block that is asked about, so a sale ends it, and only with all rights or the one that
is named. Refuses to say what a delegate may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from sqlalchemy import and_, bindparam, exists, or_, select

from indexer.folds.states import DelegationState
from indexer.identity import Kind
from indexer.reads.conditions import (
    WAS_EVER_GIVEN,
    asked_drops,
    bound_drops,
    came_and_stayed,
    is_of,
    of_mirror,
    places_for,
)
from indexer.store.bulk import last_rows
from indexer.store.fold_tables import delegation_states, seat_states
from indexer.store.tables import checkpoints, mirrored_contracts
from marketplace.bindings.delegations import rights_word
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SeatId
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import (
        BindParameter,
        ColumnElement,
        Connection,
        ScalarSelect,
        Select,
        Subquery,
    )

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

ALL_RIGHTS: Final = f"0x{bytes(32).hex()}"

_AT_ONCE: Final = 200
"""Owners that one statement names."""

_KEYS_AT_ONCE: Final = 5_000
"""Delegations that are in memory before they are looked up, some hundreds in a statement."""

_Key: TypeAlias = "tuple[ChecksumAddress, ChecksumAddress, str, ChecksumAddress, int, str]"
"""A delegation, as `DelegationState.KEY` names it."""


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
    accounts, then who of them has delegated what may reach a seat, then, for all of these pairs
    together, what of it reaches those seats. Whoever delegates to somebody a thousand times over,
    or to a thousand, or has a thousand seats of other drops, makes nobody read that.

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
    keys = _keys(_pairs_among(connection, asked, owned), owned, rights)
    found: dict[ChecksumAddress, dict[SeatId, DelegatedSeat]] = {}
    for one in _standing(connection, mirror, keys, block):
        seats = owned[one.delegator]
        lent = found.setdefault(one.delegate, {})
        for seat in seats if one.scope != "token" else (SeatId(one.token),):
            since = max(seats[seat], one.block_number)
            # The first of several delegations: one that is given later takes nothing away.
            if seat not in lent or since < lent[seat].since_block:
                lent[seat] = DelegatedSeat(seat, one.delegator, since)
    return {
        account: tuple(sorted(seats.values(), key=lambda lent: lent.seat))
        for account, seats in found.items()
    }


def word_of(rights: str) -> str:
    """A right as the tables hold it: 0x and 64 hex digits. Raises RightsTooLong."""
    return f"0x{rights_word(rights).hex()}"


def any_delegation() -> ColumnElement[bool]:
    """Whether anything was ever delegated to the bound `account`; one look into an index."""
    columns = delegation_states.c
    mine = and_(of_mirror(delegation_states), WAS_EVER_GIVEN, columns.delegate == _account())
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


class _Pair(NamedTuple):
    """Who has ever delegated to whom, whether to all of their seats, and to single ones of ours."""

    delegate: ChecksumAddress
    delegator: ChecksumAddress
    contract: ChecksumAddress
    wide: bool
    single: bool


class _Given(NamedTuple):
    """The columns that are read of the last row of a delegation."""

    delegator: ChecksumAddress
    delegate: ChecksumAddress
    scope: str
    token: int
    enabled: int
    block_number: int


def _pairs_among(
    connection: Connection, asked: Mapping[str, object], owners: Collection[ChecksumAddress]
) -> Iterator[_Pair]:
    """Which owners have ever delegated to which of the bound accounts what may reach a seat."""
    named = sorted(owners)
    for start in range(0, len(named), _AT_ONCE):
        some = {**asked, "owners": named[start : start + _AT_ONCE]}
        for row in connection.execute(_pairs(), some):
            pair = _Pair(*row)
            if pair.wide or pair.single:
                yield pair


def _keys(
    pairs: Iterable[_Pair],
    owned: Mapping[ChecksumAddress, Collection[SeatId]],
    rights: str,
) -> Iterator[_Key]:
    """The delegations that would give the right to those seats: what is looked up, by whole key."""
    words = tuple({ALL_RIGHTS, word_of(rights)})
    for pair in pairs:
        both, ours = (pair.delegator, pair.delegate), pair.contract
        for word in words:
            if pair.wide:
                yield (*both, "all", ZERO_ADDRESS, 0, word)
                yield (*both, "contract", ours, 0, word)
            if pair.single:
                for seat in owned[pair.delegator]:
                    yield (*both, "token", ours, int(seat), word)


def _standing(
    connection: Connection, mirror: MirrorId, keys: Iterator[_Key], block: int | None
) -> Iterator[_Given]:
    """Those that stood then; of each its last state alone is read, however many it has had."""
    before = None if block is None else block + 1
    table, key = delegation_states, DelegationState.KEY
    while some := tuple(islice(keys, _KEYS_AT_ONCE)):
        for row in last_rows(connection, table, mirror, key, some, _Given._fields, before=before):
            state = _Given(*row)
            if state.enabled:
                yield state


@cache
def _owned(places: int, *, bounded: bool) -> Select[Any]:
    """The seats of the drops whose owners have ever delegated anything to one of the accounts."""
    given, seats, asked = delegation_states.c, seat_states.c, asked_drops(places)
    delegators = select(given.delegator).where(
        of_mirror(delegation_states), WAS_EVER_GIVEN, given.delegate.in_(_several("accounts"))
    )
    return (
        select(seats.owner, seats.seat, seats.moved_block)
        .select_from(asked.join(seat_states, is_of(seats.seat, asked.c.drop_id)))
        .where(
            of_mirror(seat_states),
            seats.owner.in_(delegators),
            came_and_stayed(_until(bounded=bounded)),
        )
    )


@cache
def _pairs() -> Select[Any]:
    """Pairs of the bound accounts and owners, each with what its columns in `_Pair` say.

    What reaches no seat of ours makes no pair: it is looked past by the key.
    """
    given = delegation_states.c
    pairs = (
        select(given.delegate, given.delegator)
        .distinct()
        .where(
            of_mirror(delegation_states),
            WAS_EVER_GIVEN,
            given.delegate.in_(_several("accounts")),
            given.delegator.in_(_several("owners")),
            # Who delegates to themselves has the seat anyway.
            given.delegator != given.delegate,
        )
        .subquery("pairs")
    )
    everywhere = _ever(pairs, "all", _address(ZERO_ADDRESS))
    wide = or_(everywhere, _ever(pairs, "contract", _contract()))
    single = _ever(pairs, "token", _contract())
    return select(pairs, _contract(), wide, single)


def _ever(pairs: Subquery, scope: str, contract: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the pair's delegator ever gave so much; one look by the beginning of the key."""
    given = delegation_states.alias(f"ever_{scope}").c
    return (
        exists()
        .where(
            given.chain_id == bindparam("chain_id"),
            given.contract_set == bindparam("contract_set"),
            given.delegator == pairs.c.delegator,
            given.delegate == pairs.c.delegate,
            given.scope == scope,
            given.contract == contract,
            *(() if scope == "token" else (given.token == 0, given.rights.in_(_rights()))),
        )
        .correlate(pairs)
    )


def _rights() -> tuple[BindParameter[Any], BindParameter[Any]]:
    kind = delegation_states.c.rights.type
    return bindparam(None, ALL_RIGHTS, type_=kind, unique=True), bindparam("rights", type_=kind)


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
