"""Asking a contract wallet whether a signature is its own (ERC-1271, ERC-6492).

Owns which question is asked, at one block and within bounds of gas and time, and what counts as a
yes. Asking is `eth_call` alone: nothing is sent, and what a factory does in it is thrown away.
Refuses to know sessions, and to ask about an account's own key.

A wallet that is deployed is asked itself; a factory that comes with its signature is not called,
because it could change what the wallet answers for the length of the call. For one that is not,
the factory is called first, by the reference validator of ERC-6492 that the library carries.
"""

from __future__ import annotations

from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from siwe.siwe import EIP1271_MAGICVALUE, EIP6492_MAGIC_SUFFIX, EIP6492_VALIDATOR_BYTECODE

from api.auth.errors import WalletUnanswered
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.errors import ChainUnavailable, ContractReverted

if TYPE_CHECKING:
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


@unique
class Refusal(StrEnum):
    """Why a signature is no wallet's; each is certain at the block that was asked."""

    RESERVED = "address_reserved"
    NO_CONTRACT = "no_contract"
    MALFORMED = "factory_unreadable"
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
    Refusal.REVERTED: "the account's contract, or its factory, refuses to look at it",
    Refusal.SAYS_NO: "the account's contract says that it is not its own",
}


def refusal_of(
    chain: Chain, account: ChecksumAddress, digest: bytes, signature: bytes, gas: int
) -> Refusal | None:
    """Ask whether a signature over a digest is an account's, at the newest block; None: it is.

    Args:
        chain: The node.
        account: That may be a contract.
        digest: 32 bytes.
        signature: Of any length; may carry a factory (ERC-6492).
        gas: That the answer may take.

    Raises:
        WalletUnanswered: the contract came to no answer within its bounds.
        ChainUnavailable, WrongNode: the node does not even say whether there is a contract.
    """
    if int(account, 16) <= LAST_RESERVED:
        return Refusal.RESERVED
    with chain.strangers_turn():
        block = chain.head().hash
        deployed = bool(chain.code(account, block))
        wrapped = signature.endswith(_SUFFIX)
        if not deployed and not wrapped:
            return Refusal.NO_CONTRACT
        if deployed and wrapped:
            inner = _inside(signature)
            if inner is None:
                return Refusal.MALFORMED
            signature = inner
        question = (_question if deployed else _deployment)(account, digest, signature)
        try:
            answer = chain.ask(question, block, gas)
        except ContractReverted:
            return Refusal.REVERTED
        except ChainUnavailable as error:
            # The node has just answered: it is this question that it does not.
            raise WalletUnanswered(gas, chain.timeout_s) from error
    return None if answer == (_YES if deployed else _VALID) else Refusal.SAYS_NO


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
