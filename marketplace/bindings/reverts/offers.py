"""Why an offer was not filled: the errors of `ISeatMarket` that only offers meet.

Refuses anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.domain.money import Wei, either_text
from marketplace.domain.times import utc_text


@revert("SeatMarket_OffersClosed")
class OffersClosed(DeclaredRevert):
    """Offers are filled while the drop is LIVE, until its end; `ends_at` in Unix seconds."""

    drop: DropId
    state: DropState
    ends_at: int

    def _sentence(self) -> str:
        return (
            f"Offers for seats of drop {self.drop} are filled while it is LIVE, until "
            f"{utc_text(self.ends_at)}, and it is {self.state.name}: that time is over."
        )


@revert("SeatMarket_OfferSpent")
class OfferSpent(DeclaredRevert):
    """The offer with this nonce was filled or cancelled."""

    buyer: ChecksumAddress
    nonce: int

    def _sentence(self) -> str:
        return (
            f"Offer {self.nonce} of {self.buyer} was filled or cancelled: look for another, or ask "
            "for a new one."
        )


@revert("SeatMarket_OfferForAnother")
class OfferForAnother(DeclaredRevert):
    """The offer is for seats of another drop or tier."""

    seat: SeatId
    drop: DropId
    tier: TierIndex

    def _sentence(self) -> str:
        return (
            f"The offer is for seats of tier {self.tier} of drop {self.drop}, and seat {self.seat} "
            "is none of those: take it with one that is."
        )


@revert("SeatMarket_FaceTooLow")
class FaceTooLow(DeclaredRevert):
    """The offer asks for a seat that cost more at its mint."""

    seat: SeatId
    face: Wei
    least: Wei

    def _sentence(self) -> str:
        # Of a whole tier: no seat has that number.
        if self.seat.number == 0:
            return (
                f"No seat of tier {self.seat.tier} of drop {self.seat.drop} cost more than "
                f"{either_text(self.face)} when it was minted, and the offer asks for one of "
                f"{either_text(self.least)} at least: ask for less."
            )
        return (
            f"Seat {self.seat} cost {either_text(self.face)} when it was minted, and the offer "
            f"asks for {either_text(self.least)} at least: take it with another seat."
        )
