"""The EIP-712 message of a receipt: signing it, and finding who signed.

Owns the type `Decision`. No contract takes it, and no contract's message has its name, so a receipt
is never mistaken for a listing or a pass. Refuses what `marketplace.orders.messages` refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.orders.messages import digest_of, key_that_signed, message
from marketplace.receipts.values import SignedReceipt

if TYPE_CHECKING:
    from marketplace.chain.keys import Signer, TypedData
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.receipts.values import DecisionReceipt

DECISION_MEMBERS: Final = (
    ("account", "address"),
    ("action", "string"),
    ("drop", "uint256"),
    ("session", "uint256"),
    ("recording", "string"),
    ("termsHash", "bytes32"),
    ("allow", "bool"),
    ("reason", "string"),
    ("via", "string"),
    ("seat", "uint256"),
    ("level", "string"),
    ("blockNumber", "uint256"),
    ("blockHash", "bytes32"),
    ("lag", "uint256"),
    ("decidedAt", "uint256"),
    ("expiresAt", "uint256"),
)
"""Members of the struct `Decision`, in the order in which they are hashed."""


def typed_receipt(receipt: DecisionReceipt) -> TypedData:
    """The message that is signed, for the receipt's chain and contract."""
    values = (
        receipt.account,
        receipt.action,
        int(receipt.drop),
        receipt.session,
        receipt.recording,
        receipt.terms_hash,
        receipt.allow,
        receipt.reason,
        receipt.via,
        int(receipt.seat),
        receipt.level,
        receipt.block_number,
        receipt.block_hash,
        receipt.lag_s,
        receipt.decided_at,
        receipt.expires_at,
    )
    return message("Decision", DECISION_MEMBERS, values, receipt.chain_id, receipt.contract)


def receipt_digest(receipt: DecisionReceipt) -> bytes:
    """The 32 bytes that are signed; they name a receipt."""
    return digest_of(typed_receipt(receipt))


def sign_receipt(signer: Signer, receipt: DecisionReceipt) -> SignedReceipt:
    """Answer for a receipt."""
    return SignedReceipt(receipt, signer.sign_typed_data(typed_receipt(receipt)))


def signer_of(signed: SignedReceipt) -> ChecksumAddress | None:
    """Whose key signed; None where that is no key's signature."""
    return key_that_signed(typed_receipt(signed.receipt), signed.signature)
