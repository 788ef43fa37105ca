"""The message by which a holder and a verifier agree that the holder came.

Owns preparing it from the seat's present epoch. Refuses to keep signatures: whoever sends the
transaction brings them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.actions.answers import AsOf
from api.actions.typed_data import TypedDataAnswer
from api.wire import Account, Uint256Out  # noqa: TC001 - pydantic reads the annotations
from marketplace.bindings.reverts import CheckedIn, VerifierMissing
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.admission import CheckIn
from marketplace.domain.ids import SeatId
from marketplace.orders.check_ins import check_in_digest, typed_check_in

if TYPE_CHECKING:
    from api.actions.orders import CheckInMessageOrder
    from api.actions.steps import Site


class CheckInMessageAnswer(AsOf):
    """What both sides sign, and who they are at this block."""

    seat: Uint256Out
    epoch: Uint256Out
    """The seat's, as decimal digits: signatures count for nobody who owns it later."""

    expiry: Uint256Out
    """Unix second, the last at which the signatures count, as decimal digits."""

    holder: Account
    """Who owns the seat, and signs."""

    verifier: Account
    """Who checks people in at the drop, and signs."""

    digest: str
    typed_data: TypedDataAnswer


def check_in_message(site: Site, order: CheckInMessageOrder) -> CheckInMessageAnswer:
    """Prepare the message.

    Raises:
        SeatTokenUnknown, CheckedIn, VerifierMissing: nobody can be checked in with this seat.
        ChainUnavailable, WrongNode: nothing can be said.
    """
    seat = SeatId(order.seat)
    found, verifier = site.seat(seat), site.drop(seat.drop).verifier
    if found.checked_in:
        raise CheckedIn(seat)
    if verifier == ZERO_ADDRESS:
        raise VerifierMissing(seat.drop)
    came = CheckIn(seat=seat, epoch=found.epoch, expiry=site.now + order.expires_in_s)
    named = site.seats.chain_id, site.seats.address
    return CheckInMessageAnswer(
        seat=int(seat),
        epoch=came.epoch,
        expiry=came.expiry,
        holder=found.owner,
        verifier=verifier,
        digest=f"0x{check_in_digest(came, *named).hex()}",
        typed_data=TypedDataAnswer.of(typed_check_in(came, *named), "CheckIn"),
        as_of_block=site.head.number,
        block_hash=f"0x{site.head.hash.hex()}",
    )
