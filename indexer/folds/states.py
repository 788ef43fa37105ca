"""What the mirror knows of each thing after an event, and what simply happened.

Owns one frozen class for each table of `indexer.store.fold_tables`, with the columns' names as
fields. Refuses the place on the chain, which `folding` adds, and every derived number that a
question can count for itself.

`KEY` names the fields that say which thing it is; a fact has none, nor has the one platform.
`ONCE_A_BLOCK` keeps only the last state of a block, for things that one block may touch hundreds of
times.

They are msgspec's structs and not dataclasses: to make one, or one from another, is the innermost
work of folding, and is twelve to thirty times as fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
    from marketplace.domain.money import Bps, Wei

Change: TypeAlias = Literal[
    "mint",
    "sale",
    "gift",
    "burn",
    "hold",
    "cancel",
    "lock",
    "check_in",
    "object",
    "claim",
    "collect",
]
"""What made a seat's state: the first four change the owner, the others do not."""


Scope: TypeAlias = Literal["all", "contract", "token"]
"""How far a delegation reaches."""


class State(Struct, frozen=True, kw_only=True, gc=False):
    """The common ground of states and facts: a row of one table."""

    KEY: ClassVar[tuple[str, ...]] = ()
    ONCE_A_BLOCK: ClassVar[bool] = False


class Fact(State, frozen=True, kw_only=True, gc=False):
    """What happened and is the state of no thing: no later event asks for it."""


class SeatState(State, frozen=True, kw_only=True, gc=False):
    """A seat; nobody owns it once it is burned, and what waited with it still waits.

    Attributes:
        change: What made this state.
        epoch: As in the contract: one more at each change of owner and each cancelling.
        moved_at: Unix second of the block of the last change of owner.
        moved_block: Number of that block.
        phase: In which it was minted.
        flags: The bits of `marketplace.domain.words.SeatFlag`.
        locked: 1 once the contract has said that it will not move again (ERC-5192).
        face: What the phase charged for it; nothing where it was granted.
        held: K: the royalties, tolls and penalty that wait with it.
        beneficiary: Whom a claim pays once nobody owns it: who burned it. Nobody before that.
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
    beneficiary: ChecksumAddress


class DropState(State, frozen=True, kw_only=True, gc=False):
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


class ClosingState(State, frozen=True, kw_only=True, gc=False):
    """How a drop ends; a drop that was neither asserted nor ended has none.

    A state of its own, as in the contract: every claim counts it down, and no claim changes terms.

    Attributes:
        asserted_at: Unix second of the block of the mentor's assertion; 0: not yet.
        evidence: The hash that the mentor published with it; 0x and 64 hex digits.
        objected: The face under objection. It stays what it was when the dispute began.
        disputed_at: Unix second of the block in which the dispute began; 0: never.
        split_bps: The holders' share of a dispute that was decided.
        owed: E from the dispute or the end on: what the drop still owes its seats. 0 before that,
            while E is the face of all living seats.
    """

    KEY: ClassVar[tuple[str, ...]] = ("drop_id",)
    ONCE_A_BLOCK: ClassVar[bool] = True

    drop_id: DropId
    asserted_at: int
    evidence: str
    objected: Wei
    disputed_at: int
    split_bps: Bps
    owed: Wei


class TierState(State, frozen=True, kw_only=True, gc=False):
    """A tier and its sales.

    `escrowed` is the face of its living seats, which the drop owes them until it is disputed or
    ends; from then on it stays, and `ClosingState.owed` counts down.
    """

    KEY: ClassVar[tuple[str, ...]] = ("drop_id", "tier")
    ONCE_A_BLOCK: ClassVar[bool] = True

    drop_id: DropId
    tier: TierIndex
    list_price: Wei
    cap: int
    issued: int
    live: int
    escrowed: Wei


class PhaseState(State, frozen=True, kw_only=True, gc=False):
    """A phase and its sales.

    Attributes:
        gate: As in `marketplace.domain.drop.Gate`.
        sold: Its living seats, counted in every phase; the contract counts only where `supply`
            bounds them.
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


class CounterState(State, frozen=True, kw_only=True, gc=False):
    """An account's counter: listings and offers that carry a lower one are dead."""

    KEY: ClassVar[tuple[str, ...]] = ("account",)

    account: ChecksumAddress
    counter: int


class CreditState(State, frozen=True, kw_only=True, gc=False):
    """What an account may withdraw of a currency (the zero address: ETH)."""

    KEY: ClassVar[tuple[str, ...]] = ("account", "currency")

    account: ChecksumAddress
    currency: ChecksumAddress
    amount: Wei


class PlatformState(State, frozen=True, kw_only=True, gc=False):
    """Treasury, fee of new drops, owner, who was offered ownership, and who may pause drops."""

    treasury: ChecksumAddress
    fee_bps: Bps
    owner: ChecksumAddress
    pending_owner: ChecksumAddress
    guardian: ChecksumAddress


class CurrencyState(State, frozen=True, kw_only=True, gc=False):
    """The currency that drops name by an index; `allowed` is 1 while new drops may be paid in it.

    An index names one currency for ever. One that is allowed again gets another index.
    """

    KEY: ClassVar[tuple[str, ...]] = ("currency_index",)

    currency_index: int
    currency: ChecksumAddress
    allowed: int


class DelegationState(State, frozen=True, kw_only=True, gc=False):
    """A delegation of `delegator` to `delegate`, and whether it still stands.

    Attributes:
        scope: Everything, one contract, or one token of it. `contract` is nobody and `token` 0
            where the scope has none.
        rights: 0x and 64 hex digits; zero: all rights.
        enabled: 1 until it is revoked.
    """

    KEY: ClassVar[tuple[str, ...]] = (
        *("delegator", "delegate", "scope", "contract", "token", "rights"),
    )

    delegator: ChecksumAddress
    delegate: ChecksumAddress
    scope: Scope
    contract: ChecksumAddress
    token: int
    rights: str
    enabled: int


class Mint(Fact, frozen=True, kw_only=True, gc=False):
    """`account` paid `price` for each of `quantity` seats, numbered from `first_seat`."""

    first_seat: SeatId
    quantity: int
    phase: PhaseIndex
    account: ChecksumAddress
    referrer: ChecksumAddress
    price: Wei


class Sale(Fact, frozen=True, kw_only=True, gc=False):
    """A seat was sold; `royalty` of `price` waits with it."""

    seat: SeatId
    seller: ChecksumAddress
    buyer: ChecksumAddress
    price: Wei
    royalty: Wei


class StoredListing(Fact, frozen=True, kw_only=True, gc=False):
    """A seller stored a listing on chain. Nothing here says that it is still alive."""

    seat: SeatId
    seller: ChecksumAddress
    taker: ChecksumAddress
    price: Wei
    epoch: int
    counter: int
    terms_version: int
    expiry: int


class SpentOffer(Fact, frozen=True, kw_only=True, gc=False):
    """No offer of a buyer with this nonce can be taken any more.

    Attributes:
        how: Filled with a seat, or cancelled by the buyer. Cancelling what is spent is told too.
        seat: What it was filled with; 0 where it was cancelled.
    """

    buyer: ChecksumAddress
    nonce: int
    how: Literal["fill", "cancel"]
    seat: SeatId


class UsedPass(Fact, frozen=True, kw_only=True, gc=False):
    """`account` minted with the pass `nonce` of a drop, which nobody can do again."""

    drop_id: DropId
    account: ChecksumAddress
    nonce: int


class UsedSeat(Fact, frozen=True, kw_only=True, gc=False):
    """A seat of another drop opened a phase of a drop, and will not again."""

    drop_id: DropId
    phase: PhaseIndex
    seat: SeatId


class Announced(Struct, frozen=True, kw_only=True, gc=False):
    """Told by one event for the transfer that must follow it in the same transaction.

    Never stored: whatever is still announced at the end of a transaction is a contradiction.

    Attributes:
        owner: Who owns the seat afterwards; None: the transfer says it.
        flags: Those that it is minted with.
        adds: What waits with it besides: a royalty or a penalty.
        beneficiary: Whom a claim pays when nobody owns it.
    """

    seat: SeatId
    change: Literal["mint", "sale", "burn"]
    owner: ChecksumAddress | None
    phase: PhaseIndex
    face: Wei
    flags: int
    adds: Wei
    beneficiary: ChecksumAddress
