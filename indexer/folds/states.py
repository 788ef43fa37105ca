"""What the mirror knows of each thing after an event, and what simply happened.

Owns one frozen class for each table of `indexer.store.fold_tables`, with the columns' names as
fields. Refuses the place on the chain, which `folding` adds, and every derived number that a
question can count for itself.

`KEY` names the fields that say which thing it is; a fact has none, nor has the one platform.
`ONCE_A_BLOCK` keeps only the last state of a block, for things that one block may touch hundreds of
times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
    from marketplace.domain.money import Bps, Wei

Change: TypeAlias = Literal["mint", "sale", "gift", "burn", "hold", "cancel", "lock"]
"""What made a seat's state: the first four change the owner, the others do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The common ground of states and facts: a row of one table."""

    KEY: ClassVar[tuple[str, ...]] = ()
    ONCE_A_BLOCK: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(State):
    """What happened and is the state of no thing: no later event asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatState(State):
    """A seat; nobody owns it once it is burned.

    Attributes:
        change: What made this state.
        epoch: As in the contract: one more at each change of owner and each cancelling.
        moved_at: Unix second of the block of the last change of owner.
        moved_block: Number of that block.
        phase: In which it was minted.
        flags: The bits of `marketplace.domain.words.SeatFlag`.
        locked: 1 once the contract has said that it will not move again (ERC-5192).
        face: What the phase charged for it.
        held: The royalties and tolls that wait with it.
    """

    KEY: ClassVar[tuple[str, ...]] = ("seat",)

    seat: SeatId
    change: Change
    owner: ChecksumAddress
    epoch: int
    moved_at: int
    moved_block: int
    phase: PhaseIndex
    flags: int
    locked: int
    face: Wei
    held: Wei


@dataclass(frozen=True, slots=True, kw_only=True)
class DropState(State):
    """Terms and state of a drop; times are Unix seconds, the last that counts.

    Attributes:
        payout: Nobody where the mentor is paid.
        verifier: Nobody where none was named yet.
        state: As in `marketplace.domain.drop.DropState`.
        policy: As in `marketplace.domain.drop.TransferPolicy`.
        currency_index: The platform's currency at this index; 0: ETH.
        terms_hash: The hash of the human-readable terms; 0x and 64 hex digits.
    """

    KEY: ClassVar[tuple[str, ...]] = ("drop_id",)

    drop_id: DropId
    mentor: ChecksumAddress
    payout: ChecksumAddress
    verifier: ChecksumAddress
    resolver: ChecksumAddress
    state: int
    policy: int
    currency_index: int
    terms_version: int
    postponements: int
    tier_count: int
    phase_count: int
    royalty_bps: Bps
    toll_bps: Bps
    resale_cap_bps: Bps
    penalty_bps: Bps
    default_split_bps: Bps
    fee_bps: Bps
    gift_cooldown_s: int
    challenge_days: int
    starts_at: int
    ends_at: int
    deliver_by: int
    first_deliver_by: int
    refund_until: int
    paused_until: int
    terms_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierState(State):
    """A tier and its sales; `escrowed` is the face that the drop owes to its live seats."""

    KEY: ClassVar[tuple[str, ...]] = ("drop_id", "tier")
    ONCE_A_BLOCK: ClassVar[bool] = True

    drop_id: DropId
    tier: TierIndex
    list_price: Wei
    cap: int
    issued: int
    live: int
    escrowed: Wei


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseState(State):
    """A phase and its sales.

    Attributes:
        gate: As in `marketplace.domain.drop.Gate`.
        sold: Counted in every phase; the contract counts only where `supply` bounds it.
        reserves: The phases, one bit each, that hold back seats of the same tier.
        gate_data: 0x and 64 hex digits; zero for a public phase.
    """

    KEY: ClassVar[tuple[str, ...]] = ("drop_id", "phase")
    ONCE_A_BLOCK: ClassVar[bool] = True

    drop_id: DropId
    phase: PhaseIndex
    tier: TierIndex
    gate: int
    price: Wei
    opens: int
    closes: int
    supply: int
    sold: int
    wallet_limit: int
    reserves: int
    gate_data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterState(State):
    """An account's counter: listings and offers that carry a lower one are dead."""

    KEY: ClassVar[tuple[str, ...]] = ("account",)

    account: ChecksumAddress
    counter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditState(State):
    """What an account may withdraw of a currency (the zero address: ETH)."""

    KEY: ClassVar[tuple[str, ...]] = ("account", "currency")

    account: ChecksumAddress
    currency: ChecksumAddress
    amount: Wei


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformState(State):
    """Treasury, fee of new drops, owner and the one who was offered ownership."""

    treasury: ChecksumAddress
    fee_bps: Bps
    owner: ChecksumAddress
    pending_owner: ChecksumAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Mint(Fact):
    """`account` paid `price` for each of `quantity` seats, numbered from `first_seat`."""

    first_seat: SeatId
    quantity: int
    phase: PhaseIndex
    account: ChecksumAddress
    referrer: ChecksumAddress
    price: Wei


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale(Fact):
    """A seat was sold; `royalty` of `price` waits with it."""

    seat: SeatId
    seller: ChecksumAddress
    buyer: ChecksumAddress
    price: Wei
    royalty: Wei


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredListing(Fact):
    """A seller stored a listing on chain. Nothing here says that it is still alive."""

    seat: SeatId
    seller: ChecksumAddress
    taker: ChecksumAddress
    price: Wei
    epoch: int
    counter: int
    terms_version: int
    expiry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Told by one event for the transfer that must follow it in the same transaction.

    Never stored: whatever is still announced at the end of a transaction is a contradiction.
    """

    seat: SeatId
    change: Literal["mint", "sale"]
    owner: ChecksumAddress | None
    phase: PhaseIndex
    face: Wei
    royalty: Wei
