"""Which claims of a receipt go together.

Owns what can be said without a chain: that a right opens what was asked for, that a seat is of the
drop whose room it opened, that an answer and its reason are one, that a yes counts for a while and
a no for a moment. A signature is over all claims,
and so are the claims of a dishonest signer. Refuses look-ups: `proving` has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from marketplace.receipts.values import DecisionReceipt

_ENTER: Final = "enter_session"
_WATCH: Final = "watch_recording"
_RESALE: Final = "see_resale"
_ADMITTED: Final = "admitted"
_LATEST: Final = "latest"

ACTIONS: Final = frozenset({_ENTER, _WATCH, _RESALE})
LEVELS: Final = frozenset({_LATEST, "safe", "finalized"})

LONGEST_LEASE_S: Final = 3_600
"""Seconds for which a yes may count. Gates give a minute; there is room for other ones."""

LONGEST_LAG_S: Final = 600
"""Seconds past which a gate decides nothing, however it is set, when its mirror lags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What lets somebody in.

    Attributes:
        opens: The actions.
        by_seat: Whether it rests on a seat.
        nobodys: Whether it asks for no account.
        somebodys: Whether an account can have it.
    """

    opens: frozenset[str]
    by_seat: bool = False
    nobodys: bool = False
    somebodys: bool = True


RIGHTS: Final[Mapping[str, Right]] = {
    "seat": Right(opens=ACTIONS, by_seat=True),
    "delegate": Right(opens=frozenset({_ENTER, _WATCH}), by_seat=True),
    "mentor": Right(opens=ACTIONS),
    "co_host": Right(opens=frozenset({_ENTER, _WATCH})),
    "verifier": Right(opens=frozenset({_ENTER})),
    "operator": Right(opens=frozenset({_RESALE}), nobodys=True, somebodys=False),
    "open_to_all": Right(opens=frozenset({_RESALE}), nobodys=True),
}
"""By `via`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """Why somebody stays out; attributes as of `Right`, and for which actions it is a reason."""

    of: frozenset[str] = ACTIONS
    nobodys: bool = False
    somebodys: bool = True


DENIALS: Final[Mapping[str, Denial]] = {
    "not_signed_in": Denial(nobodys=True, somebodys=False),
    "no_seat": Denial(),
    # Any seat of a drop whose holders see listings shows them.
    "other_tier": Denial(of=frozenset({_ENTER, _WATCH})),
    "not_settled": Denial(),
    "not_open_yet": Denial(nobodys=True),
    "closed": Denial(nobodys=True),
    "drop_ended": Denial(nobodys=True),
    "not_the_mentor": Denial(),
    "operators_stay_out": Denial(nobodys=True, somebodys=False),
}
"""By `reason`. That nothing is known is none: of that no receipt is given."""


def unknown_word(receipt: DecisionReceipt) -> str | None:
    """A word of the receipt that means nothing here, as one of a later gate; None: there is none.

    What lets nobody in, and a yes without a reason, are no words: `fault_of` finds them.
    """
    spoken: list[tuple[str, frozenset[str]]] = [
        (receipt.action, ACTIONS),
        (receipt.level, LEVELS),
    ]
    if receipt.allow and receipt.via:
        spoken.append((receipt.via, frozenset(RIGHTS)))
    if not receipt.allow:
        spoken.append((receipt.reason, frozenset({_ADMITTED, *DENIALS})))
    return next((word for word, known in spoken if word not in known), None)


def fault_of(receipt: DecisionReceipt) -> str | None:
    """A sentence about claims that no gate makes in one answer; None: they go together.

    The receipt has no `unknown_word`.
    """
    return next(_faults(receipt), None)


def _faults(receipt: DecisionReceipt) -> Iterator[str]:
    yield from _faults_of_question(receipt)
    yield from _faults_of_yes(receipt) if receipt.allow else _faults_of_no(receipt)
    if receipt.lag_s > LONGEST_LAG_S:
        yield (
            f"Its mirror was {receipt.lag_s} seconds behind, and no gate decides that is more than "
            f"{LONGEST_LAG_S} behind."
        )


def _faults_of_question(receipt: DecisionReceipt) -> Iterator[str]:
    action = receipt.action
    if action == _ENTER and not receipt.session:
        yield f"It is about {action} and names no session."
    if action == _RESALE and receipt.session:
        yield f"It is about {action} and names a session."
    if (action == _WATCH) is not bool(receipt.recording):
        yield f"It is about {action} and names {'a' if receipt.recording else 'no'} recording."


def _faults_of_yes(receipt: DecisionReceipt) -> Iterator[str]:
    if receipt.reason != _ADMITTED:
        yield f"It lets in for the reason {receipt.reason}, which keeps out."
    if not receipt.via:
        yield "It lets in by nothing."
        return
    lease_s = receipt.expires_at - receipt.decided_at
    if lease_s <= 0:
        yield "It ended before it could count."
    if lease_s > LONGEST_LEASE_S:
        yield f"It lets in for {lease_s} seconds, and no gate for more than {LONGEST_LEASE_S}."
    right = RIGHTS[receipt.via]
    if receipt.action not in right.opens:
        yield f"Nobody may {receipt.action} as {receipt.via}."
    yield from _faults_of_account(receipt, right, f"let in as {receipt.via}")
    seat = receipt.seat
    if right.by_seat is not bool(seat):
        named = f"seat {seat}" if seat else "none"
        yield f"It lets in as {receipt.via} and names {named}."
    # Listings may be shown to holders of other drops too: that is for the terms to say.
    if seat and receipt.action != _RESALE and seat.drop != receipt.drop:
        yield f"Seat {seat} is of drop {seat.drop}, and opens nothing of drop {receipt.drop}."
    if not right.by_seat and receipt.level != _LATEST:
        yield f"It lets in as {receipt.via}, and no such right is held to {receipt.level} blocks."


def _faults_of_no(receipt: DecisionReceipt) -> Iterator[str]:
    if receipt.reason == _ADMITTED:
        yield f"It keeps out for the reason {_ADMITTED}, which lets in."
        return
    denial = DENIALS[receipt.reason]
    if receipt.action not in denial.of:
        yield f"Nobody is kept from {receipt.action} for the reason {receipt.reason}."
    yield from _faults_of_account(receipt, denial, f"kept out for the reason {receipt.reason}")
    if receipt.via:
        yield f"It keeps out by {receipt.via}, which lets in."
    if receipt.seat:
        yield f"It keeps out and names seat {receipt.seat}."
    if receipt.expires_at != receipt.decided_at:
        yield "It keeps out for longer than the one moment in which it was said, or for less."


def _faults_of_account(
    receipt: DecisionReceipt, ground: Right | Denial, outcome: str
) -> Iterator[str]:
    nobody = receipt.account == ZERO_ADDRESS
    if nobody and not ground.nobodys:
        yield f"It is about nobody's account, which is never {outcome}."
    if not nobody and not ground.somebodys:
        yield f"It is about {receipt.account}, and no account is {outcome}."
