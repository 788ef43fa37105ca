"""An API that says what a test tells it, in front of a real client.

Refuses sockets: answers come from this process.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import httpx

from marketplace.chain.keys import signer_of_key
from marketplace.client import MarketAddress, SeatmarketClient
from marketplace.devnet.accounts import account_named
from marketplace.domain.addresses import ChecksumAddress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

URL: Final = "https://seats.example"
MARKET: Final = MarketAddress(31337, ChecksumAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0"))
ADA: Final = signer_of_key(account_named("ada").private_key)
BO: Final = signer_of_key(account_named("bo").private_key)
BLOCK_HASH: Final = "0x" + "ab" * 32
LATER: Final = "2027-03-01T18:05:00.000Z"
NOW: Final = 2**31 - 60
"""The Unix second at which clients are used; what is to be signed here ends a minute later."""


@dataclass
class Told:
    """What the API answers, and what it was asked."""

    answer: Callable[[httpx.Request], httpx.Response]
    asked: list[httpx.Request] = field(default_factory=list)

    def client(
        self, market: MarketAddress | None = MARKET, api_key: str | None = None
    ) -> SeatmarketClient:
        """A client in front of it."""
        told = httpx.MockTransport(self._handle)
        return SeatmarketClient(
            URL, market=market, transport=told, api_key=api_key, clock=lambda: NOW
        )

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        return self.answer(request)


def always(answer: httpx.Response) -> Told:
    """An API with one answer to everything."""
    return Told(lambda _: answer)


def answered(body: Mapping[str, object], status: int = 200) -> httpx.Response:
    """An answer in JSON."""
    return httpx.Response(status, json=dict(body))


def problem(status: int, code: str, /, **more: object) -> httpx.Response:
    """A problem as the API writes it."""
    body = {
        "type": f"/v1/problems/{code}",
        "title": "The title",
        "status": status,
        "detail": "What happened. What to do.",
        "code": code,
        "request_id": "0123456789abcdef",
    }
    headers = {"Content-Type": "application/problem+json", "Retry-After": "3"}
    return httpx.Response(status, content=json.dumps(body | more), headers=headers)
