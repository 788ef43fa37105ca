"""Money that waits or leaves, and what the platform sets.

Refuses anything but the fields of these events.
"""

# Annotations are evaluated: decoding reads them.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Bps, Wei


@dataclass(frozen=True, slots=True)
class Held:
    """`amount` more of a royalty or toll waits with a seat."""

    seat: SeatId
    amount: Wei


@dataclass(frozen=True, slots=True)
class Credited:
    """`account` may withdraw `amount` more of `currency` (the zero address: ETH)."""

    account: ChecksumAddress
    currency: ChecksumAddress
    amount: Wei


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """`account` took `amount` of `currency` out, to `recipient`."""

    account: ChecksumAddress
    currency: ChecksumAddress
    recipient: ChecksumAddress
    amount: Wei


@dataclass(frozen=True, slots=True)
class PlatformSet:
    """New drops pay `fee` of released money to `treasury`."""

    treasury: ChecksumAddress
    fee: Bps


@dataclass(frozen=True, slots=True)
class CurrencySet:
    """New drops may be paid in `currency`, or no longer may; drops name it by `index`."""

    currency: ChecksumAddress
    index: int
    allowed: bool


@dataclass(frozen=True, slots=True)
class GuardianSet:
    """`guardian` may pause drops; nobody: nobody may."""

    guardian: ChecksumAddress


@dataclass(frozen=True, slots=True)
class OwnershipTransferStarted:
    """The platform's owner offers ownership, which the new owner must accept."""

    previous_owner: ChecksumAddress
    new_owner: ChecksumAddress


@dataclass(frozen=True, slots=True)
class OwnershipTransferred:
    """The platform has another owner."""

    previous_owner: ChecksumAddress
    new_owner: ChecksumAddress
