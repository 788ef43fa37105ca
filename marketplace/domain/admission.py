"""What lets an account through: a pass to mint, and a check-in to the session.

Owns the messages that a pass signer, a holder and a verifier sign, member for member as the
contract hashes them. Refuses to sign or hash them: `marketplace.orders` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex, SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Leave to mint once in a phase, for one account.

    Attributes:
        account: Who mints; the recipient of the seats may be another.
        quantity: How many seats at most.
        nonce: Of the signer's choice, for this drop; used up by the mint.
        expiry: The last second.
    """

    drop: DropId
    phase: PhaseIndex
    account: ChecksumAddress
    quantity: int
    nonce: int
    expiry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """That the holder of a seat came, which both the holder and the verifier say.

    Attributes:
        epoch: The seat's; passed when it moves, so no later holder is checked in by it.
        expiry: The last second at which the signatures count.
    """

    seat: SeatId
    epoch: int
    expiry: int
