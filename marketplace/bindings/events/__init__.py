"""Every event of the contract as a frozen value.

Owns one class for each event of the ABI, named as there, with its fields in snake case and in its
order. Refuses places on the chain: `marketplace.bindings.logs` adds block and position.
"""

from __future__ import annotations

from marketplace.bindings.events.delivery import (
    CheckedIn,
    Claimed,
    Collected,
    DeliveryAsserted,
    DropDisputed,
    DropResolved,
    DropSettled,
    Objected,
    SeatRefunded,
)
from marketplace.bindings.events.drops import (
    CapLowered,
    DropCancelled,
    DropCreated,
    DropFailed,
    DropPaused,
    DropPostponed,
    PassUsed,
    PayoutSet,
    SeatsGranted,
    SeatsMinted,
    SeatUsed,
    VerifierSet,
)
from marketplace.bindings.events.market import (
    CounterBumped,
    ListingsCancelled,
    ListingSkipped,
    ListingStored,
    OfferCancelled,
    OfferFilled,
    SeatSold,
)
from marketplace.bindings.events.platform import (
    Credited,
    CurrencySet,
    GuardianSet,
    Held,
    OwnershipTransferred,
    OwnershipTransferStarted,
    PlatformSet,
    Withdrawn,
)
from marketplace.bindings.events.token import (
    Approval,
    ApprovalForAll,
    BatchMetadataUpdate,
    Locked,
    MetadataUpdate,
    Transfer,
)

__all__ = [
    "Approval",
    "ApprovalForAll",
    "BatchMetadataUpdate",
    "CapLowered",
    "CheckedIn",
    "Claimed",
    "Collected",
    "CounterBumped",
    "Credited",
    "CurrencySet",
    "DeliveryAsserted",
    "DropCancelled",
    "DropCreated",
    "DropDisputed",
    "DropFailed",
    "DropPaused",
    "DropPostponed",
    "DropResolved",
    "DropSettled",
    "Event",
    "GuardianSet",
    "Held",
    "ListingSkipped",
    "ListingStored",
    "ListingsCancelled",
    "Locked",
    "MetadataUpdate",
    "Objected",
    "OfferCancelled",
    "OfferFilled",
    "OwnershipTransferStarted",
    "OwnershipTransferred",
    "PassUsed",
    "PayoutSet",
    "PlatformSet",
    "SeatRefunded",
    "SeatSold",
    "SeatUsed",
    "SeatsGranted",
    "SeatsMinted",
    "Transfer",
    "VerifierSet",
    "Withdrawn",
]

Event = (
    DropCreated
    | PayoutSet
    | VerifierSet
    | SeatsMinted
    | Transfer
    | Approval
    | ApprovalForAll
    | Locked
    | ListingsCancelled
    | SeatSold
    | ListingStored
    | CounterBumped
    | Held
    | Credited
    | Withdrawn
    | PlatformSet
    | OwnershipTransferStarted
    | OwnershipTransferred
    | SeatsGranted
    | PassUsed
    | SeatUsed
    | CapLowered
    | DropPaused
    | DropPostponed
    | DropCancelled
    | DropFailed
    | SeatRefunded
    | CheckedIn
    | DeliveryAsserted
    | Objected
    | DropSettled
    | DropDisputed
    | DropResolved
    | Claimed
    | Collected
    | OfferFilled
    | OfferCancelled
    | ListingSkipped
    | CurrencySet
    | GuardianSet
    | MetadataUpdate
    | BatchMetadataUpdate
)
"""Any event of the contract."""
