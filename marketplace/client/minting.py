"""Asking for a mint: what is paid at most, and what opens a phase of sale that is not public.

Owns how these are told to the API and what they are in the transaction, which is not the same.
Refuses to make what opens a phase: lists are `marketplace.allowlist`'s, passes
`marketplace.orders.passes`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from marketplace.domain.addresses import ETH
from marketplace.domain.drop import Minting
from marketplace.orders.passes import pass_authorisation, seat_authorisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.client.transport import Body
    from marketplace.client.wire import Hash
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.admission import Pass
    from marketplace.domain.drop import MintRequest
    from marketplace.domain.ids import SeatId
    from marketplace.domain.money import Wei


@dataclass(frozen=True, slots=True)
class Proof:
    """That an account is on a phase's allowlist, as `eligibility` answers it."""

    hashes: Sequence[Hash]

    @property
    def authorisation(self) -> bytes:
        """What `mint` takes."""
        return b"".join(bytes.fromhex(one[2:]) for one in self.hashes)

    @property
    def body(self) -> Body:
        """What the API is told."""
        return {"proof": list(self.hashes)}


@dataclass(frozen=True, slots=True)
class SignedPass:
    """Leave to mint, with the signature of the key that the phase names."""

    leave: Pass
    signature: bytes

    @property
    def authorisation(self) -> bytes:
        """What `mint` takes."""
        return pass_authorisation(self.leave, self.signature)

    @property
    def body(self) -> Body:
        """What the API is told."""
        leave = self.leave
        told = {
            "quantity": str(leave.quantity),
            "nonce": str(leave.nonce),
            "expiry": str(leave.expiry),
            "signature": f"0x{self.signature.hex()}",
        }
        return {"pass": told}


@dataclass(frozen=True, slots=True)
class OpeningSeat:
    """A seat of another drop that the account holds, and that has opened no phase yet."""

    seat: SeatId

    @property
    def authorisation(self) -> bytes:
        """What `mint` takes."""
        return seat_authorisation(self.seat)

    @property
    def body(self) -> Body:
        """What the API is told."""
        return {"opening_seat": str(self.seat)}


Opening: TypeAlias = "Proof | SignedPass | OpeningSeat"
"""What a phase's gate asks for."""


@dataclass(frozen=True, slots=True)
class Coins:
    """An amount of an ERC-20, in its smallest units."""

    amount: Wei
    currency: ChecksumAddress


def asked(request: MintRequest, most: Wei | Coins, opening: Opening | None) -> Minting:
    """What a caller means by a mint; its payment is the most that they pay, 0 for any price."""
    coins = most if isinstance(most, Coins) else Coins(most, ETH)
    return Minting(
        request=request,
        payment=coins.amount,
        authorisation=b"" if opening is None else opening.authorisation,
        currency=coins.currency,
    )


def body_of(account: ChecksumAddress, request: MintRequest, opening: Opening | None) -> Body:
    """What the API is asked."""
    return {
        "account": account,
        "drop": request.drop,
        "phase": request.phase,
        "quantity": request.quantity,
        "recipient": request.recipient,
        **({} if opening is None else opening.body),
    }
