"""Webhook endpoints that a mentor's program looks after, with an API key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from api.idempotency.asking import HEADER, REPLAYED
from api.store.webhook_tables import webhook_deliveries
from api.webhooks import claiming
from api.webhooks.dispatching import CLAIM
from api.webhooks.enlisting import enlist
from api.webhooks.schedule import Again, Attempt
from marketplace.storage.transactions import writing
from tests.integration.api.everybody import NOBODY_LISTENS
from tests.integration.api.live import COHORT, SESSION, Live, live_api
from tests.integration.api.receiving import (
    KEY,
    log_of,
    path_of,
    receiving,
    register,
    send_all,
)
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


def edited(client: httpx.Client, path: str, **changes: object) -> None:
    etag = client.get(path).headers["etag"]
    members(client.patch(path, json=changes, headers={"If-Match": etag}))


def told_of_both(live: Live, url: str) -> str:
    """An endpoint that heard of both drops and is narrowed to the session now; its path."""
    path = path_of(register(live, url, events=["seat.moved"]))
    for drop in (SESSION, COHORT):
        live.mint(drop, "bo")
    live.mirror()
    send_all(live.parts)
    edited(live.client("mentor"), path, drops=[SESSION])
    return path


def log_with(client: httpx.Client, path: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = members(client.get(f"{path}/deliveries", params=query))[
        "deliveries"
    ]
    return found


def test_a_limited_key_neither_sees_nor_replays_what_was_sent_of_other_drops(hooked: Live) -> None:
    with receiving() as receiver:
        path = told_of_both(hooked, receiver.url)
        # The newest first: the cohort's was the later one.
        [of_cohort, of_session] = log_with(hooked.client("mentor"), path)
        keyed = program(hooked, drops=[SESSION])
        assert log_with(keyed, path) == [of_session]
        assert log_with(keyed, path, limit="1") == [of_session]
        other = keyed.post(f"{path}/deliveries/{of_cohort['delivery']}/replay")
        assert refusal(other)[:2] == (404, "not_found")
        own = keyed.post(f"{path}/deliveries/{of_session['delivery']}/replay")
        assert own.status_code == 202
        assert send_all(hooked.parts) == 1
    assert receiver.got[2].message["data"]["drop"] == SESSION


def test_what_nobody_knows_the_drop_of_any_more_is_shown_to_unlimited_callers_alone(
    hooked: Live,
) -> None:
    path = told_of_both(hooked, NOBODY_LISTENS)
    with writing(hooked.parts.store) as store:
        store.execute(update(webhook_deliveries).values(terms_hash=None))
    keyed = program(hooked, drops=[SESSION])
    both = log_with(hooked.client("mentor"), path)
    assert log_with(keyed, path) == []
    for one in both:
        answer = keyed.post(f"{path}/deliveries/{one['delivery']}/replay")
        assert refusal(answer)[:2] == (404, "not_found")
    assert len(both) == 2


def test_what_waits_of_drops_that_an_edit_leaves_out_is_given_up_and_says_so(
    hooked: Live,
) -> None:
    path = told_of_both(hooked, NOBODY_LISTENS)
    mentor = hooked.client("mentor")
    [of_cohort, of_session] = log_with(mentor, path)
    assert (of_cohort["state"], of_cohort["fault"]) == ("failed", "unwanted")
    assert (of_session["state"], of_session["fault"]) == ("waiting", "unreachable")
    replay = f"{path}/deliveries/{of_cohort['delivery']}/replay"
    refused = mentor.post(replay)
    assert refusal(refused) == (409, "rule_violated", "webhook_delivery_unwanted")
    with receiving() as receiver:
        # Whoever has it go elsewhere gets no more than the key may know.
        edited(program(hooked, drops=[SESSION]), path, url=receiver.url)
        hooked.clock.forward(60)
        assert send_all(hooked.parts) == 1
        assert [one.message["data"]["drop"] for one in receiver.got] == [SESSION]
    edited(mentor, path, drops=[SESSION, COHORT])
    assert mentor.post(replay).status_code == 202


def test_what_was_under_way_when_its_drop_was_left_out_says_why_it_failed(hooked: Live) -> None:
    parts = hooked.parts
    path = path_of(register(hooked, NOBODY_LISTENS, events=["seat.moved"]))
    hooked.mint(COHORT, "bo")
    hooked.mirror()
    while enlist(parts):
        pass
    now = hooked.clock()
    with writing(parts.store) as connection:
        name, [sent] = claiming.claim(connection, parts.mirror_id, now, now + CLAIM, 1)
    edited(hooked.client("mentor"), path, drops=[SESSION])

    with writing(parts.store) as connection:
        claiming.finish(connection, sent, name, Attempt(500), Again(now))

    [told] = log_with(hooked.client("mentor"), path)
    assert (told["state"], told["fault"], told["status"]) == ("failed", "unwanted", 500)


def test_what_takes_something_back_is_not_told_where_its_drop_was_left_out(hooked: Live) -> None:
    with receiving() as receiver:
        told_of_both(hooked, receiver.url)
        receiver.got.clear()
        hooked.reorganise(2, 3)
        hooked.mirror()
        send_all(hooked.parts)
    assert [(one.message["data"]["drop"]) for one in receiver.got] == [SESSION]
    assert receiver.got[0].message["retracts"] is not None
