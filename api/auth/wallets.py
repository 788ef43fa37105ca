"""Asking a contract wallet whether a signature is its own (ERC-1271, ERC-6492).

Owns which question is asked, at one block and within bounds of gas and time, and what counts as a
yes. Asking is `eth_call` alone: nothing is sent, and what a factory does in it is thrown away.
Refuses to know sessions, and to ask about an account's own key.

A wallet that is deployed is asked itself; a factory that comes with its signature is not called,
because it could change what the wallet answers for the length of the call. For one that is not,
the factory is called first, by the reference validator of ERC-6492 that the library carries.

About an order of the market a wallet is asked as the market's contract will ask it: by the market,
with its gas, about the signature as it is. That contract calls no factory.

The question to which a wallet came to no answer is not put to it again for some seconds
(`api.node_turns`): where the node then answers something else, it was the wallet.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum, unique
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from siwe.siwe import EIP1271_MAGICVALUE, EIP6492_MAGIC_SUFFIX, EIP6492_VALIDATOR_BYTECODE

from api.auth.errors import WalletUnanswered
from api.chain import WrongNode
from api.node_turns import Asked, StrangerSilent
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.errors import ChainUnavailable, ContractReverted
from marketplace.orders.messages import WALLET_GAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.chain import Chain
    from marketplace.domain.addresses import ChecksumAddress

LAST_RESERVED: Final = 0xFFFF
"""Up to here chains have precompiles and system contracts, which answer without being wallets:
the identity precompile would repeat the question, which begins with the magic value."""

_MAGIC: Final = bytes.fromhex(EIP1271_MAGICVALUE)
_YES: Final = _MAGIC + bytes(28)
_SUFFIX: Final = bytes.fromhex(EIP6492_MAGIC_SUFFIX)
_VALIDATOR: Final = bytes.fromhex(EIP6492_VALIDATOR_BYTECODE.removeprefix("0x"))
_VALID: Final = b"\x01"

_BEGINNING_GAS: Final = 21_000
_ZERO_GAS: Final = 4
_BYTE_GAS: Final = 16


@unique
class Refusal(StrEnum):
    """Why a signature is no wallet's; each is certain at the block that was asked."""

    RESERVED = "address_reserved"
    NO_CONTRACT = "no_contract"
    MALFORMED = "factory_unreadable"
    NOT_DEPLOYED = "wallet_not_deployed"
    REVERTED = "wallet_reverted"
    SAYS_NO = "wallet_says_no"

    @property
    def fault(self) -> str:
        """In words, as the second half of a sentence."""
        return _FAULTS[self]


_FAULTS: Final = {
    Refusal.RESERVED: "the account is one of the chain's own contracts",
    Refusal.NO_CONTRACT: "no contract is at the account",
    Refusal.MALFORMED: "what is written before the mark of ERC-6492 cannot be read",
    Refusal.NOT_DEPLOYED: "the account's contract is not deployed yet (ERC-6492), and the market "
    "makes no wallet: deploy it first",
    Refusal.REVERTED: "the account's contract, or its factory, refuses to look at it",
    Refusal.SAYS_NO: "the account's contract says that it is not its own",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that something is an account's: a signature over a digest.

    Attributes:
        digest: 32 bytes.
        signature: Of any length; may carry a factory (ERC-6492).
        accepted: Whether the account's contract has said yes to it before. It is then asked apart
            from what anybody may show to it.
    """

    digest: bytes
    signature: bytes
    accepted: bool = False

    def asked_of(self, account: ChecksumAddress) -> Asked:
        """What is asked of the account's contract, as whoever gives turns knows it."""
        return Asked(account, sha256(self.digest + self.signature).digest(), self.accepted)


def refusal_of(chain: Chain, account: ChecksumAddress, proof: Proof, gas: int) -> Refusal | None:
    """Ask whether a signature over a digest is an account's, at the newest block; None: it is.

    Args:
        chain: The node.
        account: That may be a contract.
        proof: The signature and the digest.
        gas: That the answer may take.

    Raises:
        WalletUnanswered: the contract came to no answer within its bounds, now or a moment ago.
        ChainUnavailable, WrongNode: the node does not even say whether there is a contract, or as
            much as may be asked already is.
    """
    if int(account, 16) <= LAST_RESERVED:
        return Refusal.RESERVED
    with turn_of(chain, account, proof, gas):
        return refusal_in_turn(chain, account, proof, gas)


def refusal_in_turn(
    chain: Chain, account: ChecksumAddress, proof: Proof, gas: int
) -> Refusal | None:
    """As `refusal_of`, of an account that is none of the chain's own, by who holds `turn_of` it."""
    block, signature = chain.head().hash, proof.signature
    deployed = bool(chain.code(account, block))
    wrapped = signature.endswith(_SUFFIX)
    if not deployed and not wrapped:
        return Refusal.NO_CONTRACT
    if deployed and wrapped:
        inner = _inside(signature)
        if inner is None:
            return Refusal.MALFORMED
        signature = inner
    question = (_question if deployed else _deployment)(account, proof.digest, signature)
    answer = _answer(chain, question, proof.asked_of(account), block, gas)
    if answer is None:
        return Refusal.REVERTED
    return None if answer == (_YES if deployed else _VALID) else Refusal.SAYS_NO


def refusal_of_order(
    chain: Chain, market: ChecksumAddress, account: ChecksumAddress, proof: Proof
) -> Refusal | None:
    """As `refusal_of`, of an order of the market: whether its contract would be told yes now.

    Args:
        chain: The node.
        market: The contract that will ask.
        account: That may be a contract.
        proof: The order's digest, and a signature that is shown to the wallet as it is.
    """
    if int(account, 16) <= LAST_RESERVED:
        return Refusal.RESERVED
    with turn_of(chain, account, proof, WALLET_GAS):
        block = chain.head().hash
        if not chain.code(account, block):
            wrapped = proof.signature.endswith(_SUFFIX)
            return Refusal.NOT_DEPLOYED if wrapped else Refusal.NO_CONTRACT
        question = _question(account, proof.digest, proof.signature)
        asked = proof.asked_of(account)
        answer = _answer(chain, question, asked, block, WALLET_GAS, market)
    if answer is None:
        return Refusal.REVERTED
    # The contract reads one word, whatever follows it.
    return None if answer[: len(_YES)] == _YES else Refusal.SAYS_NO


@contextmanager
def turn_of(chain: Chain, account: ChecksumAddress, proof: Proof, gas: int) -> Iterator[None]:
    """Hold the place in which a contract is asked. Raises WalletUnanswered, NodeBusy."""
    try:
        with chain.strangers_turn(proof.asked_of(account)):
            yield
    except StrangerSilent as error:
        raise WalletUnanswered(gas, chain.timeout_s) from error


def _answer(
    chain: Chain,
    question: PreparedTransaction,
    asked: Asked,
    block: bytes,
    gas: int,
    sender: ChecksumAddress | None = None,
) -> bytes | None:
    """What a contract answers; None: it refuses.

    A sender that asks from within a transaction gives the contract all of the gas.

    Raises WalletUnanswered.
    """
    whole = gas if sender is None else gas + _gas_before(question.data)
    try:
        return chain.ask(question, block, whole, sender)
    except ContractReverted:
        return None
    except ChainUnavailable as error:
        if _still_answers(chain, asked.account, block):
            chain.note_silence(asked)
        raise WalletUnanswered(gas, chain.timeout_s) from error


def _still_answers(chain: Chain, account: ChecksumAddress, block: bytes) -> bool:
    """Whether the node, which did not answer a question, answers another about the same state."""
    try:
        chain.code(account, block)
    except (ChainUnavailable, WrongNode):
        return False
    return True


def _gas_before(data: bytes) -> int:
    """What a call costs before its first step, which one from within does not (EIP-2028)."""
    zeros = data.count(0)
    return _BEGINNING_GAS + _ZERO_GAS * zeros + _BYTE_GAS * (len(data) - zeros)


def _question(account: ChecksumAddress, digest: bytes, signature: bytes) -> PreparedTransaction:
    # The selector of isValidSignature(bytes32,bytes) is the magic value itself (ERC-1271).
    data = _MAGIC + encode(["bytes32", "bytes"], [digest, signature])
    return PreparedTransaction(to=account, data=data, summary="Ask a wallet about a signature")


def _deployment(account: ChecksumAddress, digest: bytes, signature: bytes) -> PreparedTransaction:
    # Code that creates nothing: it calls the factory, asks the wallet, and returns one byte.
    arguments = encode(["address", "bytes32", "bytes"], [account, digest, signature])
    return PreparedTransaction(
        to=None, data=_VALIDATOR + arguments, summary="Ask a wallet that a factory would make"
    )


def _inside(signature: bytes) -> bytes | None:
    """The wallet's own signature in one that carries a factory; None where it cannot be read."""
    try:
        _, _, inner = decode(["address", "bytes", "bytes"], signature[: -len(_SUFFIX)])
    except (DecodingError, OverflowError):
        # A length beyond what a machine can count is no DecodingError.
        return None
    return bytes(inner)
