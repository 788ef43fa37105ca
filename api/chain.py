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

from marketplace.bindings.deploy import connect
from marketplace.bindings.node import call
from marketplace.chain.connection import open_node
from marketplace.chain.heads import head_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.bindings.seats import SeatsContract
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class _Link:
    seats: SeatsContract
    head: Callable[[], Head]
    simulate: Callable[[PreparedTransaction, ChecksumAddress, bytes], bytes]


class Chain:
    """One node of one chain, with the market's contract on it.

    Every method raises ChainUnavailable while the node does not answer, and WrongChain,
    CodeMissing or CodeDiffers when something else stands there.

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
        """Try a transaction on the state after a block; the decoded revert is raised."""
        self._linked().simulate(transaction, account, block_hash)

    def _linked(self) -> _Link:
        # Tried again at each request until it succeeds: a node that comes back heals it.
        with self._lock:
            if self._link is None:
                web3 = open_node(self._url, self._chain_id, self._timeout_s)
                self._link = _Link(
                    seats=connect(web3, self._contract, self._chain_id),
                    head=lambda: head_of(web3),
                    simulate=lambda sent, account, block: call(web3, sent, account, block),
                )
            return self._link
