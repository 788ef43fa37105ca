"""Which event does what: the one table of folds.

Owns the pairing of every event class with its needs and its step. Refuses an event without an
entry: what changes nothing here says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from indexer.folds import accounts, drops, seats
from indexer.folds.folding import Fold
from marketplace.bindings import events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from indexer.folds.folding import Key, Known, Occurrence
    from indexer.folds.states import Announced, State

E = TypeVar("E")


def _nothing(_event: object) -> Iterable[Key]:
    return ()


def _no_change(_event: object, _at: Occurrence, _known: Known) -> Iterable[State | Announced]:
    return ()


def _fold(
    step: Callable[[E, Occurrence, Known], Iterable[State | Announced]],
    needs: Callable[[E], Iterable[Key]] = _nothing,
) -> Fold:
    def run(occurrence: Occurrence, known: Known) -> Iterable[State | Announced]:
        # The registry pairs each step with the class of its event.
        event: Any = occurrence.event
        return step(event, occurrence, known)

    asked: Any = needs
    return Fold(asked, run)


FOLDS: Final[Mapping[type, Fold]] = {
    events.DropCreated: _fold(drops.created, drops.creation_needs),
    events.PayoutSet: _fold(drops.payout_set, drops.payout_needs),
    events.VerifierSet: _fold(drops.verifier_set, drops.verifier_needs),
    events.SeatsMinted: _fold(seats.minted, seats.minting_needs),
    events.Transfer: _fold(seats.transferred, seats.transfer_needs),
    events.Locked: _fold(seats.locked, seats.locking_needs),
    events.ListingsCancelled: _fold(seats.cancelled, seats.cancelling_needs),
    events.SeatSold: _fold(seats.sold, seats.sale_needs),
    events.ListingStored: _fold(seats.listed),
    events.Held: _fold(seats.held, seats.held_needs),
    events.CounterBumped: _fold(accounts.counter_bumped),
    events.Credited: _fold(accounts.credited, accounts.credit_needs),
    events.Withdrawn: _fold(accounts.withdrawn, accounts.credit_needs),
    events.PlatformSet: _fold(accounts.platform_set, accounts.platform_needs),
    events.OwnershipTransferStarted: _fold(accounts.ownership_offered, accounts.platform_needs),
    events.OwnershipTransferred: _fold(accounts.ownership_transferred, accounts.platform_needs),
    # Approvals give nobody a right here: under every policy offered the contract refuses them.
    events.Approval: _fold(_no_change),
    events.ApprovalForAll: _fold(_no_change),
}
