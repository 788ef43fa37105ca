"""A signed receipt as JSON, and back.

Owns the one form: every uint256 a decimal string, addresses with checksum, hashes and the signature
in lower-case hex. Refuses whatever it did not write itself: unknown and missing fields, other
types, other spellings.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from marketplace.bindings.addresses import InvalidAddress, parse_address
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.domain.ids import MAX_DROP, MAX_UINT256, DropId, SeatId
from marketplace.receipts.values import DecisionReceipt, SignedReceipt

FORMAT: Final = "seatmarket.decision.v1"
MAX_TEXT: Final = 16_384
"""Longest text taken, in characters."""

_WORD_PATTERN: Final = "^0x[0-9a-f]{64}$"
_SECOND: Final = 2**53 - 1


@typed_error
class ReceiptMalformed(RuleViolated):
    """Text that is no receipt in the one form; `field` is empty when it is about the whole."""

    code = "receipt_malformed"

    field: str
    why: str

    def _sentence(self) -> str:
        subject = f"The receipt's {self.field}" if self.field else "The receipt"
        return f"{subject} {self.why}: use the file as the API gave it."


def _account(text: str) -> ChecksumAddress:
    try:
        return parse_address(text)
    except InvalidAddress as error:
        raise ValueError(error.sentence) from error


_Decimal = Annotated[str, Field(pattern="^(0|[1-9][0-9]{0,77})$")]
_Account = Annotated[str, AfterValidator(_account)]
_Word = Annotated[str, Field(pattern=_WORD_PATTERN)]
_Name = Annotated[str, Field(min_length=1, max_length=64, pattern="^[a-z_]+$")]
_Whole = Annotated[int, Field(ge=0, le=_SECOND)]


class ReceiptDocument(BaseModel):
    """A decision that somebody signed; `seats verify-receipt` holds it against a chain."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    format: Literal["seatmarket.decision.v1"] = FORMAT
    """Names this form and its version."""

    chain_id: Annotated[int, Field(gt=0, le=_SECOND)]
    contract: _Account
    account: _Account | None
    """Whom it is about, with its ERC-55 checksum; null: somebody who was not signed in."""

    action: _Name
    """What was asked for."""

    drop: Annotated[int, Field(ge=1, le=MAX_DROP)]
    session: Annotated[int, Field(ge=1, le=_SECOND)] | None
    """The session's number in its drop's terms, from 1; null: none was named."""

    recording: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")] | None
    """The recording's id; null: none was named."""

    terms_hash: _Word
    allow: bool
    """Whether they were let in."""

    reason: _Name
    """Why, or why not, in the gate's word."""

    via: _Name | None
    """What let them in, in the gate's word; null with a denial."""

    seat: _Decimal | None
    """Token id of the seat that let them in, as decimal digits; null where none did."""

    level: _Name
    """How settled ownership had to be."""

    as_of_block: _Whole
    block_hash: _Word
    lag_s: _Whole
    """Seconds since the mirror last was level with the chain."""

    decided_at: _Whole
    """Unix second of the decision."""

    expires_at: _Whole
    """First Unix second at which the decision counted no longer."""

    signature: Annotated[str, Field(pattern="^0x[0-9a-f]{130}$")]
    """EIP-712 signature of all of this: 65 bytes r, s, v in hex with `0x`."""

    @classmethod
    def of(cls, signed: SignedReceipt) -> ReceiptDocument:
        """Write a receipt."""
        said = signed.receipt
        return cls(
            chain_id=said.chain_id,
            contract=said.contract,
            account=None if said.account == ZERO_ADDRESS else said.account,
            action=said.action,
            drop=said.drop,
            session=said.session or None,
            recording=said.recording or None,
            terms_hash=said.terms_hash,
            allow=said.allow,
            reason=said.reason,
            via=said.via or None,
            seat=str(int(said.seat)) if said.seat else None,
            level=said.level,
            as_of_block=said.block_number,
            block_hash=said.block_hash,
            lag_s=said.lag_s,
            decided_at=said.decided_at,
            expires_at=said.expires_at,
            signature=f"0x{signed.signature.hex()}",
        )

    def signed(self) -> SignedReceipt:
        """Read a receipt. Raises ReceiptMalformed."""
        seat = 0 if self.seat is None else int(self.seat)
        if seat > MAX_UINT256:
            raise ReceiptMalformed("seat", "is beyond 256 bits")
        receipt = DecisionReceipt(
            chain_id=self.chain_id,
            contract=ChecksumAddress(self.contract),
            account=ZERO_ADDRESS if self.account is None else ChecksumAddress(self.account),
            action=self.action,
            drop=DropId(self.drop),
            session=self.session or 0,
            recording=self.recording or "",
            terms_hash=self.terms_hash,
            allow=self.allow,
            reason=self.reason,
            via=self.via or "",
            seat=SeatId(seat),
            level=self.level,
            block_number=self.as_of_block,
            block_hash=self.block_hash,
            lag_s=self.lag_s,
            decided_at=self.decided_at,
            expires_at=self.expires_at,
        )
        return SignedReceipt(receipt, bytes.fromhex(self.signature[2:]))


def receipt_from_json(text: str) -> SignedReceipt:
    """Read a receipt from transport. Raises ReceiptMalformed."""
    if len(text) > MAX_TEXT:
        raise ReceiptMalformed("", f"is longer than {MAX_TEXT} characters")
    try:
        return ReceiptDocument.model_validate_json(text).signed()
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])[:64]
        raise ReceiptMalformed(place, f"does not fit ({fault['msg']})") from error
