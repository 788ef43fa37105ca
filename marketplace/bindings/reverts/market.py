"""Why a resale or a listing was refused: errors of `ISeatMarket`.

Those that only offers meet are in `offers`. Refuses anything but their fields and sentences; the
rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.money import Wei, ether_text
from marketplace.domain.times import utc_text


@revert("SeatMarket_SellerNotOwner")
class SellerNotOwner(DeclaredRevert):
    """Who would sell the seat does not own it."""

    seat: SeatId
    seller: ChecksumAddress
    owner: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} belongs to {self.owner} and not to {self.seller}, who cannot sell "
            "it: a listing of theirs is dead, look for another."
        )


@revert("SeatMarket_EpochPassed")
class EpochPassed(DeclaredRevert):
    """The seat has moved, or its owner has cancelled, since the listing or offer was made."""

    seat: SeatId
    listed: int
    current: int

    def _sentence(self) -> str:
        return (
            f"This listing or offer of seat {self.seat} is dead: the seat has moved since, or its "
            f"owner has cancelled (epoch {self.current}, made at {self.listed}). Look for a newer "
            "one."
        )


@revert("SeatMarket_CounterPassed")
class CounterPassed(DeclaredRevert):
    """The signer has cancelled all earlier listings and offers."""

    signer: ChecksumAddress
    listed: int
    current: int

    def _sentence(self) -> str:
        return (
            f"{self.signer} has cancelled all listings and offers with a counter below "
            f"{self.current}, and this one has {self.listed}: ask for a new one."
        )


@revert("SeatMarket_TermsChanged")
class TermsChanged(DeclaredRevert):
    """The drop's terms have changed since the listing or offer was made."""

    seat: SeatId
    listed: int
    current: int

    def _sentence(self) -> str:
        return (
            f"The terms of seat {self.seat} are now version {self.current}, and the listing or "
            f"offer was made for version {self.listed}: read the new terms and ask for a new one."
        )


@revert("SeatMarket_ListingExpired")
class ListingExpired(DeclaredRevert):
    """The listing or offer has ended; both in Unix seconds."""

    expiry: int
    time: int

    def _sentence(self) -> str:
        return (
            f"The listing or offer ended at {utc_text(self.expiry)} and it is "
            f"{utc_text(self.time)}: ask for a new one."
        )


@revert("SeatMarket_ExpiryTooFar")
class ExpiryTooFar(DeclaredRevert):
    """The listing or offer would end too far ahead; both in Unix seconds."""

    expiry: int
    latest: int

    def _sentence(self) -> str:
        return (
            f"The listing or offer ends at {utc_text(self.expiry)}, more than 30 days ahead: "
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
            f"{ether_text(self.least)} and {ether_text(self.most)} (in another currency: "
            f"{self.price}, {self.least} and {self.most} units): make a new listing or offer."
        )


@revert("SeatMarket_WrongPayment")
class SeatMarketWrongPayment(DeclaredRevert):
    """The ETH that came is not what is due; nothing is where the currency is an ERC-20."""

    price: Wei
    paid: Wei

    def _sentence(self) -> str:
        if self.price == 0:
            return f"This is not paid with ETH, and {ether_text(self.paid)} came: send none."
        return (
            f"This costs exactly {ether_text(self.price)}, and {ether_text(self.paid)} came: "
            "send the exact price."
        )


@revert("SeatMarket_SignatureInvalid")
class SignatureInvalid(DeclaredRevert):
    """Neither the signer's key nor the signer's contract authorised this listing or offer."""

    signer: ChecksumAddress
    digest: bytes

    def _sentence(self) -> str:
        return (
            f"{self.signer} has neither signed nor stored this listing or offer (digest "
            f"0x{self.digest.hex()}): fetch it again or ask {self.signer} for a new one."
        )


@revert("SeatMarket_NotTheSeller")
class NotTheSeller(DeclaredRevert):
    """Only the seller may store a listing."""

    seller: ChecksumAddress
    caller: ChecksumAddress

    def _sentence(self) -> str:
        return f"Only {self.seller} may store this listing, not {self.caller}."


@revert("SeatMarket_LengthsDiffer")
class SeatMarketLengthsDiffer(DeclaredRevert):
    """A purchase of several needs as many signatures as listings."""

    listings: int
    signatures: int

    def _sentence(self) -> str:
        return (
            f"There are {self.listings} listings and {self.signatures} signatures: give one for "
            "each, empty for a listing that was stored."
        )


@revert("SeatMarket_NothingBought")
class NothingBought(DeclaredRevert):
    """None of several listings could be filled."""

    listings: int

    def _sentence(self) -> str:
        return (
            f"None of the {self.listings} listings could be bought: each was sold, died or is for "
            "somebody else. Look for newer ones."
        )


@revert("SeatMarket_OnlyItself")
class OnlyItself(DeclaredRevert):
    """Only the contract calls this function, for one listing of several."""

    caller: ChecksumAddress

    def _sentence(self) -> str:
        return f"Only the market itself may call this, not {self.caller}: buy the listing instead."
