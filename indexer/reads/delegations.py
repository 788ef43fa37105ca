"""Who may act for whom, and whether somebody may act for the owner of a seat.

Owns those reads. A delegation is of accounts and not of seats: it is held against whoever owned the
seat at the block that is asked about, so a sale ends what the seller delegated, and a buyer begins
with what the buyer has delegated. Refuses to say what a delegate may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy import and_, literal, or_, select, tuple_

from indexer.folds.states import DelegationState
from indexer.identity import Kind
from indexer.reads.conditions import WAS_EVER_GIVEN
from indexer.reads.levels import At, Level, block_of, last_states
from indexer.reads.seats import seat
from indexer.store import contracts
from indexer.store.fold_tables import delegation_states
from indexer.store.states import state_of
from marketplace.bindings.delegations import rights_word
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.errors import ChainUnavailable, RuleViolated, typed_error

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, RowMapping

    from indexer.identity import MirrorId
    from indexer.store.contracts import Progress
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId

PAGE = 100
"""Delegations in one page, unless the caller asks for another number."""

_ALL_RIGHTS = f"0x{bytes(32).hex()}"
_REACH = {"all": 0, "contract": 1, "token": 2}


@typed_error
class DelegationsUnknown(RuleViolated):
    """The mirror follows no registry of delegations."""

    code = "delegations_unknown"

    contract_set: str

    def _sentence(self) -> str:
        return (
            f"The mirror {self.contract_set} follows no registry of delegations. Set "
            "SEATS_INDEXER_DELEGATIONS to its address and start the indexer anew: the registry's "
            "history is filled in by itself."
        )


@typed_error
class DelegationsIncomplete(ChainUnavailable):
    """The registry's history is still being filled in."""

    code = "delegations_incomplete"

    block: int
    next_block: int

    def _sentence(self) -> str:
        return (
            f"Delegations are not known up to block {self.block} yet: their history is filled in "
            f"up to block {self.next_block - 1}. Try again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """A delegation that stands; `since_block` is the block of its last event.

    Attributes:
        scope: Everything, one contract, or one token of it. `contract` is nobody and `token` 0
            where the scope has none.
        rights: 0x and 64 hex digits; zero: all rights.
    """

    delegator: ChecksumAddress
    delegate: ChecksumAddress
    scope: Literal["all", "contract", "token"]
    contract: ChecksumAddress
    token: int
    rights: str
    since_block: int
    since_hash: str


def delegations_to(
    connection: Connection,
    mirror: MirrorId,
    delegate: ChecksumAddress,
    at: At = Level.LATEST,
    *,
    after: Delegation | None = None,
    limit: int = PAGE,
) -> tuple[Delegation, ...]:
    """Every delegation to an account that stood then; `after` begins the next page.

    Raises MirrorMissing, BlockNotMirrored, DelegationsUnknown, DelegationsIncomplete.
    """
    mine = and_(WAS_EVER_GIVEN, delegation_states.c.delegate == delegate)
    return _page(connection, mirror, mine, at, after, limit)


def delegations_of(
    connection: Connection,
    mirror: MirrorId,
    delegator: ChecksumAddress,
    at: At = Level.LATEST,
    *,
    after: Delegation | None = None,
    limit: int = PAGE,
) -> tuple[Delegation, ...]:
    """Every delegation by an account that stood then. Raises as `delegations_to`."""
    mine = delegation_states.c.delegator == delegator
    return _page(connection, mirror, mine, at, after, limit)


def seat_delegation(
    connection: Connection,
    mirror: MirrorId,
    seat_id: SeatId,
    delegate: ChecksumAddress,
    rights: str = "",
    at: At = Level.LATEST,
) -> Delegation | None:
    """The delegation by which an account may act for whoever owned a seat then; None: none.

    The answer of the registry's `checkDelegateForERC721` for the owner of that block.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        seat_id: A burned one has no owner, and so no delegates.
        delegate: Who wants to act.
        rights: The name of a right: a delegation of it or of all rights counts. Empty: only a
            delegation of all rights does.
        at: What is known.

    Returns:
        The one that reaches furthest, of several.

    Raises:
        MirrorMissing, BlockNotMirrored, DelegationsUnknown, DelegationsIncomplete.
        RightsTooLong: the name has more than 32 bytes.
    """
    block = block_of(connection, mirror, at)
    contract = require_known(connection, mirror, block)
    owned = seat(connection, mirror, seat_id, block)
    if owned is None or owned.burned:
        return None
    table = delegation_states
    reaches = or_(
        and_(table.c.scope == "all", table.c.contract == ZERO_ADDRESS, table.c.token == 0),
        and_(table.c.scope == "contract", table.c.contract == contract, table.c.token == 0),
        and_(table.c.scope == "token", table.c.contract == contract, table.c.token == int(seat_id)),
    )
    statement = last_states(table, DelegationState.KEY, mirror, block).where(
        table.c.delegator == owned.owner,
        table.c.delegate == delegate,
        reaches,
        table.c.rights.in_({_ALL_RIGHTS, f"0x{rights_word(rights).hex()}"}),
        table.c.enabled == 1,
    )
    found = [_delegation(row) for row in connection.execute(statement).mappings()]
    return min(found, key=lambda one: (_REACH[one.scope], one.rights), default=None)


def require_known(connection: Connection, mirror: MirrorId, block: int) -> ChecksumAddress:
    """The seats' contract, once delegations are known up to a block.

    Raises DelegationsUnknown, DelegationsIncomplete.
    """
    found = contracts.load(connection, mirror)
    if Kind.DELEGATIONS not in found:
        raise DelegationsUnknown(mirror.contract_set)
    registry: Progress = found[Kind.DELEGATIONS]
    if not registry.joined and block >= registry.next_block:
        raise DelegationsIncomplete(block, registry.next_block)
    return found[Kind.SEATS].contract.address


def _page(
    connection: Connection,
    mirror: MirrorId,
    mine: ColumnElement[bool],
    at: At,
    after: Delegation | None,
    limit: int,
) -> tuple[Delegation, ...]:
    block = block_of(connection, mirror, at)
    require_known(connection, mirror, block)
    table = delegation_states
    found = (
        last_states(table, DelegationState.KEY, mirror, block)
        .where(mine, table.c.enabled == 1)
        .cte("found")
        # Or SQLite walks through everybody's in the order of the key, rather than sort these few.
        .prefix_with("MATERIALIZED")
    )
    key = [found.c[name] for name in DelegationState.KEY]
    statement = select(found).order_by(*key).limit(limit)
    if after is not None:
        # Each with its column's type: a tuple gives them none.
        last = [literal(getattr(after, column.name), column.type) for column in key]
        statement = statement.where(tuple_(*key) > tuple_(*last))
    return tuple(_delegation(row) for row in connection.execute(statement).mappings())


def _delegation(row: RowMapping) -> Delegation:
    state = cast("DelegationState", state_of(DelegationState, row))
    return Delegation(
        delegator=state.delegator,
        delegate=state.delegate,
        scope=state.scope,
        contract=state.contract,
        token=state.token,
        rights=state.rights,
        since_block=row["block_number"],
        since_hash=row["block_hash"],
    )
