"""Who asks through a proxy, over a socket: only those that are trusted are believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx
import pytest

from tests.integration.api.test_serving import loopback

if TYPE_CHECKING:
    from sqlalchemy import Engine

# Nothing here depends on the database.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NONCE: Final = {"session": "bearer"}


def statuses(url: str, *forwarded: str) -> list[int]:
    """What attempts to sign in are answered that name these as who asks, one after the other."""
    with httpx.Client(base_url=url, headers={"Origin": url}) as client:
        return [
            client.post("/v1/auth/nonce", json=NONCE, headers={"X-Forwarded-For": one}).status_code
            for one in forwarded
        ]


def test_who_comes_through_a_trusted_proxy_counts_for_themselves(database: Engine) -> None:
    with loopback(database, limit_sign_in=1, trusted_proxies="127.0.0.0/8") as (url, _, _):
        assert statuses(url, "192.0.2.1", "192.0.2.2", "192.0.2.1") == [201, 201, 429]
        # What somebody says before the proxy adds to it changes nothing.
        assert statuses(url, "198.51.100.1, 192.0.2.2", "198.51.100.2, 192.0.2.3") == [429, 201]
        # A second proxy of ours is passed over, and an address of IPv6 counts as its network.
        assert statuses(url, "192.0.2.4, 127.0.0.9", "192.0.2.4") == [201, 429]
        assert statuses(url, "2001:db8::1", "2001:db8::2", "2001:db9::1") == [201, 429, 201]
        # Whatever is no address counts as one.
        assert statuses(url, "unknown", "_hidden", "192.0.2.5") == [201, 429, 201]


def test_nobody_else_says_who_they_are(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    # A name that the server would read if it were let.
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    told = []
    for proxies in ("", "192.0.2.0/24"):
        with loopback(database, limit_sign_in=1, trusted_proxies=proxies) as (url, _, _):
            told += statuses(url, "192.0.2.1", "192.0.2.2", "127.0.0.1")
    assert told == [201, *[429] * 5]
