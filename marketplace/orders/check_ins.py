"""The EIP-712 message of a check-in, which holder and verifier sign alike.

Owns the type exactly as `contracts/extension/SeatDelivery.sol` hashes it. Refuses what
`marketplace.orders.messages` refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.orders.messages import digest_of, key_that_signed, message

if TYPE_CHECKING:
    from marketplace.chain.keys import Signer, TypedData
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.admission import CheckIn

CHECK_IN_MEMBERS: Final = (
    ("seat", "uint256"),
    ("epoch", "uint256"),
    ("expiry", "uint256"),
)
"""Members of the struct `CheckIn`, in the order in which they are hashed."""


def typed_check_in(came: CheckIn, chain_id: int, market: ChecksumAddress) -> TypedData:
    """The message that both sides sign for a check-in on one chain and contract."""
    values = (int(came.seat), came.epoch, came.expiry)
    return message("CheckIn", CHECK_IN_MEMBERS, values, chain_id, market)


def check_in_digest(came: CheckIn, chain_id: int, market: ChecksumAddress) -> bytes:
    """The 32 bytes that are signed; `HolderAbsent` and `VerifierAbsent` name the contract's own."""
    return digest_of(typed_check_in(came, chain_id, market))


def sign_check_in(signer: Signer, came: CheckIn, chain_id: int, market: ChecksumAddress) -> bytes:
    """Sign a check-in; 65 bytes."""
    return signer.sign_typed_data(typed_check_in(came, chain_id, market))


def signer_of_check_in(
    came: CheckIn, signature: bytes, chain_id: int, market: ChecksumAddress
) -> ChecksumAddress | None:
    """Whose key signed a check-in; None when no key's signature is of this form."""
    return key_that_signed(typed_check_in(came, chain_id, market), signature)
