"""What a message of the outbox tells, and whom it concerns.

Owns the one table of events that are told and the two questions that streams ask: does this belong
to what somebody listens to, and does it concern an account. Pure: whoever needs owners of seats
brings them. Refuses events that say nothing of the market (approvals, calls to ask for metadata
again, other contracts).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, SeatId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.queries import Message
    from marketplace.domain.addresses import ChecksumAddress


@unique
class Topic(StrEnum):
    """What an event is about."""

    DROP = "drop"
    SEAT = "seat"
    LISTING = "listing"
    MONEY = "money"
    PLATFORM = "platform"


TOLD: Final[Mapping[str, Topic]] = {
    "DropCreated": Topic.DROP,
    "PayoutSet": Topic.DROP,
    "VerifierSet": Topic.DROP,
    "CapLowered": Topic.DROP,
    "DropPaused": Topic.DROP,
    "DropPostponed": Topic.DROP,
    "DropCancelled": Topic.DROP,
    "DropFailed": Topic.DROP,
    "DeliveryAsserted": Topic.DROP,
    "DropSettled": Topic.DROP,
    "DropDisputed": Topic.DROP,
    "DropResolved": Topic.DROP,
    "SeatsMinted": Topic.SEAT,
    "SeatsGranted": Topic.SEAT,
    "Transfer": Topic.SEAT,
    "SeatSold": Topic.SEAT,
    "SeatRefunded": Topic.SEAT,
    "CheckedIn": Topic.SEAT,
    "Objected": Topic.SEAT,
    "Locked": Topic.SEAT,
    "PassUsed": Topic.SEAT,
    "SeatUsed": Topic.SEAT,
    "ListingStored": Topic.LISTING,
    "ListingsCancelled": Topic.LISTING,
    "CounterBumped": Topic.LISTING,
    "OfferFilled": Topic.LISTING,
    "OfferCancelled": Topic.LISTING,
    "Held": Topic.MONEY,
    "Credited": Topic.MONEY,
    "Withdrawn": Topic.MONEY,
    "Claimed": Topic.MONEY,
    "Collected": Topic.MONEY,
    "PlatformSet": Topic.PLATFORM,
    "CurrencySet": Topic.PLATFORM,
    "GuardianSet": Topic.PLATFORM,
    "OwnershipTransferStarted": Topic.PLATFORM,
    "OwnershipTransferred": Topic.PLATFORM,
}
"""Every event that is told, by its name in the ABI."""

UNTOLD: Final = frozenset(
    {
        # They move nothing.
        "Approval",
        "ApprovalForAll",
        # What was skipped was not bought.
        "ListingSkipped",
        # Calls to ask for metadata again; what it is made of has its own events.
        "MetadataUpdate",
        "BatchMetadataUpdate",
    }
)
"""The contract's other events."""

_SEAT: Final = ("seat", "id", "token_id", "first")
_PARTIES: Final = ("account", "buyer", "from", "holder", "mentor", "seller", "to")


@dataclass(frozen=True, slots=True)
class Told:
    """A message that is told.

    Attributes:
        drop: The drop that it is about, or whose seats; None: of no drop.
        first: The seat that it is about, the first where there are several; None: of no seat.
        seats: How many seats, from `first` on.
        parties: The accounts that it names as doing or undergoing something.
    """

    message: Message
    topic: Topic
    drop: DropId | None
    first: SeatId | None
    seats: int
    parties: frozenset[str]

    def is_about(self, seat: SeatId) -> bool:
        """Whether it is about a seat, or about the drop of it."""
        if self.first is None:
            return self.topic is Topic.DROP and self.drop == seat.drop
        return self.first <= seat < self.first + self.seats


@dataclass(frozen=True, slots=True)
class Interest:
    """What somebody listens to: all, a drop's, or a seat's."""

    drop: DropId | None = None
    seat: SeatId | None = None

    def covers(self, told: Told) -> bool:
        """Whether this is told to them."""
        if self.drop is not None and told.drop != self.drop:
            return False
        return self.seat is None or told.is_about(self.seat)


@dataclass(frozen=True, slots=True)
class Holding:
    """What an account holds, as far as a page of messages asks.

    Attributes:
        drops: Those of which it owns a seat.
        seats: Those that it owns.
    """

    account: ChecksumAddress
    drops: frozenset[DropId]
    seats: frozenset[SeatId]

    def is_concerned_by(self, told: Told) -> bool:
        """Whether this names the account, or is about a seat of its or the drop of one."""
        if self.account in told.parties:
            return True
        if told.first is None:
            return told.topic is Topic.DROP and told.drop in self.drops
        return told.first in self.seats


def tell(message: Message) -> Told | None:
    """What a message tells; None for one that is not told."""
    topic = TOLD.get(message.event)
    if topic is None:
        return None
    arguments = message.arguments
    first = next((SeatId(int(str(arguments[name]))) for name in _SEAT if name in arguments), None)
    drop = DropId(int(str(arguments["drop"]))) if "drop" in arguments else None
    named = {str(arguments[name]) for name in _PARTIES if name in arguments}
    return Told(
        message=message,
        topic=topic,
        # A seat that opens a phase is of another drop than the phase.
        drop=first.drop if drop is None and first is not None else drop,
        first=first,
        seats=int(str(arguments.get("quantity", 1))),
        parties=frozenset(named - {ZERO_ADDRESS}),
    )
