"""Plain JSON-RPC over HTTP: what a client library would hide.

Owns sending and telling an answer from a refusal. Refuses to interpret: results are the JSON
that arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import httpx

# Arguments that are bare booleans on the wire.
HASHES_ONLY: Final = False
AUTOMINE_ON: Final = True
AUTOMINE_OFF: Final = False


class RpcRefused(Exception):
    """The node answered with an error object; `data` is absent or whatever it attached."""

    def __init__(self, method: str, error: dict[str, Any]) -> None:
        super().__init__(f"{method} was refused: {error}")
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data: Any = error.get("data")


@dataclass(slots=True)
class Rpc:
    """One chain's endpoint; `sent` remembers the methods asked since it was made."""

    url: str
    http: httpx.Client
    sent: set[str] = field(default_factory=set)

    # JSON is whatever the node sends: the shape is what the tests check.
    def __call__(self, method: str, *params: object) -> Any:  # noqa: ANN401 - the JSON decides
        """The result of one request; raises RpcRefused for an error object."""
        self.sent.add(method)
        answer = self.post({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)})
        if "error" in answer:
            raise RpcRefused(method, answer["error"])
        return answer["result"]

    def post(self, body: object) -> Any:  # noqa: ANN401 - the JSON decides
        """The decoded answer to any body, well-formed or not."""
        response = self.http.post(self.url, json=body)
        return response.json()
