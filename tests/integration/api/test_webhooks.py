"""Webhooks, from the chain to a server on loopback."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, update

from api.store.webhook_tables import webhook_deliveries, webhook_endpoints
from api.webhooks import reads
from api.webhooks.dispatching import Dispatcher
from api.webhooks.enlisting import enlist
from indexer.queries import MirrorIncomplete
from indexer.store.fold_tables import drop_states
from indexer.store.tables import fold_versions
from marketplace.storage.transactions import reading, writing
from tests.integration.api.hearing import served
from tests.integration.api.live import EXAMPLES, SESSION, Live, launch, live_api
from tests.integration.api.receiving import (
    ALL,
    KEY,
    Receiver,
    log_of,
    path_of,
    receiving,
    register,
    send_all,
    status,
)
from tests.integration.api.trading import members, refusal
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    import http.server
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

SETTINGS: dict[str, object] = {"webhook_key": KEY, "webhook_loopback": True}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def hooked(launched_chain: LiveChain, database: Engine) -> Iterator[Live]:
    """A live API that sends webhooks, with the chain mirrored."""
    with live_api(launched_chain, database, **SETTINGS) as live:
        live.mirror()
        enlist(live.parts)
        yield live


def test_a_sale_is_told_to_the_mentor_and_signed(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url)
    seat = hooked.mint(SESSION, "bo")
    hooked.resell(seat, "bo", "ada")
    hooked.mirror()
    assert send_all(hooked.parts) == 4
    assert receiver.said() == [
        ("access.revoked", address_of("bo")),
        ("seat.moved", ""),
        ("seat.moved", ""),
        ("seat.sold", ""),
    ]
    told = [one.verified(registered["secret"]) for one in receiver.got]
    sold = next(one["data"] for one in told if one["type"] == "seat.sold")
    assert (sold["drop"], sold["seat"], sold["price_wei"]) == (SESSION, str(seat), str(4 * 10**16))
    assert len({one.id for one in receiver.got}) == 4
    assert send_all(hooked.parts) == 0
    log = log_of(hooked, registered)
    assert {one["message"] for one in log} == {one.id for one in receiver.got}
    assert {(one["state"], one["status"], one["attempts"]) for one in log} == {
        ("delivered", 204, 1)
    }
    assert all(one["duration_ms"] >= 0 for one in log)


def test_nothing_is_passed_over_while_a_table_is_built_again(
    hooked: Live, receiver: Receiver
) -> None:
    register(hooked, receiver.url, events=["seat.moved"])
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    building = update(fold_versions).where(fold_versions.c.fold == drop_states.name)
    with writing(hooked.parts.reads) as connection:
        kept = [dict(row) for row in connection.execute(select(drop_states)).mappings()]
        connection.execute(delete(drop_states))
        connection.execute(building.values(complete=0))

    with pytest.raises(MirrorIncomplete):
        enlist(hooked.parts)

    with writing(hooked.parts.reads) as connection:
        connection.execute(insert(drop_states), kept)
        connection.execute(building.values(complete=1))
    assert send_all(hooked.parts) == 1
    assert [name for name, _ in receiver.said()] == ["seat.moved"]


def test_a_reorganisation_is_told_with_what_it_takes_back(hooked: Live, receiver: Receiver) -> None:
    register(hooked, receiver.url, events=["seat.sold", "access.revoked"])
    seat = hooked.mint(SESSION, "bo")
    hooked.mirror()
    hooked.resell(seat, "bo", "ada")
    hooked.mirror()
    send_all(hooked.parts)
    told = {one.message["type"]: one.id for one in receiver.got}
    receiver.got.clear()
    hooked.reorganise(1, 2)
    hooked.mirror()
    send_all(hooked.parts)
    back = [one.message for one in receiver.got]
    assert {one["type"]: one["retracts"] for one in back if one["retracts"]} == told
    # The seat is bo's again, and ada has lost it.
    lost = [one["data"]["account"] for one in back if one["retracts"] is None]
    assert lost == [address_of("ada")]


def test_a_buyer_whose_drop_goes_with_the_branch_is_told_of_all_the_same(
    hooked: Live, receiver: Receiver
) -> None:
    before = hooked.market.web3.eth.block_number
    eves, file = launch(hooked.market, EXAMPLES / "drop-session.toml", "eve")
    hooked.files = {**hooked.files, eves: file}
    hooked.mirror()
    register(hooked, receiver.url, "eve", events=["access.revoked"])
    seat = hooked.mint(eves, "bo")
    hooked.mirror()
    assert send_all(hooked.parts) == 0
    depth = hooked.market.web3.eth.block_number - before
    hooked.reorganise(depth, depth + 1)
    hooked.mirror()
    assert send_all(hooked.parts) == 1
    (lost,) = [one.message for one in receiver.got]
    assert (lost["type"], lost["retracts"]) == ("access.revoked", None)
    assert (lost["data"]["seat"], lost["data"]["account"]) == (str(seat), address_of("bo"))


def test_what_is_taken_back_before_it_arrived_is_not_sent_any_more(
    hooked: Live, receiver: Receiver
) -> None:
    registered = register(hooked, receiver.url, events=["seat.moved"])
    receiver.answer = status(500)
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    hooked.reorganise(1, 2)
    hooked.mirror()
    receiver.answer = status(204)
    hooked.clock.forward(60)
    send_all(hooked.parts)
    back, moved = log_of(hooked, registered)
    assert (moved["state"], back["state"]) == ("overtaken", "delivered")
    assert back["retracts"] == moved["message"]
    assert [one.id for one in receiver.got] == [moved["message"], back["message"]]


def test_a_mentor_hears_of_their_own_drops_alone(hooked: Live, receiver: Receiver) -> None:
    eves, _ = launch(hooked.market, EXAMPLES / "drop-session.toml", "eve")
    hooked.mirror()
    while enlist(hooked.parts):
        pass
    register(hooked, f"{receiver.url}/mentor")
    register(hooked, f"{receiver.url}/eve", "eve", drops=[int(eves)])
    register(hooked, f"{receiver.url}/cleo", "cleo")
    refused = hooked.client("cleo").post(
        "/v1/webhook-endpoints", json={"url": receiver.url, "events": ALL, "drops": [1]}
    )
    assert refusal(refused)[:2] == (403, "mentor_required")
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    assert {one.path for one in receiver.got} == {"/hook/mentor"}


def test_what_fails_is_sent_again_under_the_same_id(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url, events=["seat.moved"])
    receiver.answer = status(503, b"not\0now>" + b"x" * 10_000)
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    assert send_all(hooked.parts) == 0
    (log,) = log_of(hooked, registered)
    assert (log["state"], log["status"], log["attempts"]) == ("waiting", 503, 1)
    assert log["answer"] == "not\ufffdnow>" + "x" * (512 - 8)
    receiver.answer = status(200)
    hooked.clock.forward(7)
    assert send_all(hooked.parts) == 1
    assert receiver.got[0].id == receiver.got[1].id
    assert receiver.got[0].body == receiver.got[1].body
    (log,) = log_of(hooked, registered)
    assert (log["state"], log["attempts"], log["due_at"]) == ("delivered", 2, None)
    # Sent again by hand: the same once more.
    path = f"{path_of(registered)}/deliveries/{log['delivery']}/replay"
    assert hooked.client("mentor").post(path).status_code == 202
    assert send_all(hooked.parts) == 1
    assert receiver.got[2].id == receiver.got[0].id


def test_an_endpoint_that_is_gone_is_told_nothing_more(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url, events=["seat.moved"])
    receiver.answer = status(410)
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    path = path_of(registered)
    shown = hooked.client("mentor").get(path)
    assert members(shown)["disabled_why"] == "gone"
    hooked.mint(SESSION, "cleo")
    hooked.mirror()
    assert send_all(hooked.parts) == 0
    (log,) = log_of(hooked, registered)
    assert log["state"] == "failed"
    replayed = hooked.client("mentor").post(f"{path}/deliveries/{log['delivery']}/replay")
    assert refusal(replayed) == (409, "rule_violated", "webhook_endpoint_disabled")
    headers = {"If-Match": shown.headers["etag"]}
    enabled = hooked.client("mentor").patch(path, json={"enabled": True}, headers=headers)
    assert members(enabled)["disabled_why"] is None
    receiver.answer = status(204)
    hooked.mint(SESSION, "dan")
    hooked.mirror()
    assert send_all(hooked.parts) == 1


@pytest.mark.parametrize("enabled_again", [False, True])
def test_what_was_enlisted_for_an_endpoint_that_was_disabled_meanwhile_is_never_sent(
    hooked: Live, receiver: Receiver, *, enabled_again: bool
) -> None:
    registered = register(hooked, receiver.url, events=["seat.moved"])
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    enlist(hooked.parts)
    # As by an owner whose transaction saw none of what was being enlisted.
    off = {"disabled_at": hooked.clock(), "disabled_why": "owner"}
    with writing(hooked.parts.store) as store:
        store.execute(update(webhook_endpoints).values(**off))
    if enabled_again:
        path = path_of(registered)
        headers = {"If-Match": hooked.client("mentor").get(path).headers["etag"]}
        members(hooked.client("mentor").patch(path, json={"enabled": True}, headers=headers))
    assert send_all(hooked.parts) == 0
    assert receiver.got == []
    assert [one["state"] for one in log_of(hooked, registered)] == ["failed"]


def test_an_endpoint_that_fails_for_days_is_disabled_and_says_so(
    hooked: Live, receiver: Receiver
) -> None:
    register(hooked, receiver.url, events=["seat.moved"])
    receiver.answer = status(500)
    for name in ("bo", "cleo"):
        hooked.mint(SESSION, name)
        hooked.mirror()
        send_all(hooked.parts)
        hooked.clock.ahead += timedelta(days=5, minutes=1)
    send_all(hooked.parts)
    # The mentor's session is over by now as well.
    with reading(hooked.parts.store) as store:
        (endpoint,) = reads.endpoints_of(store, hooked.parts.mirror_id, address_of("mentor"))
        log = reads.deliveries_of(store, endpoint.id, None, 10)
    assert endpoint.disabled_why == "failing"
    assert [one.state for one in log] == ["failed", "failed"]


def endless(request: http.server.BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(10_000):
        request.wfile.write(b"x" * 65_536)


def test_an_endless_answer_is_read_for_a_few_bytes(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url, events=["seat.moved"])
    receiver.answer = endless
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    (log,) = log_of(hooked, registered)
    assert (log["state"], log["answer"]) == ("delivered", "x" * 512)


def test_an_answer_that_does_not_come_is_given_up(
    hooked: Live, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.webhooks.sending.TOTAL_S", 0.5)
    registered = register(hooked, receiver.url, events=["seat.moved"])

    def drop_by_drop(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b"x")
        request.connection.settimeout(20)
        # Until the other side hangs up.
        request.rfile.read(1)

    receiver.answer = drop_by_drop
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    (log,) = log_of(hooked, registered)
    assert (log["state"], log["status"], log["fault"]) == ("waiting", None, "too_slow")


def test_no_redirect_is_followed(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url, events=["seat.moved"])
    receiver.answer = status(307, Location=f"{receiver.url}/elsewhere")
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    assert [one.path for one in receiver.got] == ["/hook"]
    (log,) = log_of(hooked, registered)
    assert (log["state"], log["status"]) == ("waiting", 307)


def test_without_the_setting_nothing_is_sent_to_this_machine(
    launched_chain: LiveChain, database: Engine, receiver: Receiver
) -> None:
    with live_api(launched_chain, database, webhook_key=KEY) as live:
        plain = live.client("mentor").post(
            "/v1/webhook-endpoints", json={"url": receiver.url, "events": ALL}
        )
        assert refusal(plain)[:2] == (422, "webhook_address_refused")
        live.mirror()
        enlist(live.parts)
        secure = receiver.url.replace("http:", "https:")
        registered = register(live, secure, events=["seat.moved"])
        live.mint(SESSION, "bo")
        live.mirror()
        send_all(live.parts)
        (log,) = log_of(live, registered)
        assert (log["fault"], log["status"], log["duration_ms"]) == ("unreachable", None, None)


def test_of_many_senders_each_message_is_sent_by_one(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url, events=["seat.moved"])
    hooked.mint(SESSION, "bo", quantity=2)
    hooked.mint(SESSION, "cleo", quantity=2)
    hooked.mirror()
    with ThreadPoolExecutor(3) as pool:
        sent = list(pool.map(lambda _: send_all(hooked.parts), range(3)))
    assert sum(sent) == len(receiver.got) == len({one.id for one in receiver.got}) == 4
    assert {one["state"] for one in log_of(hooked, registered)} == {"delivered"}


def test_a_sender_that_dies_holds_a_message_up_for_no_longer_than_its_claim(
    hooked: Live, receiver: Receiver
) -> None:
    register(hooked, receiver.url, events=["seat.moved"])
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    dying = Dispatcher(hooked.parts, KEY)
    while enlist(hooked.parts):
        pass
    assert len(dying._take(10)) == 1  # noqa: SLF001 - dies between claiming and sending
    assert send_all(hooked.parts) == 0
    hooked.clock.forward(31)
    assert send_all(hooked.parts) == 1


def test_no_secret_is_kept_and_each_is_shown_once(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url)
    path = path_of(registered)
    client = hooked.client("mentor")
    rotated = members(client.post(f"{path}/rotate-secret"))
    assert rotated["secret"] != registered["secret"]
    shown = client.get(path).text + client.get("/v1/webhook-endpoints").text
    with reading(hooked.parts.store) as connection:
        kept = str([*connection.execute(select(webhook_endpoints))])
    for secret in (registered["secret"], rotated["secret"]):
        assert secret not in shown
        assert secret.removeprefix("whsec_") not in kept
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    send_all(hooked.parts)
    # Whoever has not taken up the new one yet still believes it.
    for secret in (registered["secret"], rotated["secret"]):
        assert receiver.got[0].verified(secret)["type"] == "seat.moved"


def test_of_two_edits_of_one_reading_the_second_is_told(hooked: Live, receiver: Receiver) -> None:
    path = path_of(register(hooked, receiver.url))
    client = hooked.client("mentor")
    etag = client.get(path).headers["etag"]
    unread = client.patch(path, json={})
    assert refusal(unread)[:2] == (422, "invalid_request")
    assert [one["at"] for one in unread.json()["errors"]] == ["/header/if-match"]
    with ThreadPoolExecutor(2) as pool:
        edits = list(
            pool.map(
                lambda types: client.patch(
                    path, json={"events": types}, headers={"If-Match": etag}
                ),
                (["seat.moved"], ["seat.sold"]),
            )
        )
    assert sorted(one.status_code for one in edits) == [200, 412]
    lost = next(one for one in edits if one.status_code == 412)
    assert lost.json()["code"] == "edited_meanwhile"
    good = next(one for one in edits if one.status_code == 200)
    now = client.get(path)
    assert now.json() == good.json()
    assert now.headers["etag"] == good.headers["etag"] == lost.headers["etag"] != etag


def test_an_endpoint_is_its_owners_alone_and_ends(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url)
    path, eve = path_of(registered), hooked.client("eve")
    for answer in (
        eve.get(path),
        eve.patch(path, json={}, headers={"If-Match": "*"}),
        eve.delete(path),
        eve.post(f"{path}/rotate-secret"),
        eve.get(f"{path}/deliveries"),
        eve.post(f"{path}/deliveries/dlv_1/replay"),
    ):
        assert refusal(answer)[:2] == (404, "not_found")
    assert hooked.client("mentor").delete(path).status_code == 204
    hooked.mint(SESSION, "bo")
    hooked.mirror()
    assert send_all(hooked.parts) == 0


def test_an_account_has_so_many_endpoints_and_no_more(
    launched_chain: LiveChain, database: Engine, receiver: Receiver
) -> None:
    with live_api(launched_chain, database, **SETTINGS, max_webhook_endpoints=1) as live:
        register(live, receiver.url)
        body = {"url": receiver.url, "events": ALL}
        again = live.client("mentor").post("/v1/webhook-endpoints", json=body)
        assert refusal(again) == (409, "rule_violated", "webhook_endpoints_full")


def test_without_a_key_there_are_no_webhooks(live: Live, receiver: Receiver) -> None:
    body = {"url": receiver.url, "events": ALL}
    answer = live.client("mentor").post("/v1/webhook-endpoints", json=body)
    assert refusal(answer)[:2] == (503, "webhooks_off")


def test_the_log_comes_in_pages_the_newest_first(hooked: Live, receiver: Receiver) -> None:
    registered = register(hooked, receiver.url, events=["seat.moved"])
    hooked.mint(SESSION, "bo", quantity=2)
    hooked.mint(SESSION, "cleo")
    hooked.mirror()
    send_all(hooked.parts)
    whole = [one["delivery"] for one in log_of(hooked, registered)]
    paged, after = [], ""
    for _ in range(4):
        query = {"limit": "2"} | ({"after": after} if after else {})
        page = members(
            hooked.client("mentor").get(f"{path_of(registered)}/deliveries", params=query)
        )
        paged += [one["delivery"] for one in page["deliveries"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert (paged, len(whole)) == (whole, 3)


def test_whoever_sold_is_known_to_be_out_by_the_webhook_of_a_running_process(
    launched_chain: LiveChain, database: Engine, receiver: Receiver
) -> None:
    with served(launched_chain, database, **SETTINGS) as server:
        live = server.live
        seat = live.mint(SESSION, "bo")
        live.mirror()
        register(live, receiver.url, events=["access.revoked"])
        # The sender has looked at all there is.
        while enlist(live.parts):
            pass
        live.resell(seat, "bo", "ada")
        live.mirror()
        receiver.wait_for(1)
    assert receiver.got[0].message["data"]["account"] == address_of("bo")


def test_an_event_is_enlisted_once_however_many_look(hooked: Live, receiver: Receiver) -> None:
    register(hooked, receiver.url, events=["seat.moved"])
    hooked.mint(SESSION, "bo", quantity=2)
    hooked.mirror()

    async def together() -> None:
        await asyncio.gather(*(asyncio.to_thread(enlist, hooked.parts) for _ in range(4)))

    asyncio.run(together())
    with reading(hooked.parts.store) as connection:
        assert len(connection.execute(select(webhook_deliveries)).all()) == 2
