"""What the platform's owner does about drops to come.

Refuses drops that exist: nobody can change them from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bindings.actions.preparing import Prepares
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.money import Bps, percent_text

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction


class PlatformActions(Prepares):
    """What only the platform's owner may do."""

    def set_platform(self, treasury: ChecksumAddress, fee: Bps) -> PreparedTransaction:
        """Set treasury and fee of drops created from now on."""
        summary = f"Let new drops pay {percent_text(fee)} to {treasury}"
        return self._prepare("setPlatform", (treasury, fee), summary)

    def set_currency(self, currency: ChecksumAddress, *, allowed: bool) -> PreparedTransaction:
        """Let new drops be paid in an ERC-20, or no longer; drops that exist keep theirs."""
        verb = "Let" if allowed else "No longer let"
        summary = f"{verb} new drops be sold for the currency {currency}"
        return self._prepare("setCurrency", (currency, allowed), summary)

    def set_guardian(self, guardian: ChecksumAddress) -> PreparedTransaction:
        """Name who may pause drops; nobody: nobody may."""
        whom = "nobody" if guardian == ZERO_ADDRESS else guardian
        return self._prepare("setGuardian", (guardian,), f"Let {whom} pause drops for a while")

    def transfer_ownership(self, new_owner: ChecksumAddress) -> PreparedTransaction:
        """Offer the platform to a new owner, who must accept."""
        summary = f"Offer ownership of the platform to {new_owner}"
        return self._prepare("transferOwnership", (new_owner,), summary)

    def accept_ownership(self) -> PreparedTransaction:
        """Accept the platform that its owner has offered."""
        return self._prepare("acceptOwnership", (), "Accept ownership of the platform")
