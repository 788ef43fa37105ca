"""The questions that following a chain needs, asked by JSON-RPC.

Owns methods and parameters. Refuses to judge answers: `consistency` does.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from indexer.rpc.client import Client, Json, Question
from indexer.rpc.errors import AnswerMalformed, NodeOverloaded, NodeRefused
from indexer.rpc.reading import read_data, read_header, read_logs, read_quantity
from indexer.rpc.transport import Transport
from indexer.rpc.values import (
    BlockHeader,
    Call,
    Identity,
    Mark,
    RangeLogs,
    RawLog,
    StateAnswers,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.addresses import ChecksumAddress

_REVERTED: Final = 3


class RpcNode:
    """A node behind JSON-RPC; an `indexer.rpc.values.StateNode`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @classmethod
    def at(cls, url: str, *, timeout_s: float, batch_limit: int) -> RpcNode:
        """Make one for an address; nothing is connected yet. Raises NodeAddressInvalid."""
        return cls(Client(Transport(url, timeout_s), batch_limit))

    def close(self) -> None:
        """Close the connection; a later question opens another."""
        self._client.close()

    def identity(self) -> Identity:
        """Chain id and genesis."""
        chain_id, genesis = self._client.ask_all([Question("eth_chainId"), _block("0x0")])
        header = read_header(genesis)
        if header is None:
            raise AnswerMalformed("eth_getBlockByNumber", "there is no block 0")
        return Identity(read_quantity(chain_id, "the chain id"), header)

    def view(self) -> View:
        """Head, safe and finalized, asked in one request."""
        asked = [_block("finalized"), _block("safe"), _block("latest")]
        finalized, safe, head = self._client.try_all(asked)
        if isinstance(head, NodeRefused):
            raise head
        header = read_header(head)
        if header is None:
            raise AnswerMalformed("eth_getBlockByNumber", "there is no latest block")
        return View(header, _level(safe), _level(finalized), self._client.answered_at)

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        """The canonical headers at these numbers; None beyond the node's head."""
        answers = self._client.ask_all([_block(hex(number)) for number in numbers])
        headers = tuple(read_header(answer) for answer in answers)
        for number, header in zip(numbers, headers, strict=True):
            if header is not None and header.number != number:
                raise AnswerMalformed("eth_getBlockByNumber", f"block {number} was asked for")
        return headers

    def header(self, block_hash: str) -> BlockHeader | None:
        """The header with this hash; None when the node does not know it."""
        header = read_header(self._client.ask(Question("eth_getBlockByHash", (block_hash, False))))
        if header is not None and header.hash != block_hash:
            raise AnswerMalformed("eth_getBlockByHash", f"{block_hash} was asked for")
        return header

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        """All logs of each block, whoever wrote them."""
        # Without an address: only all logs of a block can be held against its bloom.
        asked = [Question("eth_getLogs", ({"blockHash": one},)) for one in hashes]
        return tuple(read_logs(answer) for answer in self._client.ask_all(asked))

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        """The logs of some contracts in a range, and whether the node has all of it."""
        wanted: Json = {
            "fromBlock": hex(first),
            "toBlock": hex(last),
            "address": tuple(addresses),
        }
        # In one request with the logs: what one machine answered, it had the blocks for.
        end, logs = self._client.ask_all([_block(hex(last)), Question("eth_getLogs", (wanted,))])
        header = read_header(end)
        if header is not None and header.number != last:
            raise AnswerMalformed("eth_getBlockByNumber", f"block {last} was asked for")
        return RangeLogs(header, read_logs(logs))

    def code(self, address: ChecksumAddress) -> bytes:
        """The code at an address at the head."""
        return read_data(self._client.ask(Question("eth_getCode", (address, "latest"))), "code")

    def code_then(self, address: ChecksumAddress, number: int) -> bytes | None:
        """The code at an address after a block; None, as `state` has it: it cannot be asked.

        What stands before a node may say so by an HTTP status instead, and some nodes by null.

        Raises:
            ChainUnavailable: the node does not answer, or is asked too often.
        """
        question = Question("eth_getCode", (address, hex(number)))
        try:
            (told,) = self._client.try_all([question])
            return None if isinstance(told, NodeRefused) else read_data(told, "code")
        except (NodeRefused, AnswerMalformed):
            return None
        except NodeOverloaded as error:
            if error.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise
            return None

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        """An account's balance and some calls after a block; None: the node has its state no more.

        Nodes say that they have pruned a state in dozens of ways. So every refusal that is no
        contract's is taken for it: what cannot be asked is told as not asked.
        """
        at = hex(number)
        balance, *results = self._client.try_all(
            [
                Question("eth_getBalance", (account, at)),
                *(
                    Question("eth_call", ({"to": one.to, "data": f"0x{one.data.hex()}"}, at))
                    for one in calls
                ),
            ]
        )
        if isinstance(balance, NodeRefused):
            return None
        read: list[bytes | None] = []
        for result in results:
            if not isinstance(result, NodeRefused):
                read.append(read_data(result, "the answer of a call"))
            elif _is_revert(result):
                read.append(None)
            else:
                return None
        return StateAnswers(read_quantity(balance, "a balance"), tuple(read))


def _is_revert(refusal: NodeRefused) -> bool:
    # EIP-1474 has no code for it; 3 is what most nodes give, and all of them have the word.
    return refusal.rpc_code == _REVERTED or "revert" in refusal.said.lower()


def _block(which: str) -> Question:
    return Question("eth_getBlockByNumber", (which, False))


def _level(answer: Json | NodeRefused) -> Mark | None:
    # Nodes differ in how they say that nothing is final yet: null, or an error of many texts.
    header = None if isinstance(answer, NodeRefused) else read_header(answer)
    return None if header is None else header.mark
