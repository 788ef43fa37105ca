"""Money between the mint and the last claim: who gets how much of a face and of what waits.

Owns the shares of a release, a refund and a claim, the line between a narrow and a wide dispute,
and what each state of a drop allows. Refuses clocks and accounts: times are arguments, and who is
paid is the caller's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from marketplace.domain.drop import DropState
from marketplace.domain.money import NO_MONEY, WHOLE_BPS, Bps, Wei, share_down

DAY_SECONDS: Final = 24 * 60 * 60
DECISION_SECONDS: Final = 14 * DAY_SECONDS
"""How long the resolver has."""

MAX_HELD: Final = Wei(2**96 - 1)
"""The most that can wait with one seat."""

_WIDE_FROM: Final = 10

_MOVING: Final = frozenset(
    {
        DropState.LIVE,
        DropState.ASSERTED,
        DropState.SETTLED,
        DropState.DISPUTED_NARROW,
        DropState.SPLIT_NARROW,
    }
)


def lets_seats_move(state: DropState) -> bool:
    """Whether unlocked seats move; in a narrow dispute only the objectors', locked, stay."""
    return state in _MOVING


def gives_all_back(state: DropState) -> bool:
    """Whether every seat is paid its face and all that waits with it."""
    return state in {DropState.CANCELLED, DropState.FAILED}


def is_disputed(state: DropState) -> bool:
    """Whether the resolver, or time, has still to decide."""
    return state in {DropState.DISPUTED_NARROW, DropState.DISPUTED_WIDE}


def is_split(state: DropState) -> bool:
    """Whether a dispute was decided."""
    return state in {DropState.SPLIT_NARROW, DropState.SPLIT_WIDE}


def takes_part(state: DropState, *, living: bool, objected: bool) -> bool:
    """Whether a decided dispute was about a seat; never about one that was burned."""
    return living and (state is DropState.SPLIT_WIDE or objected)


def can_still_fail(state: DropState, *, living: bool, objected: bool, claimed: bool) -> bool:
    """Whether all that a seat cost can still come back to it.

    It can until delivery is beyond dispute for this seat, and until it has come back.
    """
    if state is DropState.LIVE or gives_all_back(state):
        return not claimed
    if state is DropState.DISPUTED_NARROW:
        return living and objected
    return living and state in {DropState.ASSERTED, DropState.DISPUTED_WIDE}


@dataclass(frozen=True, slots=True)
class Release:
    """Where released money goes; both parts add up to it."""

    fee: Wei
    payout: Wei


def split_release(amount: Wei, fee: Bps) -> Release:
    """Split what the mentor may have; the platform's fee is rounded down."""
    part = share_down(amount, fee)
    return Release(fee=part, payout=Wei(amount - part))


@dataclass(frozen=True, slots=True)
class Refund:
    """Where a refunded face goes; both parts add up to it."""

    paid: Wei
    penalty: Wei


def split_refund(face: Wei, penalty: Bps) -> Refund:
    """Split a face inside the refund window; the penalty, which waits, is rounded down."""
    part = share_down(face, penalty)
    return Refund(paid=Wei(face - part), penalty=part)


@dataclass(frozen=True, slots=True)
class ClaimShare:
    """What a claim pays: `face` of what the drop owed and `held` of what waited, to the owner.

    `released` is the rest of what waited and goes to the mentor.
    """

    face: Wei
    held: Wei
    released: Wei

    @property
    def paid(self) -> Wei:
        """What the owner gets."""
        return Wei(self.face + self.held)


def whole_share(face: Wei, held: Wei) -> ClaimShare:
    """The share of a seat whose drop was cancelled or failed."""
    return ClaimShare(face=face, held=held, released=NO_MONEY)


def decided_share(face: Wei, held: Wei, split: Bps) -> ClaimShare:
    """The share of a seat in a decided dispute; both parts of the owner are rounded down."""
    part = share_down(held, split)
    return ClaimShare(face=share_down(face, split), held=part, released=Wei(held - part))


def is_narrow(objected: Wei, owed: Wei) -> bool:
    """Whether less than a tenth of the money is under objection: only that part is disputed."""
    return objected * _WIDE_FROM < owed


def mentors_part(owed: Wei, split: Bps) -> Wei:
    """What a decision releases, rounded down: what rounding leaves stays with the drop."""
    return share_down(owed, Bps(WHOLE_BPS - split))


def objections_end(asserted_at: int, challenge_days: int) -> int:
    """The last second at which a holder may object."""
    return asserted_at + challenge_days * DAY_SECONDS


def decision_ends(disputed_at: int) -> int:
    """The last second at which the resolver may decide."""
    return disputed_at + DECISION_SECONDS
