"""Who may act for whom, from the registry of delegations.

Owns the steps of `DelegateAll`, `DelegateContract` and `DelegateERC721`. An event says all of a
delegation, so no step asks for what was before: the last one stands. Refuses to ask who owns what a
delegation is about; the registry does not either, and readers know the owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.folds.states import DelegationState, State
from marketplace.domain.addresses import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.folds.folding import Known, Occurrence
    from indexer.folds.states import Scope
    from marketplace.bindings.events import delegations as registry
    from marketplace.domain.addresses import ChecksumAddress


def everything(event: registry.DelegateAll, _at: Occurrence, _known: Known) -> Iterator[State]:
    """Let an account act everywhere, or no longer."""
    yield _state(event, "all", ZERO_ADDRESS, 0)


def contract(event: registry.DelegateContract, _at: Occurrence, _known: Known) -> Iterator[State]:
    """Let an account act in one contract, or no longer."""
    yield _state(event, "contract", event.contract_, 0)


def token(event: registry.DelegateERC721, _at: Occurrence, _known: Known) -> Iterator[State]:
    """Let an account act with one token, or no longer."""
    yield _state(event, "token", event.contract_, event.token_id)


def _state(
    event: registry.DelegateAll | registry.DelegateContract | registry.DelegateERC721,
    scope: Scope,
    of: ChecksumAddress,
    number: int,
) -> DelegationState:
    return DelegationState(
        delegator=event.from_,
        delegate=event.to,
        scope=scope,
        contract=of,
        token=number,
        rights=f"0x{event.rights.hex()}",
        enabled=int(event.enable),
    )
