"""How the model's drops are steered and end, and what their seats are paid.

It owns the rules that those events depend on: E counted seat by seat, K, shares and their rounding.
It shares no code with the folds. Refuses windows and majorities: no event depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.bindings import events
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Bps, Wei
from marketplace.domain.words import SeatFlag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from marketplace.bindings.events import Event
    from tests.integration.indexer.market import Market, SeatModel

MOVING: Final = frozenset(
    {
        DropState.LIVE,
        DropState.ASSERTED,
        DropState.SETTLED,
        DropState.DISPUTED_NARROW,
        DropState.SPLIT_NARROW,
    }
)
OVER: Final = frozenset({DropState.CANCELLED, DropState.FAILED})
SPLIT: Final = frozenset({DropState.SPLIT_NARROW, DropState.SPLIT_WIDE})
LOCKING: Final = SeatFlag.CHECKED_IN | SeatFlag.OBJECTED


@dataclass
class DropModel:
    """What changes about a drop, as the contract would answer."""

    caps: list[int]
    state: DropState = DropState.LIVE
    penalty: int = 100
    version: int = 0
    paused_until: int = 0
    asserted_at: int = 0
    disputed_at: int = 0
    objected: int = 0
    split: int = 0
    left: int = 0


def living(market: Market, drop: int) -> dict[int, SeatModel]:
    """The seats of a drop that are not burned."""
    return {
        number: seat
        for number, seat in market.seats.items()
        if seat.owner != ZERO_ADDRESS and SeatId(number).drop == drop
    }


def owed(market: Market, drop: int) -> int:
    """E, counted seat by seat until the drop is disputed or ends."""
    life = market.lives[drop]
    if life.state in (DropState.LIVE, DropState.ASSERTED):
        return sum(seat.face for seat in living(market, drop).values())
    return life.left


def _grant(market: Market, drop: DropId, dice: Random, now: int) -> list[Event]:
    tier = TierIndex(dice.randrange(len(market.lives[drop].caps)))
    quantity, to = dice.choice([1, 1, 3]), dice.choice(market.people)
    first = market.births(drop, tier, quantity, to, now, granted=True)
    told: list[Event] = [events.SeatsGranted(first, quantity)]
    return told + market.told_births(first, quantity, to)


def _lower_cap(market: Market, drop: DropId, dice: Random, _now: int) -> list[Event]:
    life = market.lives[drop]
    tier = dice.randrange(len(life.caps))
    live = sum(SeatId(one).tier == tier for one in living(market, drop))
    # Room is left for the mints to come, which the model does not refuse.
    cap = life.caps[tier] - dice.randint(1, 9)
    if cap < live:
        return []
    life.caps[tier] = cap
    return [events.CapLowered(drop, TierIndex(tier), cap)]


def _pause(market: Market, drop: DropId, dice: Random, now: int) -> list[Event]:
    until = market.lives[drop].paused_until = now + dice.randint(-1, 1_000)
    return [events.DropPaused(drop, until)]


def _postpone(market: Market, drop: DropId, dice: Random, _now: int) -> list[Event]:
    life = market.lives[drop]
    life.penalty, life.version = 0, life.version + 1
    start = 1_900_000_000 + dice.randrange(10**6)
    return [events.DropPostponed(drop, start, 2_000_100_000, 2_000_200_000, start)]


def _over(state: DropState) -> Callable[[Market, DropId, Random, int], list[Event]]:
    def end(market: Market, drop: DropId, _dice: Random, _now: int) -> list[Event]:
        left = owed(market, drop)
        market.lives[drop].state, market.lives[drop].left = state, left
        told = events.DropCancelled if state is DropState.CANCELLED else events.DropFailed
        return [told(drop), _pictures(drop)]

    return end


def _assert(market: Market, drop: DropId, dice: Random, now: int) -> list[Event]:
    life = market.lives[drop]
    life.state, life.asserted_at = DropState.ASSERTED, now
    return [events.DeliveryAsserted(drop, dice.randbytes(32)), _pictures(drop)]


def _settle(market: Market, drop: DropId, dice: Random, now: int) -> list[Event]:
    life, all_faces = market.lives[drop], owed(market, drop)
    if not life.objected:
        life.state = DropState.SETTLED
        return [events.DropSettled(drop, Wei(all_faces)), _pictures(drop)]
    wide = dice.random() < 0.5
    life.state = DropState.DISPUTED_WIDE if wide else DropState.DISPUTED_NARROW
    life.left, life.disputed_at = all_faces if wide else life.objected, now
    return [
        events.DropDisputed(drop, wide, Wei(life.left), Wei(all_faces - life.left)),
        _pictures(drop),
    ]


def _resolve(market: Market, drop: DropId, dice: Random, _now: int) -> list[Event]:
    life = market.lives[drop]
    life.split = dice.choice([0, 3_333, 10_000])
    released = life.left * (10_000 - life.split) // 10_000
    life.left -= released
    wide = life.state is DropState.DISPUTED_WIDE
    life.state = DropState.SPLIT_WIDE if wide else DropState.SPLIT_NARROW
    silent = dice.random() < 0.5
    return [
        events.DropResolved(drop, Bps(life.split), Wei(released), silent),
        _pictures(drop),
    ]


def _refund(market: Market, seat: SeatId, _dice: Random, now: int) -> list[Event]:
    model, life = market.seats[seat], market.lives[seat.drop]
    if not model.face or model.flags & SeatFlag.CHECKED_IN or life.state is not DropState.LIVE:
        return []
    penalty = model.face * life.penalty // 10_000
    owner, model.owner = model.owner, ZERO_ADDRESS
    model.beneficiary, model.held, model.moved_at = owner, model.held + penalty, now
    return [
        events.SeatRefunded(seat, owner, Wei(model.face - penalty), Wei(penalty)),
        events.Transfer(owner, ZERO_ADDRESS, seat),
    ]


def _check_in(market: Market, seat: SeatId, dice: Random, _now: int) -> list[Event]:
    model, life = market.seats[seat], market.lives[seat.drop]
    if model.flags & SeatFlag.CHECKED_IN or life.state is not DropState.LIVE:
        return []
    return _fixed(model, seat, SeatFlag.CHECKED_IN, dice.choice(market.people))


def _object(market: Market, seat: SeatId, _dice: Random, _now: int) -> list[Event]:
    model, life = market.seats[seat], market.lives[seat.drop]
    refused = model.flags & SeatFlag.OBJECTED or life.state is not DropState.ASSERTED
    if refused or not model.face:
        return []
    life.objected += model.face
    return _fixed(model, seat, SeatFlag.OBJECTED, ZERO_ADDRESS)


def _fixed(
    model: SeatModel, seat: SeatId, flag: SeatFlag, verifier: ChecksumAddress
) -> list[Event]:
    model.flags |= flag
    model.locked = True
    told = (
        events.CheckedIn(seat, model.owner, verifier)
        if flag is SeatFlag.CHECKED_IN
        else events.Objected(seat, model.owner, Wei(model.face))
    )
    return [told, events.Locked(seat), events.MetadataUpdate(seat)]


def _in_dispute(market: Market, seat: SeatId) -> bool:
    model, life = market.seats[seat], market.lives[seat.drop]
    wide = life.state is DropState.SPLIT_WIDE
    return model.owner != ZERO_ADDRESS and (wide or bool(model.flags & SeatFlag.OBJECTED))


def _claim(market: Market, seat: SeatId, _dice: Random, _now: int) -> list[Event]:
    model, life = market.seats[seat], market.lives[seat.drop]
    over = life.state in OVER
    decided = life.state in SPLIT and _in_dispute(market, seat)
    if model.flags & SeatFlag.CLAIMED or not (over or decided):
        return []
    share = 10_000 if over else life.split
    burned = model.owner == ZERO_ADDRESS
    face = 0 if burned else model.face * share // 10_000
    held = model.held * share // 10_000
    released = model.held - held
    if not face + held + released:
        return []
    life.left -= face
    model.held, model.flags = 0, model.flags | SeatFlag.CLAIMED
    payee = model.beneficiary if burned else model.owner
    return [events.Claimed(seat, payee, Wei(face), Wei(held), Wei(released))]


def _collect(market: Market, seat: SeatId, _dice: Random, _now: int) -> list[Event]:
    model, life = market.seats[seat], market.lives[seat.drop]
    settled = life.state is DropState.SETTLED
    if not model.held or not (settled or (life.state in SPLIT and not _in_dispute(market, seat))):
        return []
    amount, model.held = model.held, 0
    return [events.Collected(seat, Wei(amount))]


def _use_seat(market: Market, seat: SeatId, dice: Random, _now: int) -> list[Event]:
    used = (dice.choice(sorted(market.lives)), dice.randrange(2), int(seat))
    if used in market.used_seats or used[0] == seat.drop:
        return []
    market.used_seats.add(used)
    return [events.SeatUsed(DropId(used[0]), seat, PhaseIndex(used[1]))]


def _pictures(drop: DropId) -> Event:
    first = drop * 1_000_000
    return events.BatchMetadataUpdate(SeatId(first), SeatId(first + 999_999))


DROP_KINDS: Final[
    Mapping[str, tuple[frozenset[DropState], Callable[[Market, DropId, Random, int], list[Event]]]]
] = {
    "grant": (frozenset({DropState.LIVE}), _grant),
    "lower_cap": (frozenset({DropState.LIVE}), _lower_cap),
    "pause": (frozenset(DropState), _pause),
    "postpone": (frozenset({DropState.LIVE}), _postpone),
    "cancel_drop": (frozenset({DropState.LIVE}), _over(DropState.CANCELLED)),
    "fail_drop": (frozenset({DropState.LIVE}), _over(DropState.FAILED)),
    "assert": (frozenset({DropState.LIVE}), _assert),
    "settle": (frozenset({DropState.ASSERTED}), _settle),
    "resolve": (frozenset({DropState.DISPUTED_NARROW, DropState.DISPUTED_WIDE}), _resolve),
}
"""What befalls a drop, with the states in which it can."""

SEAT_KINDS: Final[Mapping[str, Callable[[Market, SeatId, Random, int], list[Event]]]] = {
    "refund": _refund,
    "check_in": _check_in,
    "object": _object,
    "claim": _claim,
    "collect": _collect,
    "use_seat": _use_seat,
}
"""What befalls a seat; burned ones can be claimed for and collected from."""


def end(market: Market, kind: str, dice: Random, now: int) -> list[Event]:
    """Change the model and give the events; nothing where the contract would have refused."""
    if kind in DROP_KINDS:
        states, act = DROP_KINDS[kind]
        fit = [drop for drop in sorted(market.lives) if market.lives[drop].state in states]
        return act(market, DropId(dice.choice(fit)), dice, now) if fit else []
    seats = sorted(market.seats)
    if kind not in {"claim", "collect"}:
        seats = [one for one in seats if market.seats[one].owner != ZERO_ADDRESS]
    # The first that it can befall: one drop among many is in the right state.
    for seat in dice.sample(seats, len(seats)):
        if told := SEAT_KINDS[kind](market, SeatId(seat), dice, now):
            return told
    return []
