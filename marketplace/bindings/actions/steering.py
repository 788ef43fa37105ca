"""Creating a drop, and what its mentor, the guardian or time does to it afterwards.

Refuses delivery and disputes, which are in `delivery`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bindings.actions.preparing import Prepares, seats_text
from marketplace.bindings.wire import phase_tuple, terms_tuple, tier_tuple
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.drop import NewDrop
    from marketplace.domain.ids import DropId, TierIndex


class SteeringActions(Prepares):
    """What is done to a whole drop; times are Unix seconds."""

    def create_drop(self, offer: NewDrop) -> PreparedTransaction:
        """Create a drop whose mentor is the sender; `DropCreated` has its id."""
        arguments = (
            terms_tuple(offer.terms),
            [tier_tuple(tier) for tier in offer.tiers],
            [phase_tuple(phase) for phase in offer.phases],
        )
        seats = sum(tier.cap for tier in offer.tiers)
        return self._prepare("createDrop", arguments, f"Create a drop of {seats} seats")

    def grant(
        self, drop: DropId, tier: TierIndex, recipient: ChecksumAddress, quantity: int
    ) -> PreparedTransaction:
        """Give seats away for nothing; only the mentor. `SeatsGranted` has the first id."""
        return self._prepare(
            "grant",
            (drop, tier, recipient, quantity),
            f"Grant {seats_text(quantity)} of tier {tier} of drop {drop} to {recipient}: never "
            "sold, never refunded",
        )

    def lower_cap(self, drop: DropId, tier: TierIndex, cap: int) -> PreparedTransaction:
        """Let at most `cap` seats of a tier live from now on; only the mentor."""
        summary = f"Lower the cap of tier {tier} of drop {drop} to {cap}, for ever"
        return self._prepare("lowerCap", (drop, tier, cap), summary)

    def set_verifier(self, drop: DropId, verifier: ChecksumAddress) -> PreparedTransaction:
        """Name who checks people in; only the mentor. Nobody: nobody is checked in."""
        if verifier == ZERO_ADDRESS:
            summary = f"Let nobody check people in to drop {drop}"
        else:
            summary = f"Let {verifier} check people in to drop {drop}"
        return self._prepare("setVerifier", (drop, verifier), summary)

    def pause(self, drop: DropId, until: int) -> PreparedTransaction:
        """Stop minting and sales to the end of a second; only the guardian."""
        summary = f"Pause minting and sales of drop {drop} until {utc_text(until)}"
        return self._prepare("pause", (drop, until), summary)

    def unpause(self, drop: DropId) -> PreparedTransaction:
        """End a pause early; only the guardian."""
        return self._prepare("unpause", (drop,), f"End the pause of drop {drop}")

    def postpone(
        self, drop: DropId, starts_at: int, ends_at: int, deliver_by: int
    ) -> PreparedTransaction:
        """Move a drop that has not started; only the mentor."""
        return self._prepare(
            "postpone",
            (drop, starts_at, ends_at, deliver_by),
            f"Postpone drop {drop}: it starts {utc_text(starts_at)}, ends {utc_text(ends_at)} and "
            f"is delivered by {utc_text(deliver_by)}; refunds cost no penalty any more",
        )

    def cancel_drop(self, drop: DropId) -> PreparedTransaction:
        """Cancel a drop for ever; only the mentor."""
        summary = f"Cancel drop {drop} for ever: every holder gets everything back"
        return self._prepare("cancelDrop", (drop,), summary)

    def fail_drop(self, drop: DropId) -> PreparedTransaction:
        """Declare a drop failed that was not delivered in time; anybody."""
        summary = f"Declare drop {drop} not delivered: every holder gets everything back"
        return self._prepare("failDrop", (drop,), summary)
