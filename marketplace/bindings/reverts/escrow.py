"""Why money did not move: the errors of `ISeatEscrow`.

Refuses anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei, amount_text, either_text, ether_text


@revert("SeatEscrow_CreditTooSmall")
class CreditTooSmall(DeclaredRevert):
    """The credit does not cover the withdrawal."""

    account: ChecksumAddress
    credit: Wei
    amount: Wei

    def _sentence(self) -> str:
        return (
            f"{self.account} may withdraw {either_text(self.credit)}, not "
            f"{either_text(self.amount)}: ask for at most what is there."
        )


@revert("SeatEscrow_NothingToWithdraw")
class NothingToWithdraw(DeclaredRevert):
    """Withdrawing nothing, to nobody, or to the market itself."""

    account: ChecksumAddress
    recipient: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"{self.account} asked to withdraw nothing, or to an account that cannot have it "
            f"({self.recipient}): name an amount above zero, and neither nobody nor the market."
        )


@revert("SeatEscrow_PaymentRefused")
class PaymentRefused(DeclaredRevert):
    """The recipient or the currency refused the payment."""

    recipient: ChecksumAddress
    amount: Wei

    def _sentence(self) -> str:
        return (
            f"{self.recipient} or the currency refused {either_text(self.amount)}; the credit is "
            "untouched: withdraw to another address."
        )


@revert("SeatEscrow_HeldTooLarge")
class HeldTooLarge(DeclaredRevert):
    """More would wait with the seat than can be counted."""

    seat: SeatId
    held: Wei
    amount: Wei

    def _sentence(self) -> str:
        return (
            f"{either_text(self.held)} waits with seat {self.seat}, and {either_text(self.amount)} "
            "more cannot be counted: sell it for less."
        )


@revert("SeatEscrow_PaymentMissing")
class PaymentMissing(DeclaredRevert):
    """An ERC-20 did not bring what the payer owes."""

    currency: ChecksumAddress
    payer: ChecksumAddress
    amount: Wei
    received: Wei

    def _sentence(self) -> str:
        return (
            f"{self.payer} owes {amount_text(self.amount, self.currency)}, and {self.received} "
            "arrived: hold that much and approve the market for it, then try again."
        )


@revert("SeatEscrow_EtherUnasked")
class EtherUnasked(DeclaredRevert):
    """ETH was sent to the market without a call that it pays for."""

    sender: ChecksumAddress
    amount: Wei

    def _sentence(self) -> str:
        return (
            f"{self.sender} sent {ether_text(self.amount)} to the market for nothing, and keeps "
            "it: ETH comes with the call that it pays for."
        )
