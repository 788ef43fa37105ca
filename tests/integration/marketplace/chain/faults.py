"""A provider in front of a real chain that fails on request.

Owns which method fails and how. Refuses to answer anything itself: what it lets through, the chain
answers.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from web3.providers import BaseProvider

from marketplace.chain.connection import over_provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from web3 import Web3
    from web3.types import RPCEndpoint, RPCResponse

Answer = dict[str, object] | None


class FaultyProvider(BaseProvider):
    """Passes requests on, after asking `faults` for an answer or an exception of their own."""

    def __init__(self, chain: Web3) -> None:
        super().__init__()
        self._chain = chain
        self.faults: dict[str, Callable[[], Answer]] = {}
        self.asked: Counter[str] = Counter()

    def make_request(self, method: RPCEndpoint, params: object) -> RPCResponse:
        self.asked[method] += 1
        fault = self.faults.get(method)
        answer = fault() if fault is not None else None
        if answer is not None:
            return {"jsonrpc": "2.0", "id": 1, **answer}  # type: ignore[typeddict-item] # a fault may be any answer
        provider = self._chain.provider
        found: RPCResponse = provider.make_request(method, params)
        return found

    def refuse(self, method: str, message: str, code: int = -32000, times: int = 1) -> None:
        """Let a method fail with a JSON-RPC error, so many times."""
        left = iter(range(times))

        def fault() -> Answer:
            if next(left, None) is None:
                return None
            return {"error": {"code": code, "message": message}}

        self.faults[method] = fault

    def break_off(self, method: str, error: Exception, times: int = 1) -> None:
        """Let the connection break when a method is asked, so many times."""
        left = iter(range(times))

        def fault() -> Answer:
            if next(left, None) is not None:
                raise error
            return None

        self.faults[method] = fault


def faulty(chain: Web3) -> tuple[Web3, FaultyProvider]:
    """The same chain behind a provider whose faults a test sets."""
    provider = FaultyProvider(chain)
    return over_provider(provider), provider
