"""Why a resale or a listing was refused: the errors of `ISeatMarket`.

Refuses anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.money import Wei, ether_text
from marketplace.domain.times import utc_text


@revert("SeatMarket_SellerNotOwner")
class SellerNotOwner(DeclaredRevert):
    """The seller no longer owns the seat."""

    seat: SeatId
    seller: ChecksumAddress
    owner: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} belongs to {self.owner} and not to {self.seller}: this listing is "
            "dead, look for another."
        )


@revert("SeatMarket_EpochPassed")
class EpochPassed(DeclaredRevert):
    """The seat has moved, or its owner has cancelled, since the listing was made."""

    seat: SeatId
    listed: int
    current: int

    def _sentence(self) -> str:
        return (
            f"This listing of seat {self.seat} is dead: the seat has moved since, or its owner has "
            f"cancelled (epoch {self.current}, listed at {self.listed}). Look for a newer one."
        )


@revert("SeatMarket_CounterPassed")
class CounterPassed(DeclaredRevert):
    """The seller has cancelled all earlier listings."""

    seller: ChecksumAddress
    listed: int
    current: int

    def _sentence(self) -> str:
        return (
            f"{self.seller} has cancelled all listings with a counter below {self.current}, and "
            f"this one has {self.listed}: ask for a new listing."
        )


@revert("SeatMarket_TermsChanged")
class TermsChanged(DeclaredRevert):
    """The drop's terms have changed since the listing was made."""

    seat: SeatId
    listed: int
    current: int

    def _sentence(self) -> str:
        return (
            f"The terms of seat {self.seat} are now version {self.current}, and the listing was "
            f"made for version {self.listed}: read the new terms and ask for a new listing."
        )


@revert("SeatMarket_ListingExpired")
class ListingExpired(DeclaredRevert):
    """The listing has ended; both in Unix seconds."""

    expiry: int
    time: int

    def _sentence(self) -> str:
        return (
            f"The listing ended at {utc_text(self.expiry)} and it is {utc_text(self.time)}: "
            "ask for a new one."
        )


@revert("SeatMarket_ExpiryTooFar")
class ExpiryTooFar(DeclaredRevert):
    """The listing would end too far ahead; both in Unix seconds."""

    expiry: int
    latest: int

    def _sentence(self) -> str:
        return (
            f"The listing ends at {utc_text(self.expiry)}, more than 30 days ahead: "
            f"let it end by {utc_text(self.latest)}."
        )


@revert("SeatMarket_NotTheTaker")
class NotTheTaker(DeclaredRevert):
    """The listing is for somebody else."""

    taker: ChecksumAddress
    caller: ChecksumAddress

    def _sentence(self) -> str:
        return f"This listing is for {self.taker} alone; {self.caller} cannot buy by it."


@revert("SeatMarket_SellerIsBuyer")
class SellerIsBuyer(DeclaredRevert):
    """Buying from oneself."""

    account: ChecksumAddress

    def _sentence(self) -> str:
        return f"{self.account} owns this seat already: to end the listing, cancel it."


@revert("SeatMarket_Paused")
class SeatMarketPaused(DeclaredRevert):
    """Selling is paused to the end of a second."""

    drop: DropId
    until: int

    def _sentence(self) -> str:
        return f"Sales of drop {self.drop} are paused until {utc_text(self.until)}: buy after that."


@revert("SeatMarket_Granted")
class Granted(DeclaredRevert):
    """A granted seat is never sold."""

    seat: SeatId

    def _sentence(self) -> str:
        return f"Seat {self.seat} was granted for nothing and is never sold; it can be given away."


@revert("SeatMarket_PriceOutOfBounds")
class PriceOutOfBounds(DeclaredRevert):
    """The price is below the royalty that it owes or above the cap on resales."""

    price: Wei
    least: Wei
    most: Wei

    def _sentence(self) -> str:
        if self.most < self.least:
            return "This seat cannot be resold at any price: its terms set the cap below the least."
        return (
            f"The price is {ether_text(self.price)}; a resale of this seat must cost between "
            f"{ether_text(self.least)} and {ether_text(self.most)}: make a new listing."
        )


@revert("SeatMarket_WrongPayment")
class SeatMarketWrongPayment(DeclaredRevert):
    """The payment is not the listing's price."""

    price: Wei
    paid: Wei

    def _sentence(self) -> str:
        return (
            f"The seat costs exactly {ether_text(self.price)}, and {ether_text(self.paid)} came: "
            "send the exact price."
        )


@revert("SeatMarket_SignatureInvalid")
class SignatureInvalid(DeclaredRevert):
    """Nobody who may sell the seat authorised this listing."""

    seller: ChecksumAddress
    digest: bytes

    def _sentence(self) -> str:
        return (
            f"{self.seller} has neither signed nor stored this listing (digest "
            f"0x{self.digest.hex()}): fetch the listing again or ask the seller for a new one."
        )


@revert("SeatMarket_NotTheSeller")
class NotTheSeller(DeclaredRevert):
    """Only the seller may store a listing."""

    seller: ChecksumAddress
    caller: ChecksumAddress

    def _sentence(self) -> str:
        return f"Only {self.seller} may store this listing, not {self.caller}."
