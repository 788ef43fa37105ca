"""Webhook endpoints that a mentor's program looks after, with an API key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.idempotency.asking import HEADER, REPLAYED
from api.webhooks.enlisting import enlist
from tests.integration.api.everybody import NOBODY_LISTENS
from tests.integration.api.live import COHORT, SESSION, Live, live_api
from tests.integration.api.receiving import KEY, log_of, path_of, register, send_all
from tests.integration.api.trading import members, refusal
from tests.integration.api.world import browser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import httpx
    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

ENDPOINTS = "/v1/webhook-endpoints"
SOLD = {"url": NOBODY_LISTENS, "events": ["seat.sold"]}


@pytest.fixture
def hooked(launched_chain: LiveChain, database: Engine) -> Iterator[Live]:
    """A live API that sends webhooks, with the chain mirrored."""
    with live_api(launched_chain, database, webhook_key=KEY, webhook_loopback=True) as live:
        live.mirror()
        enlist(live.parts)
        yield live


def program(live: Live, name: str = "mentor", drops: Sequence[int] | None = None) -> httpx.Client:
    """A program of an account, with a key that is limited to drops or to none."""
    wish = {
        "name": "Hooks",
        "scopes": ["webhooks:manage"],
        "drops": drops,
        "expires_in_s": 3_600,
    }
    made = members(live.client(name).post("/v1/api-keys", json=wish), 201)
    client = browser(live.parts)
    client.headers["Authorization"] = f"Bearer {made['key']}"
    return client


def ids_in(client: httpx.Client) -> list[str]:
    return [one["endpoint"] for one in members(client.get(ENDPOINTS))["endpoints"]]


def test_a_key_does_all_that_its_account_can_do_with_endpoints(hooked: Live) -> None:
    keyed, mentor = program(hooked), hooked.client("mentor")
    made = members(keyed.post(ENDPOINTS, json=SOLD | {"events": ["seat.moved"]}), 201)
    path = path_of(made)
    shown = keyed.get(path)
    assert members(shown) == made["endpoint"] == members(mentor.get(path))
    assert ids_in(keyed) == ids_in(mentor) == [made["endpoint"]["endpoint"]]
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    log = members(keyed.get(f"{path}/deliveries"))["deliveries"]
    assert log == log_of(hooked, made)
    assert keyed.post(f"{path}/deliveries/{log[0]['delivery']}/replay").status_code == 202
    edited = keyed.patch(path, json={"enabled": False}, headers={"If-Match": shown.headers["etag"]})
    assert members(edited)["disabled_why"] == "owner"
    assert members(keyed.post(f"{path}/rotate-secret"))["secret"] != made["secret"]
    assert keyed.delete(path).status_code == 204
    assert ids_in(mentor) == []


def test_a_limited_key_makes_endpoints_of_its_drops_alone(hooked: Live) -> None:
    keyed = program(hooked, drops=[SESSION])
    for drops, cause in (
        ([], "key_limited"),
        ([COHORT], "key_of_other_drops"),
        ([SESSION, COHORT], "key_of_other_drops"),
    ):
        answer = keyed.post(ENDPOINTS, json=SOLD | {"drops": drops})
        assert refusal(answer) == (403, "api_key_refused", cause)
    made = members(keyed.post(ENDPOINTS, json=SOLD | {"drops": [SESSION]}), 201)
    path = path_of(made)
    for drops, cause in (([], "key_limited"), ([SESSION, COHORT], "key_of_other_drops")):
        headers = {"If-Match": keyed.get(path).headers["etag"]}
        answer = keyed.patch(path, json={"drops": drops}, headers=headers)
        assert refusal(answer) == (403, "api_key_refused", cause)
    assert members(hooked.client("mentor").get(path))["drops"] == [SESSION]


@pytest.mark.parametrize("drops", [[], [COHORT], [SESSION, COHORT]])
def test_a_limited_key_has_no_endpoint_that_hears_of_more(hooked: Live, drops: list[int]) -> None:
    wide, own = (register(hooked, NOBODY_LISTENS, drops=one) for one in (drops, [SESSION]))
    keyed, path = program(hooked, drops=[SESSION]), path_of(wide)
    assert ids_in(keyed) == [own["endpoint"]["endpoint"]]
    for answer in (
        keyed.get(path),
        keyed.patch(path, json={"drops": [SESSION]}, headers={"If-Match": "*"}),
        keyed.post(f"{path}/rotate-secret"),
        keyed.get(f"{path}/deliveries"),
        keyed.post(f"{path}/deliveries/dlv_1/replay"),
        keyed.delete(path),
    ):
        assert refusal(answer)[:2] == (404, "not_found")
    assert len(ids_in(hooked.client("mentor"))) == 2


def test_a_key_of_somebody_else_or_for_something_else_opens_none(hooked: Live) -> None:
    path = path_of(register(hooked, NOBODY_LISTENS))
    assert refusal(program(hooked, "eve").get(path))[:2] == (404, "not_found")
    wish: dict[str, Any] = {"name": "Door", "scopes": ["access:check"], "expires_in_s": 60}
    made = members(hooked.client("mentor").post("/v1/api-keys", json=wish), 201)
    door = browser(hooked.parts)
    door.headers["Authorization"] = f"Bearer {made['key']}"
    assert refusal(door.get(path)) == (403, "api_key_refused", "scope_missing")


def test_what_a_key_has_made_is_made_once_and_outlives_the_key(hooked: Live) -> None:
    keyed, once = program(hooked), {HEADER: "one"}
    made = keyed.post(ENDPOINTS, json=SOLD, headers=once)
    again = keyed.post(ENDPOINTS, json=SOLD, headers=once)
    assert (again.json(), again.headers[REPLAYED]) == (made.json(), "true")
    mentor = hooked.client("mentor")
    # The account's own keys are others, and so are those of its other programs.
    for other in (mentor, program(hooked)):
        assert REPLAYED not in other.post(ENDPOINTS, json=SOLD, headers=once).headers
    for one in members(mentor.get("/v1/api-keys"))["keys"]:
        assert mentor.delete(f"/v1/api-keys/{one['id']}").status_code == 204
    assert refusal(keyed.get(ENDPOINTS))[:2] == (401, "api_key_ended")
    assert len(ids_in(mentor)) == 3
