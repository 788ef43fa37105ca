"""Why a seat did not move: the errors of `ISeatToken` and `ISeatStandards`.

Refuses anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.money import Wei, ether_text
from marketplace.domain.times import utc_text


@revert("SeatToken_Unknown")
class SeatTokenUnknown(DeclaredRevert):
    """There is no such seat, or it was burned."""

    seat: SeatId

    def _sentence(self) -> str:
        return f"There is no seat {self.seat}, or it was burned: check its number."


@revert("SeatToken_RendererMissing")
class RendererMissing(DeclaredRevert):
    """There is no contract at the renderer's address."""

    renderer: ChecksumAddress

    def _sentence(self) -> str:
        return f"There is no contract at {self.renderer}: deploy the renderer before Seats."


@revert("SeatToken_NotOwner")
class NotOwner(DeclaredRevert):
    """Only the owner may do this."""

    seat: SeatId
    owner: ChecksumAddress
    caller: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} belongs to {self.owner}, and only its owner may do this; "
            f"{self.caller} is not: use the account that owns it."
        )


@revert("SeatToken_NotTheirs")
class NotTheirs(DeclaredRevert):
    """A transfer names an account that does not own the seat."""

    seat: SeatId
    owner: ChecksumAddress
    from_: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} belongs to {self.owner} and not to {self.from_}, from whom it "
            "should go: name its owner."
        )


@revert("SeatToken_ToNobody")
class ToNobody(DeclaredRevert):
    """A seat is never given to the zero address, nor to the market's own."""

    seat: SeatId
    recipient: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} cannot be given to {self.recipient}, which is nobody's account: "
            "name a recipient."
        )


@revert("SeatToken_NotTaken")
class NotTaken(DeclaredRevert):
    """The receiver is a contract that does not say that it takes tokens."""

    seat: SeatId
    receiver: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"{self.receiver} is a contract that does not take tokens, so seat {self.seat} would "
            "be lost there: choose another account."
        )


@revert("SeatStandards_PriceTooHigh")
class PriceTooHigh(DeclaredRevert):
    """The royalty of such a price cannot be told."""

    price: Wei
    most: Wei

    def _sentence(self) -> str:
        return (
            f"The royalty of a sale at {self.price} cannot be told: ask about a price of at most "
            f"{self.most}."
        )


@revert("SeatToken_ApprovalRefused")
class ApprovalRefused(DeclaredRevert):
    """Seats are not approved to others under this policy."""

    policy: TransferPolicy

    def _sentence(self) -> str:
        return (
            f"Under the policy {self.policy.name} nobody is approved to move a seat: list it here "
            "or give it away."
        )


@revert("SeatToken_Bound")
class Bound(DeclaredRevert):
    """A BOUND seat never moves."""

    seat: SeatId

    def _sentence(self) -> str:
        return f"Seat {self.seat} is bound to its owner by its drop's terms and never moves."


@revert("SeatToken_Locked")
class Locked(DeclaredRevert):
    """A checked-in or objected seat never moves."""

    seat: SeatId

    def _sentence(self) -> str:
        return f"Seat {self.seat} was checked in or has objected, and no longer moves."


@revert("SeatToken_DropImmovable")
class DropImmovable(DeclaredRevert):
    """The state of its drop keeps the seat where it is."""

    drop: DropId
    state: DropState

    def _sentence(self) -> str:
        return f"Drop {self.drop} is {self.state.name}: its seats stay where they are."


@revert("SeatToken_DeliveryOverdue")
class DeliveryOverdue(DeclaredRevert):
    """The drop was not delivered in time; `deliver_by` in Unix seconds."""

    drop: DropId
    deliver_by: int

    def _sentence(self) -> str:
        return (
            f"Drop {self.drop} should have been delivered by {utc_text(self.deliver_by)}: its "
            "seats no longer move, claim the money back instead."
        )


@revert("SeatToken_CoolingDown")
class CoolingDown(DeclaredRevert):
    """The seat was moved too recently to be given away; `from_` in Unix seconds."""

    seat: SeatId
    from_: int

    def _sentence(self) -> str:
        return f"Seat {self.seat} can be given away from {utc_text(self.from_)} on: wait for it."


@revert("SeatToken_WrongToll")
class WrongToll(DeclaredRevert):
    """The ETH that came is not what is due; nothing is where the currency is an ERC-20."""

    seat: SeatId
    toll: Wei
    paid: Wei

    def _sentence(self) -> str:
        if self.toll == 0:
            return (
                f"Giving away seat {self.seat} is not paid with ETH, and {ether_text(self.paid)} "
                "came: send none."
            )
        return (
            f"Giving away seat {self.seat} costs exactly {ether_text(self.toll)}, and "
            f"{ether_text(self.paid)} came: send the exact toll."
        )


@revert("SeatToken_EpochExhausted")
class EpochExhausted(DeclaredRevert):
    """The seat has changed hands as often as can be counted."""

    seat: SeatId

    def _sentence(self) -> str:
        return f"Seat {self.seat} has changed hands as often as can be counted and stays put."
