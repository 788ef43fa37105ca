"""Ids of endpoints and deliveries that are none, over both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.api.receiving import ALL, KEY
from tests.integration.api.trading import members, refusal
from tests.integration.api.world import Clock, Wallet, browser, parts_for, sign_in_client

if TYPE_CHECKING:
    import httpx
    from sqlalchemy import Engine


@pytest.fixture
def mentor(database: Engine, clock: Clock) -> httpx.Client:
    client = browser(parts_for(database, clock, webhook_key=KEY))
    client.headers["Authorization"] = f"Bearer {sign_in_client(client, Wallet())}"
    return client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "%00"),
        ("DELETE", "whe_%00"),
        ("POST", "{endpoint}/deliveries/dlv_%00/replay"),
        ("GET", "%F0%9F%8E%AB"),
    ],
    ids=["nul", "nul behind", "delivery", "letter"],
)
def test_what_can_be_no_id_does_not_fit(mentor: httpx.Client, method: str, path: str) -> None:
    body = {"url": "https://room.example/hook", "events": ALL}
    made = members(mentor.post("/v1/webhook-endpoints", json=body), 201)
    asked = path.format(endpoint=made["endpoint"]["endpoint"])
    # PostgreSQL's text holds no NUL.
    answer = mentor.request(method, f"/v1/webhook-endpoints/{asked}")
    assert refusal(answer)[:2] == (422, "invalid_request")
