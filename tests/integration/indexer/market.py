"""A small model of the contract that says which events an action causes.

It owns the rules that events depend on (numbers, epochs, royalties, credits) and their ABI
encoding; how drops end is in `endings`. It shares no code with the folds: what it holds after a
history is what the mirror must hold. Refuses prices, windows and signatures: no event depends on
them.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, fields
from random import Random
from typing import TYPE_CHECKING, Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indexer.rpc.values import RawLog
from marketplace.bindings import events
from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.events.delegations import DelegationEvent
from marketplace.bindings.interface import interface_of
from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import DropState, Gate, TransferPolicy
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Bps, Wei
from marketplace.domain.words import (
    ArbitrationWord,
    DropWords,
    PhaseWord,
    RulesWord,
    ScheduleWord,
    SeatFlag,
    TierWord,
)
from tests.integration.indexer.delegating import REGISTRY, Given, delegate
from tests.integration.indexer.endings import DROP_KINDS, MOVING, SEAT_KINDS, DropModel, end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.folds.folding import AnyEvent
    from marketplace.bindings.events import Event

SEATS: Final = checksum_address(b"\x5e" * 20)
STRANGER: Final = checksum_address(b"\xee" * 20)
PEOPLE: Final = tuple(checksum_address(bytes([number]) * 20) for number in range(1, 7))
PRICE: Final = Wei(10**17)
TIERS: Final = 2
CAP: Final = 99_999


@dataclass
class SeatModel:
    """A seat as the contract would answer."""

    owner: ChecksumAddress
    moved_at: int
    epoch: int = 0
    held: int = 0
    locked: bool = False
    face: int = 0
    flags: int = 0
    beneficiary: ChecksumAddress = ZERO_ADDRESS


@dataclass
class Market:
    """Everything that the events of a history add up to."""

    drops: dict[int, ChecksumAddress] = field(default_factory=dict)
    bound: set[int] = field(default_factory=set)
    issued: dict[tuple[int, int], int] = field(default_factory=dict)
    seats: dict[int, SeatModel] = field(default_factory=dict)
    counters: dict[ChecksumAddress, int] = field(default_factory=dict)
    credits: dict[ChecksumAddress, int] = field(default_factory=dict)
    owner: ChecksumAddress = ZERO_ADDRESS
    guardian: ChecksumAddress = ZERO_ADDRESS
    sales: int = 0
    lives: dict[int, DropModel] = field(default_factory=dict)
    currencies: list[tuple[ChecksumAddress, bool]] = field(default_factory=list)
    spent_offers: set[tuple[ChecksumAddress, int]] = field(default_factory=set)
    used_passes: set[tuple[int, int]] = field(default_factory=set)
    used_seats: set[tuple[int, int, int]] = field(default_factory=set)
    delegations: dict[Given, bool] = field(default_factory=dict)
    people: tuple[ChecksumAddress, ...] = PEOPLE

    def copied(self) -> Market:
        return copy.deepcopy(self)

    def births(
        self,
        drop: DropId,
        tier: TierIndex,
        quantity: int,
        to: ChecksumAddress,
        now: int,
        *,
        granted: bool = False,
    ) -> SeatId:
        """Let the next seats of a tier live; gives the first."""
        issued = self.issued.get((drop, tier), 0)
        self.issued[drop, tier] = issued + quantity
        first = SeatId.of(drop, tier, issued + 1)
        face, flags = (0, int(SeatFlag.GRANTED)) if granted else (PRICE, 0)
        for number in range(quantity):
            self.seats[first + number] = SeatModel(
                to, now, locked=drop in self.bound, face=face, flags=flags
            )
        return first

    def told_births(self, first: SeatId, quantity: int, to: ChecksumAddress) -> list[Event]:
        """The events that every birth has."""
        ids = [SeatId(first + number) for number in range(quantity)]
        told: list[Event] = [events.Transfer(ZERO_ADDRESS, to, seat) for seat in ids]
        if first.drop in self.bound:
            told += [events.Locked(seat) for seat in ids]
        return told


@dataclass(frozen=True)
class Action:
    """Something that an account did; `dice` decides the rest, the same on every branch."""

    kind: str
    dice: int


KINDS: Final = (
    *("create", "verifier", "payout", "bump", "list", "credit", "withdraw", "offer", "stranger"),
    *("currency", "guardian", "cancel_offer", "use_pass", "approve", "skip"),
    *("create", "mint", "sale", "gift", "cancel", "held_gift", "fill", "refund", "claim") * 4,
    *("check_in", "collect", "resolve") * 3,
    *("object",) * 8,
    *DROP_KINDS,
    *SEAT_KINDS,
)


STILL: Final = ("cancel", "list", "skip", "approve")
ELSEWHERE: Final = ("stranger", "delegate")


def is_there(market: Market) -> bool:
    """Whether the contract was created: from then on it has an owner."""
    return market.owner != ZERO_ADDRESS


def perform(market: Market, action: Action, now: int) -> Sequence[AnyEvent | None]:
    """Change the model and give the events; nothing where the contract would have refused.

    None is a log of another contract.
    """
    dice = Random(f"{action.kind}{action.dice}")
    one, other = dice.sample(PEOPLE, 2)
    if action.kind in ELSEWHERE:
        return _elsewhere(market, action.kind, one, other, dice)
    if is_there(market) == (action.kind == "deploy"):
        # On a branch that leaves out its creation there is no contract, and it is created once.
        return []
    return _here(market, action.kind, one, other, dice, now)


def _here(
    market: Market, kind: str, one: ChecksumAddress, other: ChecksumAddress, dice: Random, now: int
) -> Sequence[Event]:
    """What the seats' contract tells."""
    if kind in {*STILL, "sale", "gift", "held_gift", "fill"}:
        return _with_seat(market, kind, dice, now)
    if kind in {"bump", "credit", "withdraw", "cancel_offer"}:
        return _with_account(market, kind, one, other, dice)
    if kind in {"mint", "verifier", "payout", "use_pass"}:
        return _with_drop(market, kind, one, other, dice, now)
    if kind in {*DROP_KINDS, *SEAT_KINDS}:
        return end(market, kind, dice, now)
    return _with_platform(market, kind, one, other, dice)


def _elsewhere(
    market: Market, kind: str, one: ChecksumAddress, other: ChecksumAddress, dice: Random
) -> Sequence[AnyEvent | None]:
    """What other contracts than the seats' tell."""
    if kind == "stranger":
        return [None]
    contracts, tokens = (SEATS, STRANGER), sorted(market.seats)
    return delegate(market.delegations, one, other, contracts, tokens, dice)


def _with_platform(
    market: Market, kind: str, one: ChecksumAddress, other: ChecksumAddress, dice: Random
) -> Sequence[Event]:
    if kind == "create":
        return _create(market, one, dice)
    if kind == "offer":
        return [events.OwnershipTransferStarted(market.owner, one)]
    if kind == "guardian":
        market.guardian = one
        return [events.GuardianSet(one)]
    if kind == "currency":
        return _currency(market, dice)
    market.owner = one
    return [events.OwnershipTransferred(ZERO_ADDRESS, one), events.PlatformSet(other, Bps(500))]


def _currency(market: Market, dice: Random) -> list[Event]:
    """Allow another currency, or the last one no longer."""
    if market.currencies and market.currencies[-1][1] and dice.random() < 0.5:
        market.currencies[-1] = (market.currencies[-1][0], False)
    else:
        market.currencies.append((checksum_address(dice.randbytes(20)), True))
    currency, allowed = market.currencies[-1]
    return [events.CurrencySet(currency, len(market.currencies), allowed)]


def _with_drop(
    market: Market,
    kind: str,
    one: ChecksumAddress,
    other: ChecksumAddress,
    dice: Random,
    now: int,
) -> Sequence[Event]:
    if kind == "mint":
        return _mint(market, one, other, dice, now)
    if not market.drops:
        return []
    drop = DropId(dice.choice(sorted(market.drops)))
    if kind == "use_pass":
        nonce = dice.choice([0, 1, 2**256 - 1])
        if (drop, nonce) in market.used_passes:
            return []
        market.used_passes.add((drop, nonce))
        return [events.PassUsed(drop, one, nonce)]
    if kind == "verifier":
        return [events.VerifierSet(drop, other)]
    return [events.PayoutSet(drop, other)]


def _with_account(
    market: Market, kind: str, one: ChecksumAddress, other: ChecksumAddress, dice: Random
) -> Sequence[Event]:
    if kind == "bump":
        market.counters[one] = market.counters.get(one, 0) + 1
        return [events.CounterBumped(one, market.counters[one])]
    if kind == "cancel_offer":
        nonce = dice.randrange(3)
        market.spent_offers.add((one, nonce))
        return [events.OfferCancelled(one, nonce)]
    if kind == "credit":
        amount = Wei(dice.randrange(1, 2**90))
        market.credits[one] = market.credits.get(one, 0) + amount
        return [events.Credited(one, ETH, amount)]
    if not market.credits.get(one):
        return []
    amount = Wei(dice.randint(1, market.credits[one]))
    market.credits[one] -= amount
    return [events.Withdrawn(one, ETH, other, amount)]


def _create(market: Market, mentor: ChecksumAddress, dice: Random) -> list[Event]:
    drop = DropId(len(market.drops) + 1)
    policy = dice.choice([TransferPolicy.MARKET_ONLY] * 4 + [TransferPolicy.BOUND])
    market.drops[drop] = mentor
    market.lives[drop] = DropModel(caps=[CAP] * TIERS)
    if policy is TransferPolicy.BOUND:
        market.bound.add(drop)
    words = DropWords(
        rules=RulesWord(
            state=DropState.LIVE,
            policy=policy,
            currency_index=0,
            terms_version=0,
            royalty=Bps(dice.randint(0, 2_000)),
            toll=Bps(0),
            resale_cap=Bps(10_000),
            tier_count=TIERS,
            phase_count=TIERS,
            gift_cooldown=0,
            paused_until=0,
            ends_at=2_000_000_000,
            deliver_by=2_000_000_001,
        ),
        schedule=ScheduleWord(
            mentor=mentor, starts_at=1_900_000_000, refund_until=1_900_000_000, fee=Bps(500)
        ),
        arbitration=ArbitrationWord(
            resolver=dice.choice(PEOPLE),
            first_deliver_by=2_000_000_001,
            challenge_days=7,
            postponements=0,
            penalty=Bps(100),
            default_split=Bps(5_000),
        ),
        tiers=tuple(
            TierWord(list_price=PRICE, escrowed=Wei(0), cap=CAP, issued=0, live=0)
            for _ in range(TIERS)
        ),
        phases=tuple(
            PhaseWord(
                price=PRICE,
                opens=0,
                closes=2_000_000_000,
                supply=0,
                sold=0,
                wallet_limit=0,
                tier=TierIndex(tier),
                gate=dice.choice([Gate.PUBLIC, Gate.ALLOWLIST]),
                reserves=0,
            )
            for tier in range(TIERS)
        ),
        gate_data=(bytes(32), bytes(32)),
    )
    words = DropWords(
        **{one.name: getattr(words, one.name) for one in fields(words) if one.name != "gate_data"},
        gate_data=tuple(
            bytes(32) if phase.gate is Gate.PUBLIC else dice.randbytes(32) for phase in words.phases
        ),
    )
    return [events.DropCreated(drop, mentor, dice.randbytes(32), words.encode())]


def _mint(
    market: Market, payer: ChecksumAddress, recipient: ChecksumAddress, dice: Random, now: int
) -> list[Event]:
    selling = [drop for drop in market.lives if market.lives[drop].state is DropState.LIVE]
    if not selling:
        return []
    drop = DropId(dice.choice(selling))
    tier = TierIndex(dice.randrange(TIERS))
    quantity = dice.choice([1, 1, 1, 2, 5])
    first = market.births(drop, tier, quantity, recipient, now)
    told: list[Event] = [events.SeatsMinted(first, PhaseIndex(tier), quantity, payer, ZERO_ADDRESS)]
    return told + market.told_births(first, quantity, recipient)


def _with_seat(market: Market, kind: str, dice: Random, now: int) -> list[Event]:
    alive = [seat for seat in sorted(market.seats) if market.seats[seat].owner != ZERO_ADDRESS]
    if not alive:
        return []
    seat = SeatId(dice.choice(alive))
    model = market.seats[seat]
    owner = model.owner
    taker = dice.choice([person for person in PEOPLE if person != owner])
    if kind in STILL:
        return _still(kind, seat, model, taker)
    if model.locked or market.lives[seat.drop].state not in MOVING:
        return []
    told: list[Event] = []
    if kind == "fill":
        nonce = dice.randrange(2**256)
        market.spent_offers.add((taker, nonce))
        told.append(events.OfferFilled(taker, seat, nonce))
    if kind in {"sale", "fill"}:
        royalty = Wei(dice.randrange(10**16))
        model.held += royalty
        market.sales += 1
        told.append(events.SeatSold(seat, owner, taker, PRICE, royalty))
    if kind == "held_gift":
        toll = Wei(dice.randrange(1, 10**15))
        model.held += toll
        told.append(events.Held(seat, toll))
    model.owner, model.epoch, model.moved_at = taker, model.epoch + 1, now
    return [*told, events.Transfer(owner, taker, seat)]


def _still(kind: str, seat: SeatId, model: SeatModel, taker: ChecksumAddress) -> list[Event]:
    """What moves no seat."""
    if kind == "cancel":
        model.epoch += 1
        return [events.ListingsCancelled(seat, model.epoch)]
    if kind == "list":
        last = 2**256 - 1
        return [events.ListingStored(seat, model.owner, PRICE, model.epoch, last, 0, taker, last)]
    if kind == "skip":
        # A buyer names any number: every other one is of a seat that there cannot be.
        asked = SeatId(2**255 + seat) if seat % 2 else seat
        return [events.ListingSkipped(asked, b"\x01\x02\x03\x04")]
    return [
        events.Approval(model.owner, taker, seat),
        events.ApprovalForAll(model.owner, taker, is_approved=True),
    ]


@dataclass(frozen=True)
class Place:
    """Where a log is written."""

    block_number: int
    block_hash: str
    tx_hash: str
    tx_index: int


def logs_of(told: Sequence[AnyEvent | None], at: Place, first_index: int) -> list[RawLog]:
    """Encode events as the contract does; None becomes a log of somebody else."""
    logs: list[RawLog] = []
    for number, event in enumerate(told, start=first_index):
        topics, data = ((keccak(text="Noise()"),), b"") if event is None else _encoded(event)
        logs.append(
            RawLog(
                address=_speaker(event),
                topics=topics,
                data=data,
                block_number=at.block_number,
                block_hash=at.block_hash,
                tx_hash=at.tx_hash,
                tx_index=at.tx_index,
                log_index=number,
            )
        )
    return logs


def _speaker(event: AnyEvent | None) -> ChecksumAddress:
    if event is None:
        return STRANGER
    return REGISTRY if isinstance(event, DelegationEvent) else SEATS


def _encoded(event: AnyEvent) -> tuple[tuple[bytes, ...], bytes]:
    artifact = "DelegationRegistry" if _speaker(event) == REGISTRY else "Seats"
    entry = interface_of(artifact).events[type(event).__name__]
    values = [getattr(event, one.name) for one in fields(event)]
    paired = list(zip(entry.inputs, values, strict=True))
    topics = [encode([one.type], [value]) for one, value in paired if one.indexed]
    plain = [(one.type, value) for one, value in paired if not one.indexed]
    return (entry.digest, *topics), encode([kind for kind, _ in plain], [one for _, one in plain])
