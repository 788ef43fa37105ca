from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from marketplace.devnet.rpc import Node
from marketplace.devnet.server import build_app
from marketplace.devnet.settings import DevnetSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.devnet.chain import DevChain

ASK = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
MINE = {"jsonrpc": "2.0", "id": 1, "method": "evm_mine", "params": []}
PAGE = "http://localhost:5173"
STRANGER = "https://evil.example"


@pytest.fixture
def send(chain: DevChain) -> Callable[..., httpx.Response]:
    app = build_app(Node(chain), DevnetSettings(max_body_bytes=200))

    async def request(method: str, **details: Any) -> httpx.Response:  # noqa: ANN401 - as httpx
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8545"
        ) as client:
            return await client.request(method, "/", **details)

    return lambda method="POST", **details: asyncio.run(request(method, **details))


def test_a_posted_request_is_answered_in_json(send: Callable[..., httpx.Response]) -> None:
    answer = send(json=ASK)
    assert answer.json()["result"] == "0x7a69"
    assert answer.headers["content-type"] == "application/json"


def test_a_look_with_a_browser_is_told_what_this_is(send: Callable[..., httpx.Response]) -> None:
    assert "POST JSON-RPC" in send("GET").text


def test_notifications_have_an_empty_answer(send: Callable[..., httpx.Response]) -> None:
    answer = send(json={"jsonrpc": "2.0", "method": "evm_mine"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_body_beyond_the_limit_is_refused(send: Callable[..., httpx.Response]) -> None:
    assert send(content=b" " * 201).status_code == 413


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "10.0.0.1:8545", ""]
)
def test_a_rebound_name_is_refused_before_anything_happens(
    send: Callable[..., httpx.Response], chain: DevChain, host: str
) -> None:
    assert send(json=MINE, headers={"host": host}).status_code == 403
    assert chain.head.number == 0


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8545", "[::1]:8545"])
def test_loopback_names_are_served(send: Callable[..., httpx.Response], host: str) -> None:
    assert send(json=ASK, headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", [STRANGER, "http://localhost.evil.example", "http://127.0.0.1:1@evil.example", "null"]
)
def test_a_strangers_page_is_refused_before_anything_happens(
    send: Callable[..., httpx.Response], chain: DevChain, origin: str
) -> None:
    answer = send(json=MINE, headers={"origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    assert chain.head.number == 0


@pytest.mark.parametrize("origin", [PAGE, "http://127.0.0.1", "https://[::1]:3000"])
def test_a_loopback_page_may_read_the_answer(
    send: Callable[..., httpx.Response], origin: str
) -> None:
    answer = send(json=ASK, headers={"origin": origin})
    assert answer.headers["access-control-allow-origin"] == origin


@pytest.mark.parametrize(("origin", "status"), [(PAGE, 200), (STRANGER, 400)])
def test_a_preflight_lets_loopback_pages_in(
    send: Callable[..., httpx.Response], origin: str, status: int
) -> None:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    assert send("OPTIONS", headers=asked).status_code == status
