"""From check-in to the last claim.

Refuses to say what is paid: `refund_of` of the deployed contract does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bindings.actions.preparing import Prepares
from marketplace.domain.money import WHOLE_BPS, Bps, percent_text

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.ids import DropId, SeatId


class DeliveryActions(Prepares):
    """What holders, verifiers, the mentor and the resolver do until everybody is paid."""

    def check_in(
        self,
        seat: SeatId,
        expiry: int,
        holder_signature: bytes = b"",
        verifier_signature: bytes = b"",
    ) -> PreparedTransaction:
        """Check the holder in; a signature is empty where its signer sends.

        Both sign the same `CheckIn`, whose epoch is the seat's of the moment.
        """
        return self._prepare(
            "checkIn",
            (seat, expiry, holder_signature, verifier_signature),
            f"Check in with seat {seat}: it will not move again and has no refund window any more",
        )

    def refund(self, seat: SeatId) -> PreparedTransaction:
        """Give the sender's seat back for its face less the penalty; `SeatRefunded` tells both."""
        summary = f"Give seat {seat} back for its price less the penalty: it is burned"
        return self._prepare("refund", (seat,), summary)

    def assert_delivery(self, drop: DropId, evidence: bytes) -> PreparedTransaction:
        """Say that everything was delivered; only the mentor. `evidence` is a hash of 32 bytes."""
        summary = f"Assert that drop {drop} was delivered: holders may now object"
        return self._prepare("assertDelivery", (drop, evidence), summary)

    def object_to(self, seat: SeatId) -> PreparedTransaction:
        """Contest that the drop of the sender's seat was delivered, once."""
        summary = f"Object with seat {seat} that it was delivered: it will not move again"
        return self._prepare("objectTo", (seat,), summary)

    def settle(self, drop: DropId) -> PreparedTransaction:
        """After the challenge window, pay the mentor or open the dispute; anybody."""
        summary = f"Settle drop {drop}: pay its mentor, or open the dispute"
        return self._prepare("settle", (drop,), summary)

    def resolve(self, drop: DropId, split: Bps) -> PreparedTransaction:
        """Give the holders in dispute their share; only the resolver, within 14 days."""
        # What the contract refuses is still summed up: the simulation says no.
        mentors = percent_text(Bps(max(WHOLE_BPS - split, 0)))
        summary = (
            f"Decide the dispute of drop {drop} for ever: {percent_text(split)} to the holders, "
            f"{mentors} to the mentor"
        )
        return self._prepare("resolve", (drop, split), summary)

    def resolve_by_default(self, drop: DropId) -> PreparedTransaction:
        """End a dispute that the resolver left open for 14 days; anybody."""
        summary = f"End the dispute of drop {drop}, which its resolver left open, by its terms"
        return self._prepare("resolveByDefault", (drop,), summary)

    def claim(self, seat: SeatId) -> PreparedTransaction:
        """Pay out a seat of a cancelled, failed or disputed drop to its owner; anybody."""
        summary = f"Claim for seat {seat} what it is owed, for its owner"
        return self._prepare("claim", (seat,), summary)

    def collect(self, seat: SeatId) -> PreparedTransaction:
        """Release what waits with a seat of a delivered drop to the mentor; anybody."""
        summary = f"Collect for the mentor what waits with seat {seat}"
        return self._prepare("collect", (seat,), summary)
