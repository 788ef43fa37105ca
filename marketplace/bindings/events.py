"""Every event of the contract as a frozen value.

Owns one class for each event of the ABI, named as there, with its fields in snake case and in its
order. Refuses places on the chain: `marketplace.bindings.logs` adds block and position.
"""

# Annotations are evaluated: decoding reads them.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.money import Bps, Wei


@dataclass(frozen=True, slots=True)
class DropCreated:
    """A drop was created; `marketplace.domain.words.DropWords` reads its words."""

    drop: DropId
    mentor: ChecksumAddress
    terms_hash: bytes
    words: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PayoutSet:
    """Released money of a drop goes to `payout` instead of the mentor."""

    drop: DropId
    payout: ChecksumAddress


@dataclass(frozen=True, slots=True)
class VerifierSet:
    """`verifier` checks people in to the sessions of a drop."""

    drop: DropId
    verifier: ChecksumAddress


@dataclass(frozen=True, slots=True)
class SeatsMinted:
    """`account` minted `quantity` seats, numbered upwards from `first`, at the phase's price."""

    first: SeatId
    phase: PhaseIndex
    quantity: int
    account: ChecksumAddress
    referrer: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Transfer:
    """ERC-721: a seat was minted (`from_` nobody), burned (`to` nobody) or moved."""

    from_: ChecksumAddress
    to: ChecksumAddress
    id: SeatId


@dataclass(frozen=True, slots=True)
class Approval:
    """ERC-721: `account` may move a seat."""

    owner: ChecksumAddress
    account: ChecksumAddress
    id: SeatId


@dataclass(frozen=True, slots=True)
class ApprovalForAll:
    """ERC-721: `operator` may, or no longer may, move all seats of `owner`."""

    owner: ChecksumAddress
    operator: ChecksumAddress
    is_approved: bool


@dataclass(frozen=True, slots=True)
class Locked:
    """ERC-5192: a seat will not move again."""

    token_id: SeatId


@dataclass(frozen=True, slots=True)
class ListingsCancelled:
    """The owner raised the epoch of a seat: every listing of it is dead."""

    seat: SeatId
    epoch: int


@dataclass(frozen=True, slots=True)
class SeatSold:
    """A seat was sold. `royalty` of `price` waits with it; the seller got the rest."""

    seat: SeatId
    seller: ChecksumAddress
    buyer: ChecksumAddress
    price: Wei
    royalty: Wei


@dataclass(frozen=True, slots=True)
class ListingStored:
    """The seller authorised a listing on chain: it needs no signature."""

    seat: SeatId
    seller: ChecksumAddress
    price: Wei
    epoch: int
    counter: int
    terms_version: int
    taker: ChecksumAddress
    expiry: int


@dataclass(frozen=True, slots=True)
class CounterBumped:
    """Every listing and offer of `account` with a lower counter is dead."""

    account: ChecksumAddress
    counter: int


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
class OwnershipTransferStarted:
    """The platform's owner offers ownership, which the new owner must accept."""

    previous_owner: ChecksumAddress
    new_owner: ChecksumAddress


@dataclass(frozen=True, slots=True)
class OwnershipTransferred:
    """The platform has another owner."""

    previous_owner: ChecksumAddress
    new_owner: ChecksumAddress


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
)
"""Any event of the contract."""
