"""Accounts: counters, credits and how many seats they minted.

Owns reads of accounts. Refuses balances of currencies: those are not on this contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from indexer.folds.states import CounterState, CreditState
from indexer.reads.levels import At, Level, block_of
from indexer.store.bulk import last_rows
from indexer.store.fold_tables import counter_states, credit_states, mints
from marketplace.domain.addresses import ETH
from marketplace.domain.ids import SEATS_PER_DROP
from marketplace.domain.money import NO_MONEY, Wei

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex


def counter_of(
    connection: Connection, mirror: MirrorId, account: ChecksumAddress, at: At = Level.LATEST
) -> int:
    """The counter that listings of an account must carry; raises as `credit_of`."""
    return counters_of(connection, mirror, {account}, at).get(account, 0)


def counters_of(
    connection: Connection,
    mirror: MirrorId,
    accounts: Collection[ChecksumAddress],
    at: At = Level.LATEST,
) -> Mapping[ChecksumAddress, int]:
    """The counters of some accounts at once; those that never bumped theirs are left out: 0.

    Raises as `credit_of`.
    """
    block = block_of(connection, mirror, at)
    things, names = [(one,) for one in accounts], ("account", "counter")
    if not things:
        return {}
    found = last_rows(
        connection, counter_states, mirror, CounterState.KEY, things, names, before=block + 1
    )
    return {account: int(counter) for account, counter in found}


def credit_of(
    connection: Connection,
    mirror: MirrorId,
    account: ChecksumAddress,
    currency: ChecksumAddress = ETH,
    at: At = Level.LATEST,
) -> Wei:
    """What an account may withdraw of a currency. Raises MirrorMissing, BlockNotMirrored."""
    block = block_of(connection, mirror, at)
    thing, names = (account, currency), ("amount",)
    found = last_rows(
        connection, credit_states, mirror, CreditState.KEY, [thing], names, before=block + 1
    )
    return Wei(found[0][0]) if found else NO_MONEY


def minted_by(
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    phase: PhaseIndex,
    account: ChecksumAddress,
    at: At = Level.LATEST,
) -> int:
    """How many seats an account has minted in a phase. Raises MirrorMissing, BlockNotMirrored."""
    block = block_of(connection, mirror, at)
    first = drop * SEATS_PER_DROP
    found = connection.scalar(
        select(func.coalesce(func.sum(mints.c.quantity), 0))
        .filter_by(**mirror.columns, account=account, phase=phase)
        .where(
            mints.c.block_number <= block,
            mints.c.first_seat > first,
            mints.c.first_seat < first + SEATS_PER_DROP,
        )
    )
    return int(found or 0)
