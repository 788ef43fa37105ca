"""The seat as a token: giving it away, and the ordinary moves of an OPEN drop.

Refuses to look at the drop's policy: under any but OPEN an approval is refused or without effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bindings.actions.preparing import Prepares, ether_of
from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.money import NO_MONEY, Wei, amount_text

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.ids import SeatId


class TokenActions(Prepares):
    """What ERC-721 lets the owner of a seat do."""

    def transfer(
        self,
        seat: SeatId,
        giver: ChecksumAddress,
        recipient: ChecksumAddress,
        toll: Wei = NO_MONEY,
        currency: ChecksumAddress = ETH,
    ) -> PreparedTransaction:
        """Give a seat away for exactly its toll; a contract is asked whether it takes seats."""
        return self._prepare(
            "safeTransferFrom(address,address,uint256)",
            (giver, recipient, seat),
            f"Give seat {seat} to {recipient} for a toll of {amount_text(toll, currency)}",
            ether_of(toll, currency),
        )

    def transfer_from(
        self, seat: SeatId, owner: ChecksumAddress, recipient: ChecksumAddress
    ) -> PreparedTransaction:
        """Move a seat of an OPEN drop, as its owner or as who is approved; nobody is asked."""
        summary = f"Move seat {seat} from {owner} to {recipient}, whether or not they can use it"
        return self._prepare("transferFrom", (owner, recipient, seat), summary)

    def approve(self, account: ChecksumAddress, seat: SeatId) -> PreparedTransaction:
        """Let an account move one seat of an OPEN drop; nobody: no longer."""
        if account == ZERO_ADDRESS:
            summary = f"Let nobody but you move seat {seat}"
        else:
            summary = f"Let {account} move seat {seat} to anybody, for any price or none"
        return self._prepare("approve", (account, seat), summary)

    def set_approval_for_all(
        self, operator: ChecksumAddress, *, approved: bool
    ) -> PreparedTransaction:
        """Let an account move every seat of the sender's in OPEN drops, or no longer."""
        if approved:
            summary = f"Let {operator} move all your seats of OPEN drops, those to come included"
        else:
            summary = f"Let {operator} no longer move your seats"
        return self._prepare("setApprovalForAll", (operator, approved), summary)
