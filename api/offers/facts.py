"""What offers rest on, read from the mirror or from the contract.

Owns turning their answers into the values that `marketplace.orders.bidding` judges. Refuses to mix:
the facts of one judgement are of one block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.market.facts import MirroredSales, mirrored_sales, terms_on_chain
from api.offers.values import seat_wanted
from indexer.queries import offers_spent
from marketplace.bindings.reverts import SeatDropsUnknown, TierUnknown
from marketplace.orders.bidding import BidFacts, place_of, refusal_of_bid, refusal_of_fill

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from api.actions.steps import Site
    from api.offers.values import BookOffer
    from indexer.queries import MirrorId
    from marketplace.bindings.reverts import DeclaredRevert
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId
    from marketplace.orders.offers import Offer


class MirroredBids:
    """The facts of one drop's offers, all of one transaction of the mirror."""

    def __init__(self, connection: Connection, mirror: MirrorId, sales: MirroredSales) -> None:
        self._connection = connection
        self._mirror = mirror
        self.sales = sales
        self._spent: dict[tuple[ChecksumAddress, int], bool] = {}

    def learn(self, made: Collection[Offer]) -> None:
        """Read what several offers rest on, before they are judged one by one."""
        self.sales.learn({seat for seat in map(seat_wanted, made) if seat is not None})
        self.sales.learn_counters({one.buyer for one in made})
        new = {(one.buyer, one.nonce) for one in made} - self._spent.keys()
        if new:
            spent = offers_spent(self._connection, self._mirror, new)
            self._spent |= {one: one in spent for one in new}

    def refusal(
        self, found: BookOffer, now: int, seat: SeatId | None = None
    ) -> DeclaredRevert | None:
        """What the contract would refuse an offer with; None: it is alive.

        Args:
            found: The offer.
            now: Unix second of the sale.
            seat: The seat that would be sold; not named: the offer's own, or any of its tier.
        """
        if not self.know(found):
            return SeatDropsUnknown(found.drop)
        return self.refusal_now(found.offer, now, seat)

    def know(self, found: BookOffer) -> bool:
        """Whether an offer was made for this drop: a reorganisation can give its number away."""
        return self.sales.drop.terms_hash == found.terms_hash

    def refusal_now(
        self, offer: Offer, now: int, seat: SeatId | None = None
    ) -> DeclaredRevert | None:
        """As `refusal`, of an offer that is made for the drop as it is."""
        drop, tier = place_of(offer)
        terms = self.sales.terms(tier)
        if terms is None:
            return SeatDropsUnknown(drop)
        self.learn((offer,))
        bid = BidFacts(
            terms=terms,
            ends_at=self.sales.drop.ends_at,
            counter=self.sales.counter(offer.buyer),
            spent=self._spent[offer.buyer, offer.nonce],
        )
        sold = seat or seat_wanted(offer)
        if sold is None:
            return refusal_of_bid(offer, bid, now)
        return refusal_of_fill(offer, sold, self.sales.seat(sold), bid, now)


def mirrored_bids(connection: Connection, mirror: MirrorId, drop: DropId) -> MirroredBids | None:
    """Read a drop for judging its offers; None when there is no such drop.

    Raises MirrorMissing.
    """
    sales = mirrored_sales(connection, mirror, drop)
    return None if sales is None else MirroredBids(connection, mirror, sales)


def bid_on_chain(site: Site, offer: Offer) -> BidFacts:
    """Ask the contract, at one block, what an offer rests on.

    Raises SeatDropsUnknown, TierUnknown, ChainUnavailable.
    """
    drop, tier = place_of(offer)
    overview = site.seats.terms_of(drop, site.head.hash)
    if tier >= len(overview.tiers):
        raise TierUnknown(drop, tier)
    return BidFacts(
        terms=terms_on_chain(overview, tier),
        ends_at=overview.terms.ends_at,
        counter=site.seats.counter_of(offer.buyer, site.head.hash),
        spent=site.seats.is_offer_spent(offer.buyer, offer.nonce, site.head.hash),
    )
