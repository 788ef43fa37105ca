"""What somebody should know before selling or buying a seat at a price.

Owns the warnings and their sentences. Refuses to forbid: what cannot be done is said by
`marketplace.orders.judging`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from marketplace.domain.drop import DropState
from marketplace.domain.money import Wei, amount_text, share_down
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.listing import Listing
    from marketplace.orders.judging import SaleFacts


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to think about; `name` is stable, the sentence is for people."""

    name: str
    sentence: str


def refund_value(facts: SaleFacts, now: int) -> Wei:
    """What the drop's terms give back for a seat that is handed in now; 0 when nothing."""
    terms, seat = facts.terms, facts.seat
    if terms.state is not DropState.LIVE or now > terms.refund_until or seat.locked:
        return Wei(0)
    return Wei(seat.face - share_down(seat.face, terms.penalty))


def warnings_for_seller(listing: Listing, facts: SaleFacts, now: int) -> tuple[Warned, ...]:
    """What a seller should know before signing; `now` is a Unix second."""
    return tuple(_for_seller(listing, facts, now))


def warnings_for_buyer(listing: Listing, facts: SaleFacts, now: int) -> tuple[Warned, ...]:
    """What a buyer should know before paying; `now` is a Unix second."""
    return tuple(_for_buyer(listing, facts, now))


def _for_seller(listing: Listing, facts: SaleFacts, now: int) -> Iterator[Warned]:
    terms, face = facts.terms, facts.seat.face
    said = partial(amount_text, currency=terms.currency)
    net = terms.split(listing.price).seller_net
    refund = refund_value(facts, now)
    if net < face:
        yield Warned(
            "below_face",
            f"You would receive {said(net)}, and {said(face)} was paid for this seat at its mint.",
        )
    if net < refund:
        yield Warned(
            "below_refund",
            f"You would receive {said(net)}; until {utc_text(terms.refund_until)} the drop's terms "
            f"give back {said(refund)} for this seat.",
        )
    if terms.state is DropState.LIVE and listing.expiry > terms.deliver_by:
        yield Warned(
            "ends_early",
            f"Unless the drop is delivered before, its seats stop trading at "
            f"{utc_text(terms.deliver_by)}, earlier than this listing ends.",
        )


def _for_buyer(listing: Listing, facts: SaleFacts, now: int) -> Iterator[Warned]:
    terms, face = facts.terms, facts.seat.face
    said = partial(amount_text, currency=terms.currency)
    royalty = terms.split(listing.price).royalty
    back = Wei(face + facts.seat.held + royalty)
    if listing.price > back:
        yield Warned(
            "above_refund",
            f"If the drop fails, this seat gives back {said(back)}, less than the "
            f"{said(listing.price)} that it costs now.",
        )
    if terms.state is not DropState.LIVE:
        yield Warned(
            "no_longer_live",
            f"This drop is {terms.state.name}: what is still to come with the seat is less than "
            "when it was minted.",
        )
    elif now > terms.refund_until:
        yield Warned(
            "refund_window_over",
            f"The drop's refund window ended at {utc_text(terms.refund_until)}: the seat cannot "
            "be handed in, only sold again or kept.",
        )
