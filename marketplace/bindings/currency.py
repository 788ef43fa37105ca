"""An ERC-20 that seats or offers are paid in.

Owns balance, allowance, approval and decimals, and how wrapped ether and the development coin come
into being. Refuses to move anybody's money: the market takes what it is owed from an allowance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.development import COIN, WRAPPED_ETHER
from marketplace.bindings.interface import interface_of
from marketplace.bindings.node import call
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.bindings.values import single, whole
from marketplace.domain.errors import ContractReverted
from marketplace.domain.money import NO_MONEY, Wei, amount_text, ether_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web3 import Web3

    from marketplace.bindings.node import BlockChoice
    from marketplace.domain.addresses import ChecksumAddress


_WORD: Final = 32
_MOST_DECIMALS: Final = 255


class Currency:
    """An ERC-20 at one address; amounts are in its smallest units."""

    def __init__(self, web3: Web3, address: ChecksumAddress) -> None:
        self.address = address
        self._web3 = web3

    def balance_of(self, account: ChecksumAddress, block: BlockChoice = "latest") -> Wei:
        """What an account holds."""
        return self._amount("balanceOf", (account,), block)

    def allowance(
        self, account: ChecksumAddress, spender: ChecksumAddress, block: BlockChoice = "latest"
    ) -> Wei:
        """What a spender may still take from an account."""
        return self._amount("allowance", (account, spender), block)

    def decimals(self, block: BlockChoice = "latest") -> int | None:
        """How many decimals people write its amounts with; None: it does not say.

        ERC-20 lets a token be silent about it. Names and symbols are not asked for: anybody can
        take those of another.
        """
        try:
            told = call(self._web3, self._prepare(COIN, "decimals", (), "decimals"), block=block)
        except ContractReverted:
            return None
        decimals = int.from_bytes(told, "big")
        return decimals if len(told) == _WORD and decimals <= _MOST_DECIMALS else None

    def approve(self, spender: ChecksumAddress, amount: Wei) -> PreparedTransaction:
        """Let a spender take up to an amount from the sender; 0: nothing any more."""
        summary = f"Let {spender} take up to {amount_text(amount, self.address)} from you"
        return self._prepare(COIN, "approve", (spender, amount), summary)

    def wrap(self, amount: Wei) -> PreparedTransaction:
        """Turn ETH of the sender's into wrapped ether; only where this is wrapped ether."""
        summary = f"Wrap {ether_text(amount)}"
        return self._prepare(WRAPPED_ETHER, "deposit", (), summary, amount)

    def make(self, account: ChecksumAddress, amount: Wei) -> PreparedTransaction:
        """Make units for an account; only where this is the development coin."""
        summary = f"Make {amount_text(amount, self.address)} for {account}"
        return self._prepare(COIN, "mint", (account, amount), summary)

    def _prepare(
        self,
        artifact: str,
        function: str,
        arguments: Sequence[object],
        summary: str,
        value: Wei = NO_MONEY,
    ) -> PreparedTransaction:
        data = interface_of(artifact).functions[function].encode_call(arguments)
        return PreparedTransaction(to=self.address, data=data, summary=summary, value=value)

    def _amount(self, function: str, arguments: Sequence[object], block: BlockChoice) -> Wei:
        # ERC-20 is the same in every token: the artifact only lends its ABI.
        entry = interface_of(COIN).functions[function]
        question = self._prepare(COIN, function, arguments, function)
        (amount,) = entry.decode_result(call(self._web3, question, block=block))
        return Wei(single(function, whole, amount))
