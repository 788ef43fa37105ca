"""Taking and cancelling a buyer's offer.

Refuses to make offers, which costs nothing and no transaction: the buyer signs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bindings.actions.preparing import Prepares
from marketplace.bindings.wire import seat_offer_tuple, tier_offer_tuple
from marketplace.domain.money import amount_text

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId
    from marketplace.domain.offer import SeatOffer, TierOffer


class OfferActions(Prepares):
    """What sellers and buyers do about offers; `currency` is what the offer is paid in.

    That is the drop's, or wrapped ether where the drop's is ETH: never ETH itself.
    """

    def accept_seat_offer(
        self, offer: SeatOffer, signature: bytes, currency: ChecksumAddress
    ) -> PreparedTransaction:
        """Sell the sender's seat to who offered for it; `OfferFilled` and `SeatSold` tell it."""
        return self._prepare(
            "acceptSeatOffer",
            (seat_offer_tuple(offer), signature),
            f"Sell seat {offer.seat} to {offer.buyer} for {amount_text(offer.price, currency)}, "
            "less the royalty",
        )

    def accept_tier_offer(
        self, offer: TierOffer, seat: SeatId, signature: bytes, currency: ChecksumAddress
    ) -> PreparedTransaction:
        """Sell the sender's seat to who offered for any of its tier."""
        return self._prepare(
            "acceptTierOffer",
            (tier_offer_tuple(offer), seat, signature),
            f"Sell seat {seat} to {offer.buyer} for {amount_text(offer.price, currency)}, "
            "less the royalty",
        )

    def cancel_offer(self, nonce: int) -> PreparedTransaction:
        """Kill the sender's offers with this nonce."""
        return self._prepare("cancelOffer", (nonce,), f"Cancel your offers with the number {nonce}")
