"""Who signed an order: a key, or else the contract at the account that it names.

Owns the order in which they are asked, which is the contract's own. Refuses to know what was
ordered, and what a refusal is called there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.auth.wallets import Proof, Refusal, refusal_of_order
from marketplace.domain.addresses import ChecksumAddress
from marketplace.orders.messages import (
    SIGNATURE_LENGTH,
    digest_of,
    key_that_signed,
    signature_fault,
)

if TYPE_CHECKING:
    from datetime import datetime

    from api.parts import Parts
    from marketplace.chain.keys import TypedData


@dataclass(frozen=True, slots=True)
class Signed:
    """It is the account's: by its key, or by its contract, which said so when it was asked."""

    wallet_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unsigned:
    """It is not; `by_wallet` is why its contract is no help, None where a key was meant.

    `fault` is what is wrong with the form of a key's signature; None: another key made it.
    """

    by_wallet: Refusal | None
    fault: str | None


def signer_of(
    parts: Parts, typed: TypedData, account: ChecksumAddress, signature: bytes
) -> Signed | Unsigned:
    """Say whether a signature over an order is an account's; asks its contract at the newest block.

    Raises:
        WalletUnanswered: the contract came to no answer.
        ChainUnavailable, WrongNode: nobody can say whether there is one.
    """
    if key_that_signed(typed, signature) == account:
        return Signed(None)
    # The moment before the question: the answer may be of a block of then.
    asked_at, market = parts.clock(), ChecksumAddress(parts.settings.contract)
    shown = Proof(digest_of(typed), signature)
    refusal = refusal_of_order(parts.chain, market, account, shown)
    if refusal is None:
        return Signed(asked_at)
    if refusal is Refusal.NO_CONTRACT and len(signature) <= SIGNATURE_LENGTH:
        return Unsigned(None, signature_fault(signature))
    return Unsigned(refusal, None)
