"""What a listing rests on, read from the mirror or from the contract.

Owns turning their answers into the values that `marketplace.orders.judging` judges. Refuses to
mix: the facts of one judgement are of one block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.programme.numbers import is_mirrored
from indexer.queries import counters_of, drop_terms, seats_named, stored_among
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState as Life
from marketplace.domain.drop import TransferPolicy
from marketplace.domain.listing import Listing
from marketplace.domain.money import NO_MONEY
from marketplace.domain.words import SeatFlag
from marketplace.orders.judging import SaleFacts, SaleTerms, SeatOnSale

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from indexer.queries import DropState, DropTerms, MirrorId, Seat, StoredListing
    from marketplace.bindings.seats import SeatsContract
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId, TierIndex
    from marketplace.domain.views import DropOverview

NO_SEAT: Final = SeatOnSale(
    owner=ZERO_ADDRESS, epoch=0, face=NO_MONEY, held=NO_MONEY, locked=False, granted=False
)
_LOCKING: Final = SeatFlag.CHECKED_IN | SeatFlag.OBJECTED


class MirroredSales:
    """The facts of one drop's listings, all of one transaction of the mirror.

    Args:
        connection: Reading the mirror.
        mirror: Which one.
        mirrored: The drop, read by the same connection.
    """

    def __init__(self, connection: Connection, mirror: MirrorId, mirrored: DropTerms) -> None:
        self._connection = connection
        self._mirror = mirror
        self._mirrored = mirrored
        self._seats: dict[SeatId, SeatOnSale] = {}
        self._counters: dict[ChecksumAddress, int] = {}
        self._kept: dict[Listing, bool] = {}

    def of(self, named: SeatId, seller: ChecksumAddress) -> SaleFacts | None:
        """What a seller's listing of a seat rests on; None where the drop has no such tier."""
        terms = self.terms(named.tier)
        if terms is None:
            return None
        return SaleFacts(seat=self.seat(named), terms=terms, counter=self.counter(seller))

    def seat(self, named: SeatId) -> SeatOnSale:
        """A seat as it is for sale; nobody's where there is none."""
        self.learn((named,))
        return self._seats[named]

    def counter(self, account: ChecksumAddress) -> int:
        """What an account's listings and offers must carry."""
        self.learn_counters((account,))
        return self._counters[account]

    def learn_counters(self, accounts: Collection[ChecksumAddress]) -> None:
        """Read the counters of several accounts at once, before they are asked for one by one."""
        new = {one for one in accounts if one not in self._counters}
        if new:
            told = counters_of(self._connection, self._mirror, new)
            self._counters |= {one: told.get(one, 0) for one in new}

    def keeps(self, listing: Listing) -> bool:
        """Whether the chain keeps a listing of the drop, dead or alive."""
        self.learn_kept((listing,))
        return self._kept[listing]

    def learn_kept(self, listings: Collection[Listing]) -> None:
        """Look at once which of several the chain keeps, before they are asked for one by one."""
        new = {one for one in listings if one not in self._kept}
        if new:
            kept = stored_among(self._connection, self._mirror, new)
            self._kept |= {one: one in kept for one in new}

    @property
    def drop(self) -> DropState:
        """The drop as it was read."""
        return self._mirrored.drop

    def learn(self, named: Collection[SeatId]) -> None:
        """Read several seats at once, before they are asked for one by one."""
        new = {one for one in named if one not in self._seats}
        if new:
            self._seats |= dict.fromkeys(new, NO_SEAT)
            for found in seats_named(self._connection, self._mirror, new):
                self._seats[found.id] = self._on_sale(found)

    def _on_sale(self, found: Seat) -> SeatOnSale:
        bound = self._mirrored.drop.policy == TransferPolicy.BOUND
        return SeatOnSale(
            owner=found.owner,
            epoch=found.epoch,
            face=found.face,
            held=found.held,
            # A bound seat is told as locked from its mint on.
            locked=bool(found.flags & _LOCKING) or (found.locked and not bound),
            granted=bool(found.flags & SeatFlag.GRANTED),
        )

    def terms(self, index: TierIndex) -> SaleTerms | None:
        """What drop and tier say about a sale; None where there is no such tier."""
        drop = self._mirrored.drop
        tier = next((one for one in self._mirrored.tiers if one.tier == index), None)
        if tier is None:
            return None
        return SaleTerms(
            state=Life(drop.state),
            policy=TransferPolicy(drop.policy),
            terms_version=drop.terms_version,
            royalty=drop.royalty_bps,
            toll=drop.toll_bps,
            resale_cap=drop.resale_cap_bps,
            penalty=drop.penalty_bps,
            list_price=tier.list_price,
            deliver_by=drop.deliver_by,
            refund_until=drop.refund_until,
            paused_until=drop.paused_until,
            currency=self._mirrored.currency,
        )


def listing_told(told: StoredListing) -> Listing:
    """What a seller has stored, as the seller would sign it."""
    return Listing(
        seat=told.seat,
        price=told.price,
        epoch=told.epoch,
        seller=told.seller,
        counter=told.counter,
        terms_version=told.terms_version,
        taker=told.taker,
        expiry=told.expiry,
    )


def mirrored_sales(connection: Connection, mirror: MirrorId, drop: DropId) -> MirroredSales | None:
    """Read a drop for judging its listings; None when there is no such drop.

    Raises MirrorMissing.
    """
    mirrored = drop_terms(connection, mirror, drop) if is_mirrored(drop) else None
    return None if mirrored is None else MirroredSales(connection, mirror, mirrored)


def facts_on_chain(
    contract: SeatsContract, named: SeatId, seller: ChecksumAddress, block_hash: bytes
) -> SaleFacts:
    """Ask the contract, at one block, what a seller's listing of a seat rests on.

    Raises SeatTokenUnknown, ChainUnavailable.
    """
    seat = seat_on_chain(contract, named, block_hash)
    overview = contract.terms_of(named.drop, block_hash)
    return SaleFacts(
        seat=seat,
        terms=terms_on_chain(overview, named.tier),
        counter=contract.counter_of(seller, block_hash),
    )


def seat_on_chain(contract: SeatsContract, named: SeatId, block_hash: bytes) -> SeatOnSale:
    """Ask the contract for a seat as it is for sale. Raises SeatTokenUnknown."""
    found = contract.seat_of(named, block_hash)
    return SeatOnSale(
        owner=found.owner,
        epoch=found.epoch,
        face=found.face,
        held=found.held,
        # Not `locked`, which a BOUND seat is from its mint on.
        locked=found.checked_in or found.objected,
        granted=found.granted,
    )


def terms_on_chain(overview: DropOverview, index: TierIndex) -> SaleTerms:
    """What drop and tier say about a sale; the tier must be there."""
    drop, tier = overview.terms, overview.tiers[index]
    return SaleTerms(
        state=drop.state,
        policy=drop.policy,
        terms_version=drop.terms_version,
        royalty=drop.royalty,
        toll=drop.toll,
        resale_cap=drop.resale_cap,
        penalty=drop.penalty,
        list_price=tier.list_price,
        deliver_by=drop.deliver_by,
        refund_until=drop.refund_until,
        paused_until=drop.paused_until,
        currency=drop.currency,
    )
