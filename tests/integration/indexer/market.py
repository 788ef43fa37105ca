"""A small model of the contract that says which events an action causes.

It owns the rules that events depend on (numbers, epochs, royalties, credits) and their ABI
encoding. It shares no code with the folds: what it holds after a history is what the mirror must
hold. Refuses prices, windows and signatures: no event depends on them.
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
    TierWord,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.bindings.events import Event

SEATS: Final = checksum_address(b"\x5e" * 20)
STRANGER: Final = checksum_address(b"\xee" * 20)
PEOPLE: Final = tuple(checksum_address(bytes([number]) * 20) for number in range(1, 7))
PRICE: Final = Wei(10**17)
TIERS: Final = 2


@dataclass
class SeatModel:
    """A seat as the contract would answer."""

    owner: ChecksumAddress
    moved_at: int
    epoch: int = 0
    held: int = 0
    locked: bool = False


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
    sales: int = 0

    def copied(self) -> Market:
        return copy.deepcopy(self)


@dataclass(frozen=True)
class Action:
    """Something that an account did; `dice` decides the rest, the same on every branch."""

    kind: str
    dice: int


KINDS: Final = (
    *("create", "verifier", "payout", "bump", "list", "credit", "withdraw", "offer", "stranger"),
    *("mint", "sale", "gift", "cancel", "held_gift") * 4,
)


def perform(market: Market, action: Action, now: int) -> Sequence[Event | None]:
    """Change the model and give the events; nothing where the contract would have refused.

    None is a log of another contract.
    """
    dice = Random(f"{action.kind}{action.dice}")
    one, other = dice.sample(PEOPLE, 2)
    if action.kind in {"sale", "gift", "held_gift", "cancel", "list"}:
        return _with_seat(market, action.kind, dice, now) if market.seats else []
    if action.kind in {"bump", "credit", "withdraw"}:
        return _with_account(market, action.kind, one, other, dice)
    if action.kind == "create":
        return _create(market, one, dice)
    if action.kind in {"mint", "verifier", "payout"}:
        return _with_drop(market, action.kind, one, other, dice, now) if market.drops else []
    if action.kind == "stranger":
        return [None]
    return _with_platform(market, action.kind, one, other)


def _with_platform(
    market: Market, kind: str, one: ChecksumAddress, other: ChecksumAddress
) -> Sequence[Event]:
    if kind == "offer":
        return [events.OwnershipTransferStarted(market.owner, one)]
    market.owner = one
    return [events.OwnershipTransferred(ZERO_ADDRESS, one), events.PlatformSet(other, Bps(500))]


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
    drop = DropId(dice.choice(sorted(market.drops)))
    if kind == "verifier":
        return [events.VerifierSet(drop, other)]
    return [events.PayoutSet(drop, other)]


def _with_account(
    market: Market, kind: str, one: ChecksumAddress, other: ChecksumAddress, dice: Random
) -> Sequence[Event]:
    if kind == "bump":
        market.counters[one] = market.counters.get(one, 0) + 1
        return [events.CounterBumped(one, market.counters[one])]
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
            TierWord(list_price=PRICE, escrowed=Wei(0), cap=99_999, issued=0, live=0)
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
    drop = DropId(dice.choice(sorted(market.drops)))
    tier = TierIndex(dice.randrange(TIERS))
    quantity = dice.choice([1, 1, 1, 2, 5])
    issued = market.issued.get((drop, tier), 0)
    first = SeatId.of(drop, tier, issued + 1)
    market.issued[drop, tier] = issued + quantity
    ids = [SeatId(first + number) for number in range(quantity)]
    for seat in ids:
        market.seats[seat] = SeatModel(recipient, now, locked=drop in market.bound)
    told: list[Event] = [
        events.SeatsMinted(first, PhaseIndex(tier), quantity, payer, ZERO_ADDRESS),
        *(events.Transfer(ZERO_ADDRESS, recipient, seat) for seat in ids),
    ]
    if drop in market.bound:
        told += [events.Locked(seat) for seat in ids]
    return told


def _with_seat(market: Market, kind: str, dice: Random, now: int) -> list[Event]:
    seat = SeatId(dice.choice(sorted(market.seats)))
    model = market.seats[seat]
    owner = model.owner
    taker = dice.choice([person for person in PEOPLE if person != owner])
    if kind == "cancel":
        model.epoch += 1
        return [events.ListingsCancelled(seat, model.epoch)]
    if kind == "list":
        last = 2**256 - 1
        return [events.ListingStored(seat, owner, PRICE, model.epoch, last, 0, taker, last)]
    if model.locked:
        return []
    told: list[Event] = []
    if kind == "sale":
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


@dataclass(frozen=True)
class Place:
    """Where a log is written."""

    block_number: int
    block_hash: str
    tx_hash: str
    tx_index: int


def logs_of(told: Sequence[Event | None], at: Place, first_index: int) -> list[RawLog]:
    """Encode events as the contract does; None becomes a log of somebody else."""
    logs: list[RawLog] = []
    for number, event in enumerate(told, start=first_index):
        topics, data = ((keccak(text="Noise()"),), b"") if event is None else _encoded(event)
        logs.append(
            RawLog(
                address=STRANGER if event is None else SEATS,
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


def _encoded(event: Event) -> tuple[tuple[bytes, ...], bytes]:
    entry = interface_of("Seats").events[type(event).__name__]
    values = [getattr(event, one.name) for one in fields(event)]
    paired = list(zip(entry.inputs, values, strict=True))
    topics = [encode([one.type], [value]) for one, value in paired if one.indexed]
    plain = [(one.type, value) for one, value in paired if not one.indexed]
    return (entry.digest, *topics), encode([kind for kind, _ in plain], [one for _, one in plain])
