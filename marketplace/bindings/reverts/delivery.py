"""Why a seat or a drop did not come to its end: the errors of `ISeatDelivery`.

Refuses anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.money import Bps, percent_text
from marketplace.domain.times import utc_text


@revert("SeatDelivery_WrongState")
class WrongState(DeclaredRevert):
    """This is not done in this state of the drop."""

    drop: DropId
    state: DropState

    def _sentence(self) -> str:
        if self.state is DropState.NONE:
            return f"There is no drop {self.drop}: check its number and the contract's address."
        return (
            f"Drop {self.drop} is {self.state.name}, and this is not done in that state: look at "
            "the drop to see what is."
        )


@revert("SeatDelivery_TooEarly")
class SeatDeliveryTooEarly(DeclaredRevert):
    """Not before the second `from_`; both in Unix seconds."""

    drop: DropId
    from_: int
    time: int

    def _sentence(self) -> str:
        return (
            f"For drop {self.drop} this is possible from {utc_text(self.from_)} on, and it is "
            f"{utc_text(self.time)}: wait for it."
        )


@revert("SeatDelivery_TooLate")
class SeatDeliveryTooLate(DeclaredRevert):
    """Not after the second `until`; both in Unix seconds."""

    drop: DropId
    until: int
    time: int

    def _sentence(self) -> str:
        return (
            f"For drop {self.drop} this was possible until {utc_text(self.until)}, and it is "
            f"{utc_text(self.time)}: it cannot be done any more."
        )


@revert("SeatDelivery_NotResolver")
class NotResolver(DeclaredRevert):
    """Only the resolver may decide, for 14 days."""

    drop: DropId
    resolver: ChecksumAddress
    caller: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"Only the resolver of drop {self.drop}, {self.resolver}, may decide, and "
            f"{self.caller} is not: after 14 days anybody ends the dispute by default."
        )


@revert("SeatDelivery_CheckedIn")
class CheckedIn(DeclaredRevert):
    """The holder was checked in with this seat."""

    seat: SeatId

    def _sentence(self) -> str:
        return (
            f"The holder of seat {self.seat} was checked in: it is not checked in twice and has no "
            "refund window any more; objections and claims remain."
        )


@revert("SeatDelivery_NoFace")
class NoFace(DeclaredRevert):
    """The seat cost nothing."""

    seat: SeatId

    def _sentence(self) -> str:
        return f"Seat {self.seat} cost nothing: there is nothing to give back or to contest."


@revert("SeatDelivery_JustMoved")
class JustMoved(DeclaredRevert):
    """The seat was minted or changed hands in this second; in Unix seconds."""

    seat: SeatId
    time: int

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} was minted or changed hands at {utc_text(self.time)}, this very "
            "second: give it back in the next block."
        )


@revert("SeatDelivery_ObjectedAlready")
class ObjectedAlready(DeclaredRevert):
    """The holder has objected already."""

    seat: SeatId

    def _sentence(self) -> str:
        return f"Seat {self.seat} has objected already, and once is enough: wait for the decision."


@revert("SeatDelivery_NothingToClaim")
class NothingToClaim(DeclaredRevert):
    """The seat has been paid out, nothing waits with it, or the decision left it nothing."""

    seat: SeatId

    def _sentence(self) -> str:
        return (
            f"There is nothing to claim or collect for seat {self.seat}: it has been paid out, "
            "nothing waits with it, or the decision left it nothing."
        )


@revert("SeatDelivery_NotInDispute")
class NotInDispute(DeclaredRevert):
    """The dispute was about other seats."""

    seat: SeatId

    def _sentence(self) -> str:
        return (
            f"The dispute was not about seat {self.seat}, so there is no claim: what waits with it "
            "is collected for the mentor."
        )


@revert("SeatDelivery_InDispute")
class InDispute(DeclaredRevert):
    """The dispute was about this seat."""

    seat: SeatId

    def _sentence(self) -> str:
        return f"The dispute was about seat {self.seat}: claim for it instead of collecting."


@revert("SeatDelivery_SplitTooLarge")
class SplitTooLarge(DeclaredRevert):
    """The holders' share is at most the whole."""

    split: Bps
    most: Bps

    def _sentence(self) -> str:
        return (
            f"The holders' share cannot be {percent_text(self.split)}: decide for at most "
            f"{percent_text(self.most)}."
        )


@revert("SeatDelivery_VerifierMissing")
class VerifierMissing(DeclaredRevert):
    """The drop has no verifier."""

    drop: DropId

    def _sentence(self) -> str:
        return (
            f"Drop {self.drop} has no verifier, so nobody can be checked in: its mentor names one "
            "first."
        )


@revert("SeatDelivery_HolderAbsent")
class HolderAbsent(DeclaredRevert):
    """Neither the caller nor the signature is the holder's."""

    holder: ChecksumAddress
    digest: bytes

    def _sentence(self) -> str:
        return (
            f"{self.holder} holds the seat and has neither called nor signed this check-in (digest "
            f"0x{self.digest.hex()}): ask for their signature."
        )


@revert("SeatDelivery_VerifierAbsent")
class VerifierAbsent(DeclaredRevert):
    """Neither the caller nor the signature is the verifier's."""

    verifier: ChecksumAddress
    digest: bytes

    def _sentence(self) -> str:
        return (
            f"{self.verifier} checks people in and has neither called nor signed this check-in "
            f"(digest 0x{self.digest.hex()}): ask for their signature."
        )


@revert("SeatDelivery_CheckInExpired")
class CheckInExpired(DeclaredRevert):
    """The signatures of the check-in have ended; both in Unix seconds."""

    expiry: int
    time: int

    def _sentence(self) -> str:
        return (
            f"The signatures for this check-in counted until {utc_text(self.expiry)}, and it is "
            f"{utc_text(self.time)}: sign again."
        )
