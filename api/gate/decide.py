"""The one decision: may this person do this, now?

Owns the rules and their order. Refuses clocks, databases and HTTP: it is a function of its five
arguments. It fails closed: what is not known, or is known too late, lets nobody in.

The order is part of the rule, because a denial names one reason. First whether anything can be
said (mirror; facts that contradict each other say nothing), then what nobody can change (ended,
closed), then what the caller can (sign in, own a seat), last what only time changes (settled,
opens).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.gate.decision import Decision, Denied, Granted, Reason, Via
from api.gate.remedies import (
    ActAsHolder,
    BuySeat,
    ChooseAnother,
    ClaimRefund,
    RetrySoon,
    SignIn,
    WaitForBlock,
    WaitUntil,
)
from api.gate.values import (
    Action,
    Anonymous,
    BlockFacts,
    DropFacts,
    Facts,
    Holder,
    Level,
    Mentor,
    Opening,
    Operator,
    Principal,
    Resource,
    SeatFacts,
)
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.gate.remedies import Remedy

LEASE_S: Final[Mapping[Action, int]] = {
    Action.ENTER_SESSION: 30,
    Action.WATCH_RECORDING: 60,
    Action.SEE_RESALE: 60,
}
"""Seconds for which each permission holds, unless it is taken back earlier."""

_RETRY_S: Final = 2
_OVER: Final = frozenset({DropState.CANCELLED, DropState.FAILED})
_SEEN_BY_OPERATORS: Final = frozenset({Action.SEE_RESALE})
_OPEN_TO_VERIFIERS: Final = frozenset({Action.ENTER_SESSION})
OPEN_TO_DELEGATES: Final = frozenset({Action.ENTER_SESSION, Action.WATCH_RECORDING})
"""Delegates attend and watch. Who the resales are shown to is who may buy, and they buy nothing."""

_OPEN_TO_CO_HOSTS: Final = frozenset({Action.ENTER_SESSION, Action.WATCH_RECORDING})
"""Co-hosts help in rooms and with recordings. They are nobody's holder, and buy no seat by it."""

_EARLY: Final = frozenset({Via.MENTOR, Via.CO_HOST, Via.VERIFIER})
"""Who opens the room, and who checks people in at its door."""

_BY_SEAT: Final = frozenset({Via.SEAT, Via.DELEGATE})

_MENDED_BY_CO_HOSTS: Final = frozenset(
    {
        Reason.NO_SEAT,
        Reason.OTHER_TIER,
        Reason.NOT_SETTLED,
        Reason.NOT_OPEN_YET,
        Reason.NOT_THE_MENTOR,
        Reason.DELEGATIONS_MISSING,
    }
)
"""What a co-host of the drop is not told."""


def decide(
    principal: Principal, action: Action, resource: Resource, facts: Facts, now: int
) -> Decision:
    """Decide whether a principal may do something with a resource.

    Args:
        principal: Who asks.
        action: What for.
        resource: Which thing, what opens it, and when.
        facts: What the mirror says, of one moment; about the principal's own account.
        now: Unix second.

    Returns:
        `Granted` with the right it rests on and how long it holds, or `Denied` with the reason
        and the one remedy.
    """
    case = _Case(principal, action, resource, facts, now)
    block = block_of(facts, now, resource.level)
    if isinstance(block, Denied):
        return block
    drop = case.drop()
    if isinstance(drop, Denied):
        return drop
    if drop.state in _OVER:
        return case.denied(Reason.DROP_ENDED, ClaimRefund(drop.drop))
    if resource.closes_at is not None and now > resource.closes_at:
        return case.denied(Reason.CLOSED, ChooseAnother())
    return case.judged(block, drop)


def block_of(facts: Facts, now: int, level: Level = Level.LATEST) -> BlockFacts | Denied:
    """The block that anything may be decided on at all, whoever asks for whatever."""
    block = facts.block
    if block is None:
        return Denied(Reason.MIRROR_EMPTY, RetrySoon(_RETRY_S), level, None, now)
    # A negative lag is a clock that cannot be trusted.
    if not 0 <= block.lag_s <= facts.allowed_lag_s:
        return Denied(Reason.MIRROR_LAGS, RetrySoon(_RETRY_S), level, block, now)
    if block.number < facts.least_block:
        remedy = WaitForBlock(facts.least_block, Level.LATEST)
        return Denied(Reason.MIRROR_BEHIND, remedy, level, block, now)
    if _contradict((one.drop, one) for one in facts.drops) or _contradict(
        (one.seat, one) for one in facts.seats
    ):
        return Denied(Reason.MIRROR_CONTRADICTS, RetrySoon(_RETRY_S), level, block, now)
    return block


def co_host_could_change(principal: Principal, action: Action, decision: Decision) -> bool:
    """Whether a decision that knew of no co-hosts could be another one with them.

    Whoever gets in by a seat of their own need not be looked for among the co-hosts.
    """
    if not isinstance(principal, Holder) or action not in _OPEN_TO_CO_HOSTS:
        return False
    if isinstance(decision, Denied):
        return decision.reason in _MENDED_BY_CO_HOSTS
    return decision.via is Via.DELEGATE


class _Case:
    """The five arguments of one decision, and the rules that need several of them."""

    __slots__ = ("_action", "_facts", "_now", "_principal", "_resource")

    def __init__(
        self, principal: Principal, action: Action, resource: Resource, facts: Facts, now: int
    ) -> None:
        # Burned seats belong to the zero address, and a drop's mentor was somebody: it is nobody.
        zero = isinstance(principal, Holder | Mentor) and principal.account == ZERO_ADDRESS
        self._principal = Anonymous() if zero else principal
        self._action = action
        self._resource = resource
        self._facts = facts
        self._now = now

    def denied(self, reason: Reason, remedy: Remedy) -> Denied:
        return Denied(reason, remedy, self._resource.level, self._facts.block, self._now)

    def drop(self) -> DropFacts | Denied:
        resource = self._resource
        for drop in self._facts.drops:
            if drop.drop != resource.drop or drop.state is DropState.NONE:
                continue
            # Under other terms, or of another mentor, it is another drop that was given the number.
            same = resource.terms_hash in {None, drop.terms_hash}
            if same and resource.mentor in {None, drop.mentor}:
                return drop
        return self.denied(Reason.DROP_UNKNOWN, RetrySoon(_RETRY_S))

    def judged(self, block: BlockFacts, drop: DropFacts) -> Decision:
        match self._principal:
            case Operator():
                return self._by_office(block)
            # Listings may be for everybody; a room is not, whatever its record says.
            case _ if self._resource.open_to_all and self._action is Action.SEE_RESALE:
                return self.when_open(block, Via.OPEN_TO_ALL)
            case Anonymous():
                return self.denied(Reason.NOT_SIGNED_IN, SignIn())
            case Holder(account) | Mentor(account) if account == drop.mentor:
                return self.when_open(block, Via.MENTOR)
            case Holder(account):
                return self._by_holding(block, drop, account)
            case Mentor():
                return self.denied(Reason.NOT_THE_MENTOR, ActAsHolder())

    def _by_office(self, block: BlockFacts) -> Decision:
        if self._action in _SEEN_BY_OPERATORS:
            return self.when_open(block, Via.OPERATOR)
        return self.denied(Reason.OPERATORS_STAY_OUT, ActAsHolder())

    def _by_holding(self, block: BlockFacts, drop: DropFacts, account: str) -> Decision:
        if account == drop.verifier and self._action in _OPEN_TO_VERIFIERS:
            return self.when_open(block, Via.VERIFIER)
        owned = [seat for seat in self._facts.seats if seat.owner == account]
        opening = [seat for seat in owned if self._opens(seat)]
        by_own = self._by_longest(block, opening, Via.SEAT) if opening else None
        if isinstance(by_own, Granted):
            return by_own
        # What a chain can prove goes before the mentor's word, which is known here alone.
        if self._is_co_host(drop, account):
            return self.when_open(block, Via.CO_HOST)
        if by_own is not None and by_own.reason is not Reason.NOT_SETTLED:
            return by_own
        # A seat of one's own that is too young hides none that was lent long ago.
        by_lent = self._by_delegation(block, account)
        if by_lent is not None and (
            by_own is None or by_lent.answer.reason is not Reason.NOT_SETTLED
        ):
            return by_lent
        return by_own or self._without_seat(owned)

    def _by_delegation(self, block: BlockFacts, account: str) -> Decision | None:
        """What an account gets by seats that were lent to it; None: there are none."""
        if self._action not in OPEN_TO_DELEGATES:
            return None
        if self._facts.delegations_missing:
            # What is known of may have been taken back in what is not read yet.
            return self.denied(Reason.DELEGATIONS_MISSING, RetrySoon(_RETRY_S))
        lent = [one for one in self._facts.seats if one.delegate == account]
        opening = [seat for seat in lent if self._opens(seat)]
        if opening:
            return self._by_longest(block, opening, Via.DELEGATE)
        return None

    def _is_co_host(self, drop: DropFacts, account: str) -> bool:
        # Named by this drop's mentor, for this very drop: neither follows the number to another.
        return self._action in _OPEN_TO_CO_HOSTS and any(
            one.account == account
            and one.drop == drop.drop
            and one.named_by == drop.mentor
            and one.terms_hash == drop.terms_hash
            for one in self._facts.co_hosts
        )

    def _by_longest(self, block: BlockFacts, opening: list[SeatFacts], via: Via) -> Decision:
        # The seat that was held longest is settled first; the id makes the choice a rule.
        seat = min(opening, key=lambda one: (one.since_block, one.seat))
        if seat.since_block > self._settled(block):
            remedy = WaitForBlock(seat.since_block, self._resource.level)
            return self.denied(Reason.NOT_SETTLED, remedy)
        return self.when_open(block, via, seat)

    def _opens(self, seat: SeatFacts) -> bool:
        return any(
            seat.seat.drop == opening.drop and seat.seat.tier in opening.tiers
            for opening in self._living_openings()
        )

    def _living_openings(self) -> list[Opening]:
        alive = {one.drop for one in self._facts.drops if _gives_rights(one)}
        return [one for one in self._resource.opened_by if one.tiers and one.drop in alive]

    def _without_seat(self, owned: list[SeatFacts]) -> Denied:
        for opening in self._living_openings():
            here = any(seat.seat.drop == opening.drop for seat in owned)
            reason = Reason.OTHER_TIER if here else Reason.NO_SEAT
            return self.denied(reason, BuySeat(opening.drop, tuple(sorted(opening.tiers))))
        # Nothing opens it but being the mentor.
        return self.denied(Reason.NOT_THE_MENTOR, ActAsHolder())

    def _settled(self, block: BlockFacts) -> int:
        match self._resource.level:
            case Level.LATEST:
                return block.number
            case Level.SAFE:
                return min(block.safe_number, block.number)
            case Level.FINALIZED:
                return min(block.finalized_number, block.number)

    def when_open(self, block: BlockFacts, via: Via, seat: SeatFacts | None = None) -> Decision:
        opens, closes = self._resource.opens_at, self._resource.closes_at
        if via not in _EARLY and opens is not None and self._now < opens:
            return self.denied(Reason.NOT_OPEN_YET, WaitUntil(opens))
        lease = self._now + LEASE_S[self._action]
        return Granted(
            via=via,
            seat=None if seat is None else seat.seat,
            # Only a seat's age is known: no other right was held to more than the latest block.
            level=self._resource.level if via in _BY_SEAT else Level.LATEST,
            block=block,
            # The last second still counts.
            expires_at=lease if closes is None else min(lease, closes + 1),
            holder=None if seat is None else seat.owner,
        )


def _contradict(named: Iterable[tuple[int, DropFacts | SeatFacts]]) -> bool:
    """Whether two different facts are told of one thing."""
    said: dict[int, DropFacts | SeatFacts] = {}
    return any(said.setdefault(name, fact) != fact for name, fact in named)


def _gives_rights(drop: DropFacts) -> bool:
    return drop.state is not DropState.NONE and drop.state not in _OVER
