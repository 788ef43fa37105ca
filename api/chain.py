"""The node behind the API: what only the contract itself can say.

Owns the connection and trying a transaction before anybody is asked to sign it. Refuses to send:
the API holds no key. Refuses to answer who owns a seat: the gate asks the mirror, which knows its
block and its age.

Nothing is asked before the first request, so that an API starts, and its gate answers, while the
node is away.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from api.errors import ApiError
from marketplace.bindings.deploy import connect
from marketplace.bindings.node import NodeRefused, call
from marketplace.bindings.verification import CodeDiffers, CodeMissing, WrongChain
from marketplace.chain.connection import NodeAddressInvalid, open_node
from marketplace.chain.heads import balance_after, head_of
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.domain.money import Wei, ether_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.bindings.seats import SeatsContract
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress


@typed_error
class WrongNode(ApiError):
    """The node is of another chain, or has another contract; `why` is for the operator alone."""

    code = "wrong_node"

    why: str

    def _sentence(self) -> str:
        return f"This API's node cannot serve it: {self.why}"


@typed_error
class NotEnoughEther(RuleViolated):
    """The account cannot pay what a transaction carries, whatever its gas costs."""

    code = "not_enough_ether"

    account: ChecksumAddress
    balance: Wei
    price: Wei

    def _sentence(self) -> str:
        return (
            f"{self.account} has {ether_text(self.balance)} and this costs "
            f"{ether_text(self.price)}, gas not counted: send it at least "
            f"{ether_text(Wei(self.price - self.balance))} and a little more for gas."
        )


@dataclass(frozen=True, slots=True)
class _Link:
    seats: SeatsContract
    head: Callable[[], Head]
    balance: Callable[[ChecksumAddress, bytes], Wei]
    simulate: Callable[[PreparedTransaction, ChecksumAddress, bytes], object]
    simulate_funded: Callable[[PreparedTransaction, ChecksumAddress, bytes], object]


class Chain:
    """One node of one chain, with the market's contract on it.

    Every method raises ChainUnavailable while the node does not answer, and WrongNode when it is
    of another chain or has another contract.

    Args:
        url: The node's address; may hold a key and is never shown.
        chain_id: The chain's EIP-155 id.
        contract: The market's address.
        timeout_s: How long one answer may take, in seconds.
    """

    def __init__(
        self, url: str, chain_id: int, contract: ChecksumAddress, timeout_s: float
    ) -> None:
        self._url = url
        self._chain_id = chain_id
        self._contract = contract
        self._timeout_s = timeout_s
        self._lock = Lock()
        self._link: _Link | None = None

    @property
    def seats(self) -> SeatsContract:
        """The contract; its reads take a block."""
        return self._linked().seats

    def head(self) -> Head:
        """The newest block."""
        return self._linked().head()

    def simulate(
        self, transaction: PreparedTransaction, account: ChecksumAddress, block_hash: bytes
    ) -> None:
        """Try a transaction on the state after a block.

        What the contract refuses is told before an empty wallet is: filling it would not help.

        Raises:
            ContractReverted: the contract refuses, and says why.
            NotEnoughEther: it would not, but the account cannot pay the value.
        """
        link = self._linked()
        balance = link.balance(account, block_hash)
        if balance >= transaction.value:
            link.simulate(transaction, account, block_hash)
            return
        try:
            link.simulate_funded(transaction, account, block_hash)
        except NodeRefused:
            # A node that cannot pretend a balance leaves only the wallet to speak of.
            raise NotEnoughEther(account, balance, transaction.value) from None
        raise NotEnoughEther(account, balance, transaction.value)

    def _linked(self) -> _Link:
        # Tried again at each request until it succeeds: a node that comes back heals it.
        with self._lock:
            if self._link is None:
                try:
                    self._link = self._connect()
                except (NodeAddressInvalid, WrongChain, CodeMissing, CodeDiffers) as error:
                    raise WrongNode(error.sentence) from error
            return self._link

    def _connect(self) -> _Link:
        web3 = open_node(self._url, self._chain_id, self._timeout_s)
        return _Link(
            seats=connect(web3, self._contract, self._chain_id),
            head=lambda: head_of(web3),
            balance=lambda account, block: balance_after(web3, account, block),
            simulate=lambda tried, account, block: call(web3, tried, account, block),
            simulate_funded=lambda tried, account, block: call(
                web3, tried, account, block, pretended_balance=tried.value
            ),
        )
