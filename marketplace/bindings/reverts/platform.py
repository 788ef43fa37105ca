"""Why the platform's owner was refused, and who is not that owner.

Owns the errors of `ISeatPlatform`, of the renderer, and of OpenZeppelin's Ownable. Refuses anything
but their fields and sentences.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.money import Bps, percent_text


@revert("Seats_FeeTooHigh")
class FeeTooHigh(DeclaredRevert):
    """The fee is above its bound."""

    fee: Bps
    most: Bps

    def _sentence(self) -> str:
        return (
            f"The platform's fee cannot be {percent_text(self.fee)}: "
            f"it is at most {percent_text(self.most)} for ever."
        )


@revert("Seats_TreasuryMissing")
class TreasuryMissing(DeclaredRevert):
    """The treasury cannot be nobody."""

    def _sentence(self) -> str:
        return "The platform's treasury is the zero address: name an account that takes the fee."


@revert("Seats_OwnerRequired")
class OwnerRequired(DeclaredRevert):
    """Ownership is handed over, never thrown away."""

    def _sentence(self) -> str:
        return "The platform must have an owner: hand ownership over instead of renouncing it."


@revert("Seats_FunctionUnknown")
class FunctionUnknown(DeclaredRevert):
    """There is no function with this selector."""

    selector: bytes

    def _sentence(self) -> str:
        return (
            f"The market has no function 0x{self.selector.hex()}: use the interface of this "
            "version of the contract."
        )


@revert("Seats_CurrencyMissing")
class CurrencyMissing(DeclaredRevert):
    """There is no currency at this address."""

    currency: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"There is no currency at {self.currency}: name the contract of an ERC-20 on this "
            "chain, and not the market."
        )


@revert("Seats_CurrencyUnchanged")
class CurrencyUnchanged(DeclaredRevert):
    """The currency is allowed already, or was not."""

    currency: ChecksumAddress
    allowed: bool

    def _sentence(self) -> str:
        state = "already allowed" if self.allowed else "not allowed anyway"
        return f"The currency {self.currency} is {state}: there is nothing to change."


@revert("Seats_CurrenciesExhausted")
class CurrenciesExhausted(DeclaredRevert):
    """A platform names only so many currencies in its life."""

    most: int

    def _sentence(self) -> str:
        return (
            f"The platform has named {self.most} currencies, as many as it can in its life: deploy "
            "another for more."
        )


@revert("SeatRenderer_BaseAddressMissing")
class BaseAddressMissing(DeclaredRevert):
    """The renderer was given no address of the market's pages."""

    def _sentence(self) -> str:
        return "The renderer needs the address of the market's pages: give one and deploy again."


@revert("OwnableInvalidOwner")
class OwnableInvalidOwner(DeclaredRevert):
    """The owner would be nobody."""

    owner: ChecksumAddress

    def _sentence(self) -> str:
        return f"{self.owner} cannot own the platform: name an account that somebody holds."


@revert("OwnableUnauthorizedAccount")
class OwnableUnauthorizedAccount(DeclaredRevert):
    """Only the platform's owner may do this."""

    account: ChecksumAddress

    def _sentence(self) -> str:
        return f"Only the platform's owner may do this, and {self.account} is not."
