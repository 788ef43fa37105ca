"""Decisions that this API answers for.

Owns making a receipt of a decision and signing it. Refuses to sign that nothing is known: a mirror
that is behind gives no receipt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from api.gate.values import Holder, Mentor
from marketplace.chain.keys import KeyUnusable, signer_of_key
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.errors import typed_error
from marketplace.domain.ids import DropId, SeatId
from marketplace.receipts.messages import sign_receipt
from marketplace.receipts.values import DecisionReceipt

if TYPE_CHECKING:
    from api.access.asked import Asked, Decided
    from api.gate.values import Principal
    from api.parts import Parts
    from api.settings import ApiSettings
    from marketplace.chain.keys import Signer
    from marketplace.receipts.values import SignedReceipt


@typed_error
class ReceiptsOff(ApiError):
    """The operator has given this API no key to sign with."""

    code = "receipts_off"

    def _sentence(self) -> str:
        return (
            "This API signs no decisions: its operator sets a key for that. GET /v1/access/check "
            "gives the same answer unsigned."
        )


def receipt_signer(settings: ApiSettings) -> Signer | None:
    """Who signs; None where settings name no key. Raises KeyUnusable."""
    if settings.receipt_key is None:
        return None
    source = "SEATS_API_RECEIPT_KEY"
    try:
        key = bytes.fromhex(settings.receipt_key.get_secret_value().removeprefix("0x"))
    except ValueError:
        # Without the cause: its message quotes the text.
        raise KeyUnusable(source, "it is not hexadecimal; write 64 digits") from None
    return signer_of_key(key, source)


def required_signer(parts: Parts) -> Signer:
    """Who signs. Raises ReceiptsOff."""
    if parts.receipts is None:
        raise ReceiptsOff
    return parts.receipts


def signed_decision(
    parts: Parts,
    principal: Principal,
    asked: Asked,
    decided: Decided,
) -> SignedReceipt:
    """Answer for a decision that was taken.

    Args:
        parts: With the signer.
        principal: Whom it is about.
        asked: What was asked.
        decided: What `decision_on` gave.

    Raises ReceiptsOff.
    """
    signer = required_signer(parts)
    account = principal.account if isinstance(principal, Holder | Mentor) else ZERO_ADDRESS
    answer, terms_hash = decided.decision.answer, decided.resource.terms_hash
    if (
        terms_hash is None
        or answer.as_of_block is None
        or answer.block_hash is None
        or answer.lag_s is None
    ):
        raise AssertionError("what is known rests on a block and on terms")
    receipt = DecisionReceipt(
        chain_id=parts.settings.chain_id,
        contract=ChecksumAddress(parts.settings.contract),
        account=account,
        action=asked.action,
        drop=DropId(asked.drop),
        session=asked.session or 0,
        recording=asked.recording or "",
        terms_hash=terms_hash,
        allow=answer.allow,
        reason=answer.reason,
        via=answer.via or "",
        seat=SeatId(0) if answer.seat is None else answer.seat,
        level=answer.level,
        block_number=answer.as_of_block,
        block_hash=answer.block_hash,
        lag_s=answer.lag_s,
        decided_at=decided.at,
        expires_at=answer.expires_at,
    )
    return sign_receipt(signer, receipt)
