"""Every event of the contract as a frozen value.

Owns one class for each event of the ABI, named as there, with its fields in snake case and in its
order. Refuses places on the chain: `marketplace.bindings.logs` adds block and position.
"""

# Annotations are evaluated: decoding reads them.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
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


@dataclass(frozen=True, slots=True)
class SeatsGranted:
    """The mentor gave `quantity` seats away, numbered upwards from `first`; their face is zero."""

    first: SeatId
    quantity: int


@dataclass(frozen=True, slots=True)
class PassUsed:
    """`account` used the pass `nonce` of a drop."""

    drop: DropId
    account: ChecksumAddress
    nonce: int


@dataclass(frozen=True, slots=True)
class SeatUsed:
    """A seat of another drop has opened `phase` of a drop and will not again."""

    drop: DropId
    seat: SeatId
    phase: PhaseIndex


@dataclass(frozen=True, slots=True)
class CapLowered:
    """At most `cap` seats of a tier live from now on."""

    drop: DropId
    tier: TierIndex
    cap: int


@dataclass(frozen=True, slots=True)
class DropPaused:
    """Minting and sales are paused to the end of `until`; a second that is over ends a pause."""

    drop: DropId
    until: int


@dataclass(frozen=True, slots=True)
class DropPostponed:
    """The drop has new times, the next terms version and no penalty."""

    drop: DropId
    starts_at: int
    ends_at: int
    deliver_by: int
    refund_until: int


@dataclass(frozen=True, slots=True)
class DropCancelled:
    """The mentor cancelled the drop: everybody gets everything back."""

    drop: DropId


@dataclass(frozen=True, slots=True)
class DropFailed:
    """The mentor did not assert delivery in time: everybody gets everything back."""

    drop: DropId


@dataclass(frozen=True, slots=True)
class SeatRefunded:
    """`account` gave a seat back for `paid` and left `penalty` of its face behind; it is burned."""

    seat: SeatId
    account: ChecksumAddress
    paid: Wei
    penalty: Wei


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """The holder of a seat was checked in by `verifier`: it does not move any more."""

    seat: SeatId
    holder: ChecksumAddress
    verifier: ChecksumAddress


@dataclass(frozen=True, slots=True)
class DeliveryAsserted:
    """The mentor says that everything was delivered; `evidence` is the hash of the proof."""

    drop: DropId
    evidence: bytes


@dataclass(frozen=True, slots=True)
class Objected:
    """The holder of a seat contests the assertion: `face` more is under objection."""

    seat: SeatId
    holder: ChecksumAddress
    face: Wei


@dataclass(frozen=True, slots=True)
class DropSettled:
    """Nobody contests: `released`, all that the drop owed, went to the mentor."""

    drop: DropId
    released: Wei


@dataclass(frozen=True, slots=True)
class DropDisputed:
    """`owed` is in dispute; `released` was not contested and went to the mentor."""

    drop: DropId
    wide: bool
    owed: Wei
    released: Wei


@dataclass(frozen=True, slots=True)
class DropResolved:
    """The holders in dispute get `split` of their faces; `released` went to the mentor."""

    drop: DropId
    split: Bps
    released: Wei
    by_default: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """`account` is paid `face` from escrow and `held` of what waited; `released` to the mentor."""

    seat: SeatId
    account: ChecksumAddress
    face: Wei
    held: Wei
    released: Wei


@dataclass(frozen=True, slots=True)
class Collected:
    """`amount`, all that waited with a seat, went to the mentor."""

    seat: SeatId
    amount: Wei


@dataclass(frozen=True, slots=True)
class OfferFilled:
    """The offer `nonce` of `buyer` was filled with a seat; SeatSold tells the rest."""

    buyer: ChecksumAddress
    seat: SeatId
    nonce: int


@dataclass(frozen=True, slots=True)
class OfferCancelled:
    """The offers of `buyer` with this nonce are dead."""

    buyer: ChecksumAddress
    nonce: int


@dataclass(frozen=True, slots=True)
class ListingSkipped:
    """In a purchase of several, the listing of a seat could not be filled; 4 bytes say why."""

    seat: SeatId
    reason: bytes


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
class MetadataUpdate:
    """ERC-4906: the metadata of a seat changed."""

    token_id: SeatId


@dataclass(frozen=True, slots=True)
class BatchMetadataUpdate:
    """ERC-4906: the metadata of all these seats changed."""

    from_token_id: SeatId
    to_token_id: SeatId


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
