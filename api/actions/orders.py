"""What somebody asks for who wants an action prepared.

Owns the JSON of every request. Refuses rules: what the contract would refuse is found by trying.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from api.actions.typed_data import SIGNATURE_HEX
from api.wire import Account, Bytes32In, SecondIn, Uint256In, WireModel
from marketplace.domain.bounds import MAX_PHASES
from marketplace.domain.ids import MAX_DROP, MAX_TIER

MAX_QUANTITY = 1_000
"""Seats that one prepared transaction mints or grants at most: more do not fit a block."""

MAX_MINTS = 20
MAX_PROOF = 64
MAX_CHECK_IN_S = 3_600

Signature = Annotated[str, Field(pattern=SIGNATURE_HEX)]
DropNamed = Annotated[int, Field(ge=1, le=MAX_DROP)]
TierNamed = Annotated[int, Field(ge=0, le=MAX_TIER)]
PhaseNamed = Annotated[int, Field(ge=0, lt=MAX_PHASES)]
Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]


class Order(WireModel):
    """Asks for a transaction."""

    account: Account
    """Who will sign it, and pay."""


class SeatOrder(Order):
    """Asks for one about a seat."""

    seat: Uint256In


class DropOrder(Order):
    """Asks for one about a drop."""

    drop: DropNamed


class GiftOrder(SeatOrder):
    """Asks to give a seat away."""

    recipient: Account


class WithdrawOrder(Order):
    """Asks for credit to be paid out."""

    currency: Account | None = None
    """Contract of an ERC-20; not named: ETH."""

    recipient: Account | None = None
    """Who is paid; not named: the account itself."""

    amount: Uint256In | None = None
    """How much, in the currency's smallest unit, as decimal digits; not named: all of it."""


class CheckInMessageOrder(WireModel):
    """Asks for the message that holder and verifier sign."""

    seat: Uint256In
    expires_in_s: Annotated[int, Field(ge=30, le=MAX_CHECK_IN_S)] = 600
    """Seconds for which the signatures count: sign at the door, for minutes."""


class CheckInOrder(SeatOrder):
    """Asks to check a holder in; whoever sends it needs no signature of their own."""

    expiry: Uint256In
    """As in the message that was signed: a Unix second, as decimal digits."""

    holder_signature: Signature | None = None
    """Of the seat's owner: hex with `0x`; left out when the owner sends it."""

    verifier_signature: Signature | None = None
    """Of the drop's verifier: hex with `0x`; left out when the verifier sends it."""


class NonceOrder(Order):
    """Asks to cancel the offers with a number."""

    nonce: Uint256In
    """The number that the offers were signed with, as decimal digits."""


class PostponeOrder(DropOrder):
    """Asks to move a drop."""

    starts_at: SecondIn
    ends_at: SecondIn
    deliver_by: SecondIn


class EvidenceOrder(DropOrder):
    """Asks to assert delivery."""

    evidence: Bytes32In
    """The hash of whatever proves it: `0x` and 64 hex digits."""


class ResolveOrder(DropOrder):
    """Asks to decide a dispute."""

    holders_bps: Annotated[int, Field(ge=0, le=10_000)]
    """The holders' share, in hundredths of a percent."""


class GrantOrder(DropOrder):
    """Asks to give new seats away."""

    tier: TierNamed
    recipient: Account
    quantity: Quantity = 1
    """How many seats, all of the one tier."""


class CapOrder(DropOrder):
    """Asks to lower a tier's cap."""

    tier: TierNamed
    cap: Annotated[int, Field(ge=0, lt=2**53)]
    """How many seats of the tier may live at once from now on: fewer than before, and no fewer than
    live."""


class VerifierOrder(DropOrder):
    """Asks to name who checks people in."""

    verifier: Account | None
    """Null: nobody is checked in."""


class PauseOrder(DropOrder):
    """Asks to pause a drop."""

    until: SecondIn
    """The last second of the pause, in UTC: at most 72 hours away."""


class PassBody(WireModel):
    """A pass: leave to mint, signed by the key that the phase names."""

    quantity: Uint256In
    """How many seats it opens at most, as decimal digits, as it was signed."""

    nonce: Uint256In
    """The number that it was signed with, as decimal digits: a pass is used once."""

    expiry: Uint256In
    signature: Signature
    """Of the key that the phase names: hex with `0x`."""


class Minted(WireModel):
    """Which seats to mint, and what opens the phase."""

    drop: DropNamed
    phase: PhaseNamed
    quantity: Quantity = 1
    recipient: Account | None = None
    """Who will own the seats; not named: who pays."""

    proof: Annotated[list[Bytes32In], Field(max_length=MAX_PROOF)] | None = None
    """For an allowlist: from the mentor's list, the account's hashes of 32 bytes. Null for other
    gates."""

    pass_: PassBody | None = Field(default=None, alias="pass")
    """For a phase of passes: the one that was signed for the account. Null for other gates."""

    opening_seat: Uint256In | None = None
    """For a phase of another drop's holders: the token id of the account's seat, as decimal digits.
    Null for other gates."""

    @model_validator(mode="after")
    def _opened_once(self) -> Self:
        given = [self.proof, self.pass_, self.opening_seat]
        if sum(one is not None for one in given) > 1:
            raise ValueError("a phase has one gate: name a proof, a pass or an opening seat")
        return self


class MintOrder(Minted, Order):
    """Asks for seats of one phase."""


class MintManyOrder(Order):
    """Asks for seats of several phases, in any drops, all or nothing."""

    mints: Annotated[list[Minted], Field(min_length=1, max_length=MAX_MINTS)]
    """Each as it would be asked for alone."""
