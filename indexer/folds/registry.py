"""Which event does what: the one table of folds.

Owns the pairing of every event class with its needs and its step. Refuses an event without an
entry: what changes nothing here says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from indexer.folds import accounts, closings, delegations, delivery, drops, seats, spending
from indexer.folds.folding import Fold
from marketplace.bindings import events
from marketplace.bindings.events import delegations as registry

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
    return Fold(needs, step)


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
    events.SeatsGranted: _fold(seats.granted, seats.granting_needs),
    events.PassUsed: _fold(spending.pass_used),
    events.SeatUsed: _fold(spending.seat_used),
    events.CapLowered: _fold(drops.cap_lowered, drops.lowering_needs),
    events.DropPaused: _fold(drops.paused, drops.pause_needs),
    events.DropPostponed: _fold(drops.postponed, drops.postponement_needs),
    events.DropCancelled: _fold(closings.cancelled, closings.ending_needs),
    events.DropFailed: _fold(closings.failed, closings.ending_needs),
    events.SeatRefunded: _fold(delivery.refunded, delivery.refund_needs),
    events.CheckedIn: _fold(delivery.checked_in, delivery.check_in_needs),
    events.DeliveryAsserted: _fold(closings.asserted, closings.assertion_needs),
    events.Objected: _fold(delivery.objected, delivery.objection_needs),
    events.DropSettled: _fold(closings.settled, closings.ending_needs),
    events.DropDisputed: _fold(closings.disputed, closings.ending_needs),
    events.DropResolved: _fold(closings.resolved, closings.assertion_needs),
    events.Claimed: _fold(delivery.claimed, delivery.claim_needs),
    events.Collected: _fold(delivery.collected, delivery.collection_needs),
    events.OfferFilled: _fold(spending.offer_filled),
    events.OfferCancelled: _fold(spending.offer_cancelled),
    events.CurrencySet: _fold(accounts.currency_set, accounts.currency_needs),
    events.GuardianSet: _fold(accounts.guardian_set, accounts.platform_needs),
    # An approved account may move a seat of an OPEN drop, and a marketplace elsewhere may sell it;
    # under every other policy an approval moves nothing. No question here asks who might move a
    # seat, only who did, and that is a Transfer.
    events.Approval: _fold(_no_change),
    events.ApprovalForAll: _fold(_no_change),
    # What was skipped was not bought.
    events.ListingSkipped: _fold(_no_change),
    # Calls for others to ask for metadata again; what it is made of has its own events.
    events.MetadataUpdate: _fold(_no_change),
    events.BatchMetadataUpdate: _fold(_no_change),
    registry.DelegateAll: _fold(delegations.everything),
    registry.DelegateContract: _fold(delegations.contract),
    registry.DelegateERC721: _fold(delegations.token),
    # A seat is no amount of anything.
    registry.DelegateERC20: _fold(_no_change),
    registry.DelegateERC1155: _fold(_no_change),
}
