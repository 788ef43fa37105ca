"""The whole market as one value.

Owns the words of the contract, spelled out, and the money around it. Refuses to change: every
action gives another market.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import DropState, DropTerms, PhaseTerms
from marketplace.domain.money import NO_MONEY, Bps, Wei
from marketplace.domain.phases import Reserve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
    from marketplace.domain.listing import Listing

Account: TypeAlias = ChecksumAddress
Currency: TypeAlias = ChecksumAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who calls, in which second, with how much ether.

    `block_hash` is that of the block before: a counter's next step.
    """

    sender: Account
    now: int
    value: Wei = NO_MONEY
    block_hash: bytes = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat that was minted once; one that was burned has no owner.

    Attributes:
        approved: Who may move it besides its owner, where seats are ordinary tokens.
        held: K: the royalties, tolls and penalty that wait with it.
        beneficiary: Who burned it.
    """

    owner: Account
    phase: PhaseIndex
    moved_at: int
    epoch: int = 0
    checked_in: bool = False
    granted: bool = False
    objected: bool = False
    claimed: bool = False
    approved: Account = ZERO_ADDRESS
    held: Wei = NO_MONEY
    beneficiary: Account = ZERO_ADDRESS

    @property
    def living(self) -> bool:
        """Whether somebody owns it."""
        return self.owner != ZERO_ADDRESS

    @property
    def locked(self) -> bool:
        """Whether it will never move again."""
        return self.checked_in or self.objected


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A tier and its sales; `escrowed` is the face of its living seats until the drop ends."""

    list_price: Wei
    cap: int
    issued: int = 0
    live: int = 0
    escrowed: Wei = NO_MONEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A phase; `sold` counts its living seats, where its supply bounds them."""

    terms: PhaseTerms
    sold: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """One sale. `terms` are the present ones: postponing and naming a verifier change them.

    Attributes:
        currency_index: The place of its currency among the platform's, from 1; 0: ETH.
        open_face: O while it is asserted; E from its dispute or its end on.
        mint_counts: Seats minted by an account in a phase that limits wallets.
    """

    mentor: Account
    terms: DropTerms
    fee: Bps
    first_deliver_by: int
    currency_index: int
    tiers: tuple[Tier, ...]
    phases: tuple[Phase, ...]
    state: DropState = DropState.LIVE
    terms_version: int = 0
    postponements: int = 0
    paused_until: int = 0
    asserted_at: int = 0
    disputed_at: int = 0
    open_face: Wei = NO_MONEY
    split: Bps = Bps(0)  # noqa: RUF009 - a NewType is the number itself
    mint_counts: Mapping[tuple[PhaseIndex, Account], int] = field(default_factory=dict)
    used_passes: frozenset[int] = frozenset()
    used_seats: frozenset[tuple[PhaseIndex, SeatId]] = frozenset()

    @property
    def payout(self) -> Account:
        """Where released money goes."""
        return self.mentor if self.terms.payout == ZERO_ADDRESS else self.terms.payout

    @property
    def faces(self) -> Wei:
        """The faces of all seats that live, or lived when the drop ended."""
        return Wei(sum(tier.escrowed for tier in self.tiers))

    @property
    def owed(self) -> Wei:
        """E: what the drop owes its seats."""
        if self.state in {DropState.LIVE, DropState.ASSERTED}:
            return self.faces
        return self.open_face

    def reserves(self, tier: TierIndex, besides: PhaseIndex | None = None) -> Iterator[Reserve]:
        """What phases of a tier hold back, but for the phase `besides`."""
        for index, phase in enumerate(self.phases):
            if phase.terms.reserved and phase.terms.tier == tier and index != besides:
                yield Reserve(phase.terms.supply, phase.sold, phase.terms.closes)

    def face(self, seat: Seat) -> Wei:
        """What was paid for a seat when it was minted."""
        return NO_MONEY if seat.granted else self.phases[seat.phase].terms.price

    def with_tier(self, index: TierIndex, tier: Tier) -> Drop:
        """The drop with another tier at this place."""
        return replace(self, tiers=(*self.tiers[:index], tier, *self.tiers[index + 1 :]))

    def with_phase(self, index: PhaseIndex, phase: Phase) -> Drop:
        """The drop with another phase at this place."""
        return replace(self, phases=(*self.phases[:index], phase, *self.phases[index + 1 :]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The contract and the money of everybody who deals with it.

    Attributes:
        currencies: Every ERC-20 ever allowed, in the order of their indexes from 1.
        allowed: Those that new drops may use.
        counters: What listings and offers of an account must carry.
        operators: Who may move all ordinary tokens of whom: owner, operator.
        balances: Money by currency and account, the contract's own included.
        allowances: What the contract may take, by currency and account.
        refusing: Accounts that take neither ether nor the question whether they want a token.
        code: Accounts with code, besides those.
    """

    address: Account
    wrapped_ether: Currency
    owner: Account
    treasury: Account
    fee: Bps
    pending_owner: Account = ZERO_ADDRESS
    guardian: Account = ZERO_ADDRESS
    currencies: tuple[Currency, ...] = ()
    allowed: frozenset[Currency] = frozenset()
    drops: Mapping[DropId, Drop] = field(default_factory=dict)
    seats: Mapping[SeatId, Seat] = field(default_factory=dict)
    credits: Mapping[tuple[Currency, Account], Wei] = field(default_factory=dict)
    counters: Mapping[Account, int] = field(default_factory=dict)
    operators: frozenset[tuple[Account, Account]] = frozenset()
    stored_listings: frozenset[Listing] = frozenset()
    spent_offers: frozenset[tuple[Account, int]] = frozenset()
    balances: Mapping[tuple[Currency, Account], Wei] = field(default_factory=dict)
    allowances: Mapping[tuple[Currency, Account], Wei] = field(default_factory=dict)
    refusing: frozenset[Account] = frozenset()
    code: frozenset[Account] = frozenset()

    def living(self, seat: SeatId) -> Seat | None:
        """The seat, if somebody owns it."""
        kept = self.seats.get(seat)
        return kept if kept is not None and kept.living else None

    def counter(self, account: Account) -> int:
        """The counter that listings and offers of an account must carry."""
        return self.counters.get(account, 0)

    def balance(self, currency: Currency, account: Account) -> Wei:
        """What an account owns of a currency."""
        return self.balances.get((currency, account), NO_MONEY)

    def credit(self, currency: Currency, account: Account) -> Wei:
        """What an account may withdraw."""
        return self.credits.get((currency, account), NO_MONEY)

    def currency_index(self, currency: Currency) -> int:
        """The newest index that names a currency; 0: ETH, or none does."""
        places = [place for place, one in enumerate(self.currencies, start=1) if one == currency]
        return max(places, default=0)

    def seat_count(self, account: Account) -> int:
        """How many seats an account owns: `balanceOf`."""
        return sum(seat.owner == account for seat in self.seats.values())

    def with_drop(self, drop: DropId, value: Drop) -> Market:
        """The market with another drop of this number."""
        return replace(self, drops={**self.drops, drop: value})

    def with_seat(self, seat: SeatId, value: Seat) -> Market:
        """The market with another seat of this number."""
        return replace(self, seats={**self.seats, seat: value})


NO_DROP = DropState.NONE
"""The state of a drop that was never created."""


def drop_state(market: Market, drop: DropId) -> DropState:
    """The state of a drop, of one that was never created too."""
    kept = market.drops.get(drop)
    return NO_DROP if kept is None else kept.state


def currency_of(market: Market, drop: DropId) -> Currency:
    """What the seats of a drop are paid in; ETH for a drop that was never created."""
    kept = market.drops.get(drop)
    return ETH if kept is None else kept.terms.currency
