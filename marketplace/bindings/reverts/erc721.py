"""What Solady's token and reentrancy guard refuse.

Owns their errors, none of which has a field. Most are never said, because the token room checks the
same before with values. Refuses anything but their sentences.
"""

from __future__ import annotations

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert


@revert("AccountBalanceOverflow")
class AccountBalanceOverflow(DeclaredRevert):
    """The account would own more seats than can be counted."""

    def _sentence(self) -> str:
        return "The recipient owns as many seats as can be counted: choose another account."


@revert("BalanceQueryForZeroAddress")
class BalanceQueryForZeroAddress(DeclaredRevert):
    """The zero address has no balance."""

    def _sentence(self) -> str:
        return "The zero address owns nothing: ask for the balance of an account."


@revert("NotOwnerNorApproved")
class NotOwnerNorApproved(DeclaredRevert):
    """The caller neither owns the seat nor is approved for it."""

    def _sentence(self) -> str:
        return "Only the seat's owner may do this: send it from the owner's account."


@revert("TokenAlreadyExists")
class TokenAlreadyExists(DeclaredRevert):
    """The seat exists already."""

    def _sentence(self) -> str:
        return "A seat with this number exists already, and numbers are never given out twice."


@revert("TokenDoesNotExist")
class TokenDoesNotExist(DeclaredRevert):
    """There is no such seat."""

    def _sentence(self) -> str:
        return "There is no such seat, or it was burned: check its number."


@revert("TransferFromIncorrectOwner")
class TransferFromIncorrectOwner(DeclaredRevert):
    """The seat does not belong to the account that it should come from."""

    def _sentence(self) -> str:
        return "The seat does not belong to the account named as its owner: name the real one."


@revert("TransferToNonERC721ReceiverImplementer")
class TransferToNonERC721ReceiverImplementer(DeclaredRevert):
    """The receiving contract does not take tokens."""

    def _sentence(self) -> str:
        return "The recipient is a contract that does not take seats: choose another account."


@revert("TransferToZeroAddress")
class TransferToZeroAddress(DeclaredRevert):
    """The seat would go to nobody."""

    def _sentence(self) -> str:
        return "A seat cannot be given to the zero address: name a recipient."


@revert("Reentrancy")
class Reentrancy(DeclaredRevert):
    """The contract was called again from inside a call."""

    def _sentence(self) -> str:
        return "A contract in this transaction called the market again while it was at work."
