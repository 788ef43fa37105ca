"""Owns the named accounts of the development chain and what they sign.

Refuses to be a wallet for anything else: the keys come from a mnemonic that every Ethereum tool
publishes, so whoever uses them on a public network loses the money at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from eth_abi.exceptions import EncodingError
from eth_account import Account
from eth_account.hdaccount import key_from_seed, seed_from_mnemonic
from eth_account.messages import encode_defunct, encode_typed_data
from eth_typing import Address, ChecksumAddress

from marketplace.devnet.errors import InvalidParams, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eth_account.signers.local import LocalAccount

MNEMONIC: Final = "test test test test test test test test test test test junk"
DERIVATION_PATH: Final = "m/44'/60'/0'/0"

NAMES: Final = (
    "deployer",
    "mentor",
    "ada",
    "bo",
    "cleo",
    "treasury",
    "resolver",
    "guardian",
    "verifier",
    "payout",
    "dan",
    "eve",
)
"""One name per derived account, in the order of derivation."""


@dataclass(frozen=True, slots=True)
class DevAccount:
    """A funded account whose key everybody knows."""

    name: str
    address: ChecksumAddress
    signer: LocalAccount

    @property
    def octets(self) -> Address:
        """The address as 20 bytes."""
        return Address(bytes.fromhex(self.address[2:]))

    @property
    def private_key(self) -> bytes:
        """32 bytes; public knowledge."""
        return bytes(self.signer.key)

    def sign_message(self, message: bytes) -> bytes:
        """Sign EIP-191 version 0x45 text; 65 bytes r, s, v with v of 27 or 28."""
        return bytes(self.signer.sign_message(encode_defunct(primitive=message)).signature)

    def sign_typed_data(self, message: Mapping[str, object]) -> bytes:
        """Sign an EIP-712 message `{types, primaryType, domain, message}`.

        Raises:
            InvalidParams: If the message is not well-formed typed data.
        """
        missing = sorted({"types", "primaryType", "domain", "message"} - set(message))
        if missing:
            raise InvalidParams(f"The typed data lacks {', '.join(missing)} (EIP-712).")
        try:
            signable = encode_typed_data(full_message=dict(message))
        except (AttributeError, EncodingError, KeyError, TypeError, ValueError) as error:
            raise InvalidParams(f"The typed data cannot be encoded: {error}.") from error
        return bytes(self.signer.sign_message(signable).signature)


@cache
def named_accounts() -> tuple[DevAccount, ...]:
    """Derive the named accounts once per process, in the order of `NAMES`."""
    seed = seed_from_mnemonic(MNEMONIC, "")
    derived: list[DevAccount] = []
    for index, name in enumerate(NAMES):
        signer = Account.from_key(key_from_seed(seed, f"{DERIVATION_PATH}/{index}"))
        derived.append(DevAccount(name, signer.address, signer))
    return tuple(derived)


def account_named(name: str) -> DevAccount:
    """Find a named account; `KeyError` when nobody is called so."""
    for account in named_accounts():
        if account.name == name:
            return account
    raise KeyError(name)


def account_at(address: Address) -> DevAccount:
    """Find the named account with this address.

    Raises:
        Rejected: If the chain holds no key for it.
    """
    for account in named_accounts():
        if account.octets == address:
            return account
    raise Rejected(
        f"unknown account: there is no key for 0x{address.hex()} here. Sign with your own wallet, "
        "or use one of the addresses that eth_accounts gives."
    )
