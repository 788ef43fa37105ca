"""A drop as a mentor offers it: terms, tiers, phases, in the contract's words.

Owns the values that creating a drop takes, member for member as in `contracts/types/Terms.sol`.
Refuses to judge them: `marketplace.domain.bounds` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, unique
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.money import Bps

if TYPE_CHECKING:
    from marketplace.domain.ids import DropId, PhaseIndex, TierIndex
    from marketplace.domain.money import Wei

NO_GATE_DATA: Final = bytes(32)
HIGHEST_FEE: Final = Bps(1_000)
"""The platform's fee can never be higher: the contract bounds it."""


@unique
class DropState(IntEnum):
    """The life of a drop. NONE is a drop that was never created.

    NARROW: only the objectors' seats are in dispute. WIDE: all seats are.
    """

    NONE = 0
    LIVE = 1
    ASSERTED = 2
    DISPUTED_NARROW = 3
    DISPUTED_WIDE = 4
    SPLIT_NARROW = 5
    SPLIT_WIDE = 6
    SETTLED = 7
    CANCELLED = 8
    FAILED = 9


@unique
class TransferPolicy(IntEnum):
    """How seats move. MARKET_ONLY: by sale here or as a gift. OPEN: as any ERC-721 token.

    BOUND: never.
    """

    MARKET_ONLY = 0
    OPEN = 1
    BOUND = 2


@unique
class Gate(IntEnum):
    """Who may mint in a phase: anybody, a Merkle allowlist, signed passes, another drop's seats."""

    PUBLIC = 0
    ALLOWLIST = 1
    PASS = 2
    SEAT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTerms:
    """What a mentor signs up to. Times are Unix seconds and name the last second that counts.

    Attributes:
        resolver: Who decides a dispute: never the mentor, the payout or nobody.
        royalty: The mentor's share of a resale.
        toll: What a gift pays, of the tier's list price.
        resale_cap: The highest resale price, of the seat's own face; 0: no resale.
        gift_cooldown: Seconds that a seat must have been held before it is given away.
        starts_at: When the first session starts.
        ends_at: When the last session ends.
        deliver_by: When the mentor must have asserted delivery.
        refund_until: The end of the refund window.
        penalty: What a refund inside the window costs, of the seat's face.
        challenge_days: How long a holder may object after the assertion.
        default_split: The holders' share if a wide dispute is never decided.
        terms_hash: 32 bytes: the hash of the human-readable terms.
        payout: Where released money goes; nobody: the mentor.
        currency: The ERC-20 that seats are paid in; the zero address: ETH.
        policy: How seats move.
        max_fee: The highest platform fee that the mentor accepts, of released money.
        verifier: The key that checks people in; nobody: to be named later.
    """

    resolver: ChecksumAddress
    royalty: Bps
    toll: Bps
    resale_cap: Bps
    gift_cooldown: int
    starts_at: int
    ends_at: int
    deliver_by: int
    refund_until: int
    penalty: Bps
    challenge_days: int
    default_split: Bps
    terms_hash: bytes
    payout: ChecksumAddress = ZERO_ADDRESS
    currency: ChecksumAddress = ETH
    policy: TransferPolicy = TransferPolicy.MARKET_ONLY
    max_fee: Bps = HIGHEST_FEE
    verifier: ChecksumAddress = ZERO_ADDRESS


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTerms:
    """One tier: its list price in the drop's currency, and how many seats may live at once."""

    list_price: Wei
    cap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTerms:
    """A window in which one tier is minted. Times are Unix seconds.

    Attributes:
        tier: The index of the tier that this phase sells.
        price: What one seat costs, at most the tier's list price.
        opens: The first second.
        closes: The last second, at most the drop's `ends_at`.
        gate: Who may mint.
        reserved: Whether `supply` is held back from every other phase until this one closes.
        supply: How many seats of this phase may live at once; 0: as many as the tier has.
        wallet_limit: How many seats one account may mint here; 0: no limit. A courtesy in a
            public phase: one person can hold many accounts.
        gate_data: 32 bytes: the Merkle root, the pass signer or the other drop.
    """

    tier: TierIndex
    price: Wei
    opens: int
    closes: int
    gate: Gate = Gate.PUBLIC
    reserved: bool = False
    supply: int = 0
    wallet_limit: int = 0
    gate_data: bytes = NO_GATE_DATA


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDrop:
    """All that creating a drop takes; its mentor is whoever sends it."""

    terms: DropTerms
    tiers: tuple[TierTerms, ...]
    phases: tuple[PhaseTerms, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MintRequest:
    """Which seats to mint, for whom, and what the caller will pay at most in all.

    The referrer is published for whoever pays referrals elsewhere; the contract pays none.
    """

    drop: DropId
    phase: PhaseIndex
    recipient: ChecksumAddress
    quantity: int
    max_total: Wei
    referrer: ChecksumAddress = ZERO_ADDRESS


@dataclass(frozen=True, slots=True, kw_only=True)
class Minting:
    """One mint of several.

    Attributes:
        payment: What its seats cost in all.
        authorisation: What the phase's gate asks for; empty for a public one.
        currency: The drop's.
    """

    request: MintRequest
    payment: Wei
    authorisation: bytes = b""
    currency: ChecksumAddress = ETH
