"""Asking a node, with every failure typed.

Owns calls, gas estimates and how a provider's exceptions become ours. Refuses to retry, to follow
a contract's off-chain look-up (ERC-3668 would let a stranger's contract make this process fetch
addresses), and to send.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hexbytes import HexBytes
from web3.exceptions import BadResponseFormat, ProviderConnectionError, Web3RPCError
from web3.types import RPCEndpoint

from marketplace.bindings.reverts.extraction import revert_in
from marketplace.domain.errors import ChainUnavailable, typed_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from web3 import Web3

    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.money import Wei

Level = Literal["latest", "safe", "finalized", "pending", "earliest"]
BlockChoice = Level | int | bytes
"""A level, a block's number, or its 32-byte hash."""


@typed_error
class NodeUnreachable(ChainUnavailable):
    """The node does not answer."""

    code = "node_unreachable"

    said: str

    def _sentence(self) -> str:
        return f"The node does not answer ({self.said}): check its address, then try again."


@typed_error
class NodeRefused(ChainUnavailable):
    """The node answers with an error of its own, which no contract caused."""

    code = "node_refused"

    said: str
    rpc_code: int

    def _sentence(self) -> str:
        return (
            f"The node refused with error {self.rpc_code}: {self.said}. Try again or ask another."
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a node told in the error of a JSON-RPC answer."""

    message: str
    code: int


@contextmanager
def typed_failures() -> Iterator[None]:
    """Turn whatever a provider raises into the one hierarchy.

    Raises ContractReverted, NodeUnreachable and NodeRefused.
    """
    try:
        yield
    except (OSError, ProviderConnectionError) as error:
        # OSError is also the root of what the HTTP client raises.
        raise NodeUnreachable(_short(error)) from error
    except BadResponseFormat as error:
        raise NodeUnreachable("its answer is not JSON-RPC") from error
    except Exception as error:
        reverted = revert_in(error)
        if reverted is not None:
            raise reverted from error
        if isinstance(error, Web3RPCError):
            told = answer_of(error)
            raise NodeRefused(told.message, told.code) from error
        raise


def answer_of(error: Web3RPCError) -> Answer:
    """The message and code inside web3's exception; code 0 where the node gave none."""
    response = error.rpc_response
    described = response.get("error") if response is not None else None
    if isinstance(described, dict):
        return Answer(str(described.get("message", error.message)), int(described.get("code", 0)))
    return Answer(str(error.message), 0)


def call(
    web3: Web3,
    transaction: PreparedTransaction,
    sender: ChecksumAddress | None = None,
    block: BlockChoice = "latest",
    *,
    pretended_balance: Wei | None = None,
    gas: int | None = None,
) -> bytes:
    """Run a transaction on the state after a block, without sending it; gives what it returns.

    With a pretended balance, as if the sender had that much: not every node can do it. With `gas`,
    no more than that; without, what the node allows.

    Raises as `typed_failures`.
    """
    pretended = {}
    if pretended_balance is not None and sender is not None:
        pretended = {sender: {"balance": hex(pretended_balance)}}
    # Not web3.eth.call: its formatters follow look-ups and stumble over unknown panics.
    answer = _ask(web3, "eth_call", transaction, sender, block, pretended, gas)
    return bytes(HexBytes(str(answer)))


def estimate_gas(web3: Web3, transaction: PreparedTransaction, sender: ChecksumAddress) -> int:
    """Ask how much gas a transaction takes now. Raises as `typed_failures`."""
    answer = _ask(web3, "eth_estimateGas", transaction, sender, "latest")
    return answer if isinstance(answer, int) else int(str(answer), 16)


def _ask(
    web3: Web3,
    method: str,
    transaction: PreparedTransaction,
    sender: ChecksumAddress | None,
    block: BlockChoice,
    pretended: Mapping[ChecksumAddress, Mapping[str, str]] | None = None,
    gas: int | None = None,
) -> object:
    request = {"data": f"0x{transaction.data.hex()}", "value": hex(transaction.value)}
    if gas is not None:
        request["gas"] = hex(gas)
    if transaction.to is not None:
        request["to"] = transaction.to
    if sender is not None:
        request["from"] = sender
    arguments: list[object] = [request, _block(block)]
    if pretended:
        arguments.append(pretended)
    with typed_failures():
        answer: object = web3.manager.request_blocking(RPCEndpoint(method), arguments)
    return answer


def _block(choice: BlockChoice) -> str | dict[str, str]:
    if isinstance(choice, bytes):
        # EIP-1898: a node that does not know the block says so instead of using another.
        return {"blockHash": f"0x{choice.hex()}"}
    return hex(choice) if isinstance(choice, int) else choice


def _short(error: BaseException) -> str:
    """Name a failure without its text, which holds the node's address and with it often a key."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(status, int):
        return f"HTTP status {status}"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
