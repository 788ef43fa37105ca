"""The registry in which accounts say who may act for them (delegate.xyz, version 2).

Owns its calls and checks, and what a named right is in 32 bytes. Refuses to say what a delegate of
a seat's owner may do: that is the gate's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import DELEGATIONS
from marketplace.bindings.node import call
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.bindings.values import single, truth
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web3 import Web3

    from marketplace.bindings.node import BlockChoice
    from marketplace.domain.addresses import ChecksumAddress

CANONICAL: Final = "0x00000000000000447e69651d841bD8D104Bed493"
"""Where the registry stands on public chains."""
RIGHT_TO_ATTEND: Final = "seatmarket.attend"
"""The right that the owner of a seat delegates to let somebody attend and watch, and no more."""

_WORD: Final = 32


@typed_error
class RightsTooLong(RuleViolated):
    """A right's name does not fit its 32 bytes."""

    code = "rights_too_long"

    length: int

    def _sentence(self) -> str:
        return f"A right's name has at most 32 bytes, this one has {self.length}."


def rights_word(name: str) -> bytes:
    """The 32 bytes of a right's name, as Solidity writes a literal; empty: all rights.

    Raises RightsTooLong.
    """
    text = name.encode()
    if len(text) > _WORD:
        raise RightsTooLong(len(text))
    return text.ljust(_WORD, b"\0")


class Delegations:
    """The registry at one address."""

    def __init__(self, web3: Web3, address: ChecksumAddress) -> None:
        self.address = address
        self._web3 = web3

    def delegate_all(
        self, to: ChecksumAddress, *, rights: str = "", enable: bool = True
    ) -> PreparedTransaction:
        """Let an account act for the sender everywhere, or no longer. Raises RightsTooLong."""
        return self._prepare("delegateAll", (to, rights_word(rights), enable), to, enable=enable)

    def delegate_contract(
        self,
        to: ChecksumAddress,
        contract: ChecksumAddress,
        *,
        rights: str = "",
        enable: bool = True,
    ) -> PreparedTransaction:
        """Let an account act for the sender in one contract, or no longer."""
        arguments = (to, contract, rights_word(rights), enable)
        return self._prepare("delegateContract", arguments, to, enable=enable)

    def delegate_token(
        self,
        to: ChecksumAddress,
        contract: ChecksumAddress,
        token: int,
        *,
        rights: str = "",
        enable: bool = True,
    ) -> PreparedTransaction:
        """Let an account act for the sender with one ERC-721 token, or no longer."""
        arguments = (to, contract, token, rights_word(rights), enable)
        return self._prepare("delegateERC721", arguments, to, enable=enable)

    def is_delegate(
        self,
        to: ChecksumAddress,
        owner: ChecksumAddress,
        contract: ChecksumAddress,
        token: int,
        *,
        rights: str = "",
        block: BlockChoice = "latest",
    ) -> bool:
        """Whether an account may act for another with a token, by whatever delegation."""
        arguments = (to, owner, contract, token, rights_word(rights))
        entry = interface_of(DELEGATIONS).functions["checkDelegateForERC721"]
        question = self._prepare("checkDelegateForERC721", arguments, to, enable=True)
        (answer,) = entry.decode_result(call(self._web3, question, block=block))
        return single("checkDelegateForERC721", truth, answer)

    def _prepare(
        self, function: str, arguments: Sequence[object], to: ChecksumAddress, *, enable: bool
    ) -> PreparedTransaction:
        data = interface_of(DELEGATIONS).functions[function].encode_call(arguments)
        summary = f"Let {to} act for you" if enable else f"Let {to} act for you no longer"
        return PreparedTransaction(to=self.address, data=data, summary=summary)
