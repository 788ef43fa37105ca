"""Which web pages may speak to the development chain: those of this machine alone.

Nothing here is asked of anvil, which answers every origin with `*` unless told otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.conformance.world import World

pytestmark = pytest.mark.xdist_group("devnet")

QUESTION = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
ALLOWED = "access-control-allow-origin"
LOOPBACK_ORIGINS = ("http://localhost:3000", "http://127.0.0.1:8080", "https://localhost")
STRANGERS = (
    "https://evil.example",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example:3000",
    "null",
)


@pytest.fixture
def url(world_of: Callable[[str], World]) -> str:
    return world_of("devnet").chain.url


@pytest.mark.parametrize("origin", LOOPBACK_ORIGINS)
def test_page_of_this_machine_is_answered(http: httpx.Client, url: str, origin: str) -> None:
    response = http.post(url, json=QUESTION, headers={"origin": origin})
    assert response.json()["result"] == "0x7a69"
    assert response.headers[ALLOWED] == origin


@pytest.mark.parametrize("origin", STRANGERS)
def test_page_of_a_stranger_gets_no_permission_and_no_answer(
    http: httpx.Client, url: str, origin: str
) -> None:
    response = http.post(url, json=QUESTION, headers={"origin": origin})
    assert ALLOWED not in response.headers
    assert "0x7a69" not in response.text


def preflight(http: httpx.Client, url: str, origin: str) -> httpx.Response:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    return http.options(url, headers=asked)


def test_preflight_of_this_machine_allows_a_json_post(http: httpx.Client, url: str) -> None:
    response = preflight(http, url, "http://localhost:3000")
    assert response.is_success
    assert response.headers[ALLOWED] == "http://localhost:3000"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "content-type" in response.headers["access-control-allow-headers"].lower()


def test_preflight_of_a_stranger_allows_nothing(http: httpx.Client, url: str) -> None:
    response = preflight(http, url, "https://evil.example")
    assert ALLOWED not in response.headers


def test_name_that_was_rebound_to_this_machine_is_refused(http: httpx.Client, url: str) -> None:
    response = http.post(url, json=QUESTION, headers={"host": "evil.example"})
    assert response.is_client_error
    assert "0x7a69" not in response.text
