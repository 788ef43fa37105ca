"""Whether a process fits what it is to follow: its settings, the mirror, the node and the clock.

Owns what is checked before a process leads, or stands by to lead, and in which order. Refuses to
write, and to wait: what is only silent is asked again by whoever called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.identity import Contract, Contracts, Kind, MirrorId
from indexer.rpc.errors import StartTooLate
from indexer.rpc.probe import (
    require_abilities,
    require_chain,
    require_clock,
    require_contract,
    require_reached,
    require_start,
)
from indexer.store import checkpoints, fold_versions, states
from indexer.store import contracts as contract_rows
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from indexer.rpc.values import Identity, Node
    from indexer.settings import IndexerSettings


@typed_error
class ConfigurationDiffers(RuleViolated):
    """The database mirrors other contracts, or was begun for another version of the events."""

    code = "configuration_differs"

    contract_set: str

    def _sentence(self) -> str:
        return (
            f"The mirror {self.contract_set} in this database was begun with another contract, "
            "another start block or another version of the contract's events. Name another "
            "database or another contract set, and mirror from the start."
        )


def require_fit(
    engine: Engine, node: Node, settings: IndexerSettings, clock: Callable[[], float]
) -> Identity:
    """Check settings, node and clock against the mirror, and write nothing.

    Raises:
        RuleViolated: the chain, the node, the clock, the contract or the configuration is not the
            right one.
        FoldTooNew: a later program has folded one of the mirror's tables.
        ChainUnavailable: the node does not answer.
        StorageError: the database is locked or unreachable.
    """
    mirror, contracts = mirror_of(settings), contracts_of(settings)
    with reading(engine) as connection:
        found = checkpoints.load(connection, mirror)
        noted = contract_rows.load(connection, mirror)
        if found is not None:
            # Tables of a later fold are noticed now, not when it is this one's turn.
            whole = fold_versions.stale(connection, mirror) is None
            began_late = contracts.start_block > 0 and states.lacks_platform(connection, mirror)
            if whole and began_late:
                raise StartTooLate(contracts.addresses[0], contracts.start_block)
    known_genesis = None if found is None else found.genesis_hash
    identity = require_chain(node, settings.chain_id, known_genesis)
    if found is not None and found.config_hash != contracts.config_hash:
        raise ConfigurationDiffers(settings.contract_set)
    contract_rows.require_allowed(noted, contracts)
    final = 0 if found is None else found.finalized.number
    asked_at = clock()
    view = node.view()
    seen_at = clock()
    require_reached(view, final)
    require_abilities(node, view)
    require_clock(view, asked_at, seen_at, settings.clock_error_s)
    for address in contracts.addresses:
        # Genesis, with which every mirror begins, holds no contract.
        is_mirrored = final >= max(1, contracts.start_block)
        require_contract(node, address, settings.chain_id, is_mirrored=is_mirrored)
        if found is None:
            require_start(node, address, contracts.start_block)
    for one in contracts.added:
        is_mirrored = (
            one.kind in noted and noted[one.kind].joined and final >= max(1, one.start_block)
        )
        require_contract(node, one.address, settings.chain_id, is_mirrored=is_mirrored)
    return identity


def contracts_of(settings: IndexerSettings) -> Contracts:
    """What the settings mirror."""
    added = (
        ()
        if settings.delegations is None
        else (
            Contract(
                Kind.DELEGATIONS,
                ChecksumAddress(settings.delegations),
                settings.delegations_start_block,
            ),
        )
    )
    return Contracts((ChecksumAddress(settings.contract),), settings.start_block, added)


def mirror_of(settings: IndexerSettings) -> MirrorId:
    """Which mirror the settings name."""
    return MirrorId(settings.chain_id, settings.contract_set)
