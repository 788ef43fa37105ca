"""Plans of what holders and creditors do: give away, refund, claim, withdraw, check in, object.

Refuses to say what is paid by rules of its own: `refundOf` and `creditOf` of the contract do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.actions.steps import Amount, Step
from marketplace.bindings.reverts import SeatTokenUnknown
from marketplace.domain.addresses import ETH
from marketplace.domain.escrow import DAY_SECONDS
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei, amount_text

if TYPE_CHECKING:
    from api.actions.orders import (
        CheckInOrder,
        GiftOrder,
        SeatOrder,
        WithdrawOrder,
    )
    from api.actions.steps import Site
    from marketplace.domain.addresses import ChecksumAddress


def gift(site: Site, order: GiftOrder) -> Step:
    """Give a seat away for exactly its toll."""
    seat = SeatId(order.seat)
    toll, currency = site.seat(seat).toll, site.drop(seat.drop).currency
    made = site.seats.transfer(seat, order.account, order.recipient, toll, currency)
    return Step(made, pays=(Amount(toll, currency),))


def refund(site: Site, order: SeatOrder) -> Step:
    """Give a seat back inside its window."""
    seat = SeatId(order.seat)
    worth, currency = site.seats.refund_of(seat, site.head.hash), site.drop(seat.drop).currency
    summary = (
        f"Give seat {seat} back for {amount_text(worth.refund, currency)}: it is burned, and "
        f"{amount_text(worth.penalty, currency)} stays behind as the penalty"
    )
    made = replace(site.seats.refund(seat), summary=summary)
    return Step(made, gets=(Amount(worth.refund, currency),), last=worth.refund_until)


def claim(site: Site, order: SeatOrder) -> Step:
    """Pay out a seat of a drop that was not delivered; to its owner, whoever asks."""
    seat = SeatId(order.seat)
    worth, currency = site.seats.refund_of(seat, site.head.hash), site.drop(seat.drop).currency
    owner = _owner(site, seat)
    if owner == order.account:
        whom = "which is paid to you at once"
    elif owner is None:
        whom = "for whoever gave it back"
    else:
        whom = f"for its owner {owner}, as a credit"
    summary = f"Claim {amount_text(worth.claimable, currency)} for seat {seat}, {whom}"
    gets = (Amount(worth.claimable, currency),) if owner == order.account else ()
    return Step(replace(site.seats.claim(seat), summary=summary), gets=gets)


def collect(site: Site, order: SeatOrder) -> Step:
    """Release what waits with a seat of a delivered drop to its mentor."""
    seat = SeatId(order.seat)
    held, currency = site.seats.held_of(seat, site.head.hash), site.drop(seat.drop).currency
    summary = f"Collect {amount_text(held, currency)}, which waits with seat {seat}, for the mentor"
    return Step(replace(site.seats.collect(seat), summary=summary))


def withdraw(site: Site, order: WithdrawOrder) -> Step:
    """Take credit out, all of it unless an amount is named."""
    currency = order.currency or ETH
    recipient = order.recipient or order.account
    amount = order.amount
    if amount is None:
        amount = site.seats.credit_of(order.account, currency, site.head.hash)
    made = site.seats.withdraw(recipient, Wei(amount), currency)
    gets = (Amount(Wei(amount), currency),) if recipient == order.account else ()
    return Step(made, gets=gets)


def object_to(site: Site, order: SeatOrder) -> Step:
    """Contest that the seat's drop was delivered."""
    seat = SeatId(order.seat)
    terms = site.drop(seat.drop)
    last = terms.asserted_at + terms.challenge_days * DAY_SECONDS
    return Step(site.seats.object_to(seat), last=last)


def check_in(site: Site, order: CheckInOrder) -> Step:
    """Check the holder in, by the signatures of those who do not send it."""
    holder, verifier = (
        b"" if signed is None else bytes.fromhex(signed[2:])
        for signed in (order.holder_signature, order.verifier_signature)
    )
    made = site.seats.check_in(SeatId(order.seat), order.expiry, holder, verifier)
    return Step(made, last=order.expiry)


def _owner(site: Site, seat: SeatId) -> ChecksumAddress | None:
    """Whose a seat is; None once it was burned."""
    try:
        return site.seat(seat).owner
    except SeatTokenUnknown:
        return None
