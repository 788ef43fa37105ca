"""The EIP-712 message of a pass, and the bytes that a mint brings along for its gate.

Owns the type exactly as `contracts/libraries/Admission.sol` hashes it. Refuses what
`marketplace.orders.messages` refuses, and to keep count of nonces: the chain knows which are spent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.addresses import checksum_address
from marketplace.domain.ids import DropId
from marketplace.orders.messages import digest_of, key_that_signed, message

if TYPE_CHECKING:
    from marketplace.chain.keys import Signer, TypedData
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.admission import Pass
    from marketplace.domain.ids import SeatId

PASS_MEMBERS: Final = (
    ("drop", "uint256"),
    ("phase", "uint256"),
    ("account", "address"),
    ("quantity", "uint256"),
    ("nonce", "uint256"),
    ("expiry", "uint256"),
)
"""Members of the struct `Pass`, in the order in which they are hashed."""

_WORD: Final = 32
_ADDRESS: Final = 20


def typed_pass(leave: Pass, chain_id: int, market: ChecksumAddress) -> TypedData:
    """The message that the pass signer signs for an account on one chain and contract."""
    values = (leave.drop, leave.phase, leave.account, leave.quantity, leave.nonce, leave.expiry)
    return message("Pass", PASS_MEMBERS, values, chain_id, market)


def pass_digest(leave: Pass, chain_id: int, market: ChecksumAddress) -> bytes:
    """The 32 bytes that are signed; `PassInvalid` names the contract's own."""
    return digest_of(typed_pass(leave, chain_id, market))


def sign_pass(signer: Signer, leave: Pass, chain_id: int, market: ChecksumAddress) -> bytes:
    """Sign a pass; 65 bytes."""
    return signer.sign_typed_data(typed_pass(leave, chain_id, market))


def signer_of_pass(
    leave: Pass, signature: bytes, chain_id: int, market: ChecksumAddress
) -> ChecksumAddress | None:
    """Whose key signed a pass; None when no key's signature is of this form."""
    return key_that_signed(typed_pass(leave, chain_id, market), signature)


def pass_authorisation(leave: Pass, signature: bytes) -> bytes:
    """What `mint` takes for a phase with the gate PASS: three words, then the signature."""
    words = (leave.quantity, leave.nonce, leave.expiry)
    return b"".join(word.to_bytes(_WORD, "big") for word in words) + signature


def seat_authorisation(seat: SeatId) -> bytes:
    """What `mint` takes for a phase with the gate SEAT: the seat that opens it."""
    return seat.to_bytes(_WORD, "big")


def gate_data_of_signer(signer: ChecksumAddress) -> bytes:
    """The gate data of a phase whose passes this account signs."""
    return int(signer, 16).to_bytes(_WORD, "big")


def signer_of_gate_data(data: bytes) -> ChecksumAddress:
    """The account that signs a phase's passes."""
    return checksum_address(data[-_ADDRESS:])


def drop_of_gate_data(data: bytes) -> DropId:
    """The drop whose seats open a phase."""
    return DropId(int.from_bytes(data, "big"))


def gate_data_of_drop(drop: DropId) -> bytes:
    """The gate data of a phase that seats of another drop open."""
    return drop.to_bytes(_WORD, "big")
