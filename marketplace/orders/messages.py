"""What all signed messages of the market have in common.

Owns the EIP-712 domain, as `contracts/rooms/SeatBase.sol` names it, and which signatures of keys
count. Hashing and recovery are eth_account's. Refuses signatures that the contract refuses: other
lengths than 65 bytes, a high s, other v than 27 and 28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_keys.exceptions import BadSignature
from eth_utils.crypto import keccak

from marketplace.bindings.addresses import parse_address
from marketplace.chain.keys import TypedData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eth_account.messages import SignableMessage

    from marketplace.domain.addresses import ChecksumAddress

DOMAIN_NAME: Final = "Seatmarket"
DOMAIN_VERSION: Final = "1"

SIGNATURE_LENGTH: Final = 65
"""Bytes of a key's signature: r, s and v."""

WALLET_GAS: Final = 300_000
"""What the contract lets a wallet spend on its answer (ERC-1271), as `Signatures.sol` has it."""

_HALF_ORDER: Final = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""Half the order of secp256k1: of two signatures by one key, only that with the lower s counts."""


def message(
    primary_type: str,
    members: Sequence[tuple[str, str]],
    values: Sequence[object],
    chain_id: int,
    market: ChecksumAddress,
) -> TypedData:
    """A message of one struct for one chain and contract; values in the order of the members."""
    return TypedData(
        domain={
            "name": DOMAIN_NAME,
            "version": DOMAIN_VERSION,
            "chainId": chain_id,
            "verifyingContract": market,
        },
        types={primary_type: members},
        message={name: value for (name, _), value in zip(members, values, strict=True)},
    )


def digest_of(typed: TypedData) -> bytes:
    """The 32 bytes that are signed."""
    signable = _signable(typed)
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def key_that_signed(typed: TypedData, signature: bytes) -> ChecksumAddress | None:
    """Whose key signed a message; None when no key's signature is of this form."""
    if signature_fault(signature) is not None:
        return None
    try:
        account = Account.recover_message(_signable(typed), signature=signature)
    except (BadSignature, ValueError):
        return None
    return parse_address(account)


def signature_fault(signature: bytes) -> str | None:
    """What is wrong with the form of a key's signature, as a clause; None: nothing is."""
    if len(signature) != SIGNATURE_LENGTH:
        return f"it has {len(signature)} bytes"
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return "s is the higher of its two values"
    if signature[64] not in {27, 28}:
        return f"v is {signature[64]}, not 27 or 28"
    return None


def _signable(typed: TypedData) -> SignableMessage:
    return encode_typed_data(dict(typed.domain), typed.member_dicts(), dict(typed.message))
