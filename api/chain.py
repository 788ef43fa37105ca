"""The node behind the API: what only the contract itself can say.

Owns the connection, trying a transaction before anybody is asked to sign it, and asking a
stranger's contract something within bounds; whose turn that is, `api.node_turns` says. Refuses to
send: the API holds no key. Refuses to answer who owns a seat: the gate asks the mirror, which knows
its block and its age.

Nothing is asked before the first request, so that an API starts, and its gate answers, while the
node is away.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final

from hexbytes import HexBytes

from api.errors import ApiError
from api.node_turns import NodeTurns
from marketplace.bindings.currency import Currency
from marketplace.bindings.deploy import connect
from marketplace.bindings.node import NodeRefused, NodeUnreachable, call
from marketplace.bindings.verification import CodeDiffers, CodeMissing, WrongChain, code_at
from marketplace.chain.connection import NodeAddressInvalid, open_node
from marketplace.chain.heads import balance_after, head_of
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.domain.money import Wei, ether_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from api.node_turns import Asked
    from marketplace.bindings.seats import SeatsContract
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.chain.connection import Around
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress

TRIED_GAS: Final = 2**24
"""Gas that a transaction has when it is tried: no chain takes one with more (EIP-7825). A node that
sets no bound of its own would let a stranger's contract, which is asked whether it takes a seat or
its money, burn as much as it likes."""

TRUSTED_S: Final = 30.0
"""Seconds after which chain and contract at the node are looked at again."""


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
    made_at: float
    seats: SeatsContract
    head: Callable[[], Head]
    balance: Callable[[ChecksumAddress, bytes], Wei]
    currency: Callable[[ChecksumAddress], Currency]
    simulate: Callable[[PreparedTransaction, ChecksumAddress, bytes], bytes]
    simulate_funded: Callable[[PreparedTransaction, ChecksumAddress, bytes], bytes]
    code: Callable[[ChecksumAddress, bytes], bytes]
    ask: Callable[[PreparedTransaction, ChecksumAddress | None, bytes, int], bytes]


class Chain:
    """One node of one chain, with the market's contract on it.

    Every method raises ChainUnavailable while the node does not answer, and WrongNode when it is
    of another chain or has another contract.

    Args:
        url: The node's address; may hold a key and is never shown.
        chain_id: The chain's EIP-155 id.
        contract: The market's address.
        timeout_s: How long one answer may take, in seconds.
        passed: Seconds from any moment on, for how long a node is trusted.
        around: What each request to the node goes on in.
    """

    def __init__(
        self,
        url: str,
        chain_id: int,
        contract: ChecksumAddress,
        timeout_s: float,
        passed: Callable[[], float] = monotonic,
        around: Around = lambda _: nullcontext(),
    ) -> None:
        self._url = url
        self._chain_id = chain_id
        self._contract = contract
        self._timeout_s = timeout_s
        self._passed = passed
        self._around = around
        self._lock = Lock()
        self._turns = NodeTurns(timeout_s, passed)
        self._link: _Link | None = None

    @property
    def timeout_s(self) -> float:
        """How long one answer may take, in seconds."""
        return self._timeout_s

    def turn(self) -> AbstractContextManager[None]:
        """Hold one of the places of those who wait for no stranger's contract. Raises NodeBusy."""
        return self._turns.any()

    def strangers_turn(self, asked: Asked) -> AbstractContextManager[None]:
        """Hold one of the few places of those who wait for a stranger's contract.

        Raises NodeBusy; StrangerSilent when it came to no answer to this a moment ago.
        """
        return self._turns.of_stranger(asked)

    def note_silence(self, asked: Asked) -> None:
        """Do not ask this again for some seconds: it had no answer, while the node had others."""
        self._turns.note_silence(asked)

    @property
    def seats(self) -> SeatsContract:
        """The contract; its reads take a block."""
        return self._linked().seats

    def head(self) -> Head:
        """The newest block."""
        return self._linked().head()

    def currency(self, address: ChecksumAddress) -> Currency:
        """An ERC-20; its reads take a block."""
        return self._linked().currency(address)

    def simulate(
        self, transaction: PreparedTransaction, account: ChecksumAddress, block_hash: bytes
    ) -> bytes:
        """Try a transaction on the state after a block; gives what it returned.

        What the contract refuses is told before an empty wallet is: filling it would not help.

        Raises:
            ContractReverted: the contract refuses, and says why.
            NotEnoughEther: it would not, but the account cannot pay the value.
        """
        balance = self.balance(account, block_hash)
        if balance >= transaction.value:
            return self._linked().simulate(transaction, account, block_hash)
        try:
            self._linked().simulate_funded(transaction, account, block_hash)
        except NodeRefused:
            # A node that cannot pretend a balance leaves only the wallet to speak of.
            raise NotEnoughEther(account, balance, transaction.value) from None
        raise NotEnoughEther(account, balance, transaction.value)

    def simulate_funded(
        self, transaction: PreparedTransaction, account: ChecksumAddress, block_hash: bytes
    ) -> bytes:
        """As `simulate`, as if the account had the ether that the transaction carries.

        Raises NodeRefused when it has not, and the node cannot pretend it.
        """
        link = self._linked()
        if link.balance(account, block_hash) >= transaction.value:
            return link.simulate(transaction, account, block_hash)
        return link.simulate_funded(transaction, account, block_hash)

    def balance(self, account: ChecksumAddress, block_hash: bytes) -> Wei:
        """The ether of an account after a block."""
        return self._linked().balance(account, block_hash)

    def code(self, account: ChecksumAddress, block_hash: bytes) -> bytes:
        """The code of an account after a block; empty where it has none."""
        return self._linked().code(account, block_hash)

    def ask(
        self,
        question: PreparedTransaction,
        block_hash: bytes,
        gas: int,
        sender: ChecksumAddress | None = None,
    ) -> bytes:
        """Run a call on the state after a block, with so much gas and no more.

        It is nobody's, or comes as from `sender`, which may be a contract.

        Raises:
            ContractReverted: the contract refuses.
            ChainUnavailable: it came to no end within the gas or the time, or the node has none.
        """
        return self._linked().ask(question, sender, block_hash, gas)

    def _linked(self) -> _Link:
        # One thread looks while the others wait, no longer than for any other answer.
        if not self._lock.acquire(timeout=self._timeout_s):
            raise NodeUnreachable("another request is still connecting")
        try:
            link = self._link
            if link is None or self._passed() - link.made_at > TRUSTED_S:
                # Tried again at each request until it succeeds: a node that comes back heals it.
                self._link = None
                link = self._link = self._connect()
            return link
        finally:
            self._lock.release()

    def _connect(self) -> _Link:
        try:
            web3 = open_node(self._url, self._chain_id, self._timeout_s, self._around)
            seats = connect(web3, self._contract, self._chain_id)
        except (NodeAddressInvalid, WrongChain, CodeMissing, CodeDiffers) as error:
            raise WrongNode(error.sentence) from error
        return _Link(
            made_at=self._passed(),
            seats=seats,
            head=lambda: head_of(web3),
            balance=lambda account, block: balance_after(web3, account, block),
            currency=lambda address: Currency(web3, address),
            simulate=lambda tried, account, block: call(web3, tried, account, block, gas=TRIED_GAS),
            simulate_funded=lambda tried, account, block: call(
                web3, tried, account, block, pretended_balance=tried.value, gas=TRIED_GAS
            ),
            code=lambda account, block: code_at(web3, account, HexBytes(block)),
            ask=lambda asked, sender, block, gas: call(web3, asked, sender, block, gas=gas),
        )
