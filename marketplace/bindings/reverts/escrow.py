"""Why money did not move: the errors of `ISeatEscrow`.

Refuses anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei, ether_text


@revert("SeatEscrow_CreditTooSmall")
class CreditTooSmall(DeclaredRevert):
    """The credit does not cover the withdrawal."""

    account: ChecksumAddress
    credit: Wei
    amount: Wei

    def _sentence(self) -> str:
        return (
            f"{self.account} may withdraw {ether_text(self.credit)}, not "
            f"{ether_text(self.amount)}: ask for at most that."
        )


@revert("SeatEscrow_NothingToWithdraw")
class NothingToWithdraw(DeclaredRevert):
    """Withdrawing nothing, or to nobody."""

    account: ChecksumAddress
    recipient: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"{self.account} asked to withdraw nothing, or to nobody ({self.recipient}): "
            "name an amount above zero and a recipient."
        )


@revert("SeatEscrow_PaymentRefused")
class PaymentRefused(DeclaredRevert):
    """The recipient did not take the money."""

    recipient: ChecksumAddress
    amount: Wei

    def _sentence(self) -> str:
        return (
            f"{self.recipient} refused {ether_text(self.amount)}; the credit is untouched: "
            "withdraw to another address."
        )


@revert("SeatEscrow_HeldTooLarge")
class HeldTooLarge(DeclaredRevert):
    """More would wait with the seat than can be counted."""

    seat: SeatId
    held: Wei
    amount: Wei

    def _sentence(self) -> str:
        return (
            f"{ether_text(self.held)} waits with seat {self.seat}, and {ether_text(self.amount)} "
            "more cannot be counted: sell it for less."
        )
