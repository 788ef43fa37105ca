"""Who signs: a key in memory, from an encrypted keystore or the environment, or somebody else.

Owns the port `Signer` and its local implementation. Refuses keys in clear files and on command
lines, and never shows one: not in a repr, not in an error, not in a traceback's message.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_typing import HexStr

from marketplace.bindings.addresses import parse_address
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from eth_account.signers.local import LocalAccount
    from eth_account.types import TransactionDictType

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.money import Wei


@typed_error
class KeyUnusable(RuleViolated):
    """There is no usable key where one was looked for; `why` never holds any of it."""

    code = "key_unusable"

    source: str
    why: str

    def _sentence(self) -> str:
        return f"No key can be used from {self.source}: {self.why}."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsignedTransaction:
    """An EIP-1559 transaction; fees are in wei per gas, `to` None creates a contract."""

    chain_id: int
    nonce: int
    gas: int
    max_fee: Wei
    max_tip: Wei
    to: ChecksumAddress | None
    value: Wei
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedData:
    """An EIP-712 message as the signing libraries take it.

    `types` has the members of each struct as name and type; `EIP712Domain` is made from `domain`.
    """

    domain: Mapping[str, str | int]
    types: Mapping[str, Sequence[tuple[str, str]]]
    message: Mapping[str, object]

    def member_dicts(self) -> dict[str, list[dict[str, str]]]:
        """The types as EIP-712 writes them in JSON."""
        return {
            name: [{"name": member, "type": kind} for member, kind in members]
            for name, members in self.types.items()
        }


class Signer(Protocol):
    """Signs for one account; a hardware wallet or a signing service implements this too."""

    @property
    def address(self) -> ChecksumAddress:
        """The account."""

    def sign_transaction(self, transaction: UnsignedTransaction) -> bytes:
        """Give the raw signed transaction."""

    def sign_typed_data(self, data: TypedData) -> bytes:
        """Give an EIP-712 signature: 65 bytes r, s, v with v of 27 or 28.

        That of a contract wallet is whatever its contract takes (ERC-1271).
        """

    def sign_message(self, text: str) -> bytes:
        """Give the signature of a text as `personal_sign` makes it (EIP-191): 65 bytes."""


class LocalSigner:
    """A key in this process's memory."""

    __slots__ = ("_account", "address")

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self.address: ChecksumAddress = parse_address(account.address)

    def __repr__(self) -> str:
        return f"<LocalSigner {self.address}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("A signer holds a key and is not copied out of its process.")

    def sign_transaction(self, transaction: UnsignedTransaction) -> bytes:
        """Give the raw signed transaction."""
        fields: TransactionDictType = {
            "type": 2,
            "chainId": transaction.chain_id,
            "nonce": transaction.nonce,
            "gas": transaction.gas,
            "maxFeePerGas": transaction.max_fee,
            "maxPriorityFeePerGas": transaction.max_tip,
            "value": transaction.value,
            "data": transaction.data,
        }
        if transaction.to is not None:
            fields["to"] = HexStr(transaction.to)
        return bytes(self._account.sign_transaction(fields).raw_transaction)

    def sign_typed_data(self, data: TypedData) -> bytes:
        """Give an EIP-712 signature: 65 bytes r, s, v with v of 27 or 28."""
        signed = self._account.sign_typed_data(
            dict(data.domain), data.member_dicts(), dict(data.message)
        )
        return bytes(signed.signature)

    def sign_message(self, text: str) -> bytes:
        """Give the signature of a text as `personal_sign` makes it (EIP-191): 65 bytes."""
        return bytes(self._account.sign_message(encode_defunct(text=text)).signature)


def signer_of_key(key: bytes, source: str = "memory") -> LocalSigner:
    """Sign with 32 bytes at hand. Raises KeyUnusable."""
    return LocalSigner(_account(key, source))


def signer_from_environment(name: str, environment: Mapping[str, str] | None = None) -> LocalSigner:
    """Sign with the key, in hexadecimal, of an environment variable. Raises KeyUnusable."""
    source = f"the environment variable {name}"
    text = (os.environ if environment is None else environment).get(name, "").strip()
    if not text:
        raise KeyUnusable(source, "it is not set; set it, or use a keystore")
    try:
        key = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        # Without the cause: its message quotes the text.
        raise KeyUnusable(source, "it is not hexadecimal; write 64 digits") from None
    return LocalSigner(_account(key, source))


def signer_from_keystore(path: Path, password: Callable[[], str]) -> LocalSigner:
    """Sign with an encrypted keystore (Web3 Secret Storage, as geth and others write it).

    Args:
        path: The keystore.
        password: Asked only once the file was read; a prompt, or the environment's answer.

    Raises:
        KeyUnusable: If the file is no keystore or the password is not its own.
    """
    source = f"the keystore {path.name}"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KeyUnusable(source, "there is no such file; check its path") from None
    except (OSError, ValueError):
        raise KeyUnusable(source, "it cannot be read as JSON; choose a keystore") from None
    if not isinstance(document, dict) or "crypto" not in {key.lower() for key in document}:
        raise KeyUnusable(source, "it is not an encrypted keystore; encrypt the key first")
    try:
        key = bytes(Account.decrypt(document, password()))
    except (KeyError, TypeError, ValueError):
        raise KeyUnusable(source, "the password does not open it, or it is damaged") from None
    return LocalSigner(_account(key, source))


def write_keystore(path: Path, key: bytes, password: str) -> ChecksumAddress:
    """Encrypt a key into a new file that only its owner may read; gives the key's address.

    Raises KeyUnusable, and FileExistsError rather than replace a keystore.
    """
    account = _account(key, "memory")
    document = json.dumps(Account.encrypt(key, password))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(document)
    return parse_address(account.address)


def _account(key: bytes, source: str) -> LocalAccount:
    try:
        account: LocalAccount = Account.from_key(key)
    except ValueError:
        # Without the cause: a library may quote what it was given.
        why = "it does not hold a private key of 32 bytes"
        raise KeyUnusable(
            source, f"{why}; use one of 64 hexadecimal digits that are not all 0"
        ) from None
    return account
