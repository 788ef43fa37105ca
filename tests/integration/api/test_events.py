"""Streams of events, from the chain to a client's socket."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, update

from api.app import create_app
from api.logs import FAULTS
from api.push.breaths import BREATH_S
from api.push.feeds import PAGE, Feed, Seen
from indexer.queries import mirror_status
from indexer.store.tables import checkpoints, outbox
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.storage.canonical import encode
from marketplace.storage.transactions import reading, writing
from tests.integration.api.everybody import key_of
from tests.integration.api.hearing import Served, another, heard_from, served, statuses_from
from tests.integration.api.live import COHORT, SESSION, Live, live_api
from tests.integration.api.staging import listening
from tests.integration.api.trading import members
from tests.integration.marketplace.world import address_of
from tests.unit.api.push.jumping import run_jumping

if TYPE_CHECKING:
    import http.client
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from marketplace.storage.canonical import Canonical
    from tests.integration.api.live import LiveChain


@pytest.fixture
def server(launched_chain: LiveChain, database: Engine) -> Iterator[Served]:
    with served(launched_chain, database) as found:
        found.live.mirror()
        yield found


def code_in(answer: http.client.HTTPResponse) -> tuple[int, str]:
    return answer.status, str(json.loads(answer.read())["code"])


def test_what_the_chain_says_is_told_in_order_and_as_soon_as_it_is_mirrored(
    server: Served,
) -> None:
    with server.hear() as heard:
        begun = heard.opened()
        seat = server.live.mint(SESSION, "bo")
        server.live.mirror()
        told = heard.until("Transfer")
        server.live.resell(seat, "bo", "ada")
        server.live.mirror()
        told += heard.until("Transfer")
    assert [one["seq"] for one in told] == list(range(begun + 1, begun + 1 + len(told)))
    assert {one["kind"] for one in told} == {"apply"}
    moved = told[-1]
    assert (moved["topic"], moved["drop"], moved["seat"]) == ("seat", SESSION, str(seat))
    assert moved["arguments"]["from"] == address_of("bo")
    assert moved["arguments"]["to"] == address_of("ada")
    sold = next(one for one in told if one["event"] == "SeatSold")
    assert sold["arguments"]["price"] == str(4 * 10**16)
    head = server.live.market.web3.eth.get_block("latest")
    assert moved["block_hash"] == f"0x{bytes(head['hash']).hex()}"


def test_a_reorganisation_is_told_in_the_reverse_order(server: Served) -> None:
    with server.hear() as heard:
        heard.opened()
        seat = server.live.mint(SESSION, "bo")
        server.live.mirror()
        told = heard.until("Transfer")
        server.live.reorganise(1, 2)
        server.live.mirror()
        retracted = heard.until(told[0]["event"])
    assert {one["kind"] for one in retracted} == {"retract"}
    assert [one["event"] for one in retracted] == [one["event"] for one in reversed(told)]
    assert [one["block_hash"] for one in retracted] == [one["block_hash"] for one in told]
    assert retracted[0]["arguments"]["id"] == str(seat)


@pytest.mark.parametrize("how", ["header", "query", "both"])
def test_who_comes_back_gets_exactly_what_follows(server: Served, how: str) -> None:
    with server.hear() as heard:
        begun = heard.opened()
        server.live.mint(SESSION, "bo")
        server.live.mirror()
        first = heard.until("Transfer")
    # Nobody listens meanwhile.
    server.live.mint(SESSION, "cleo")
    server.live.mirror()
    last = str(first[-1]["seq"])
    path = {"header": "/v1/events", "query": f"/v1/events?after={last}"}.get(
        how, f"/v1/events?after={begun}"
    )
    headers = {} if how == "query" else {"Last_Event_ID": last}
    with server.hear(path, **headers) as heard:
        assert heard.opened() == int(last)
        second = heard.until("Transfer")
    numbers = [one["seq"] for one in first + second]
    assert numbers == list(range(begun + 1, begun + 1 + len(numbers)))
    assert second[-1]["arguments"]["to"] == address_of("cleo")


def test_another_process_goes_on_where_one_was_left(server: Served) -> None:
    with server.hear() as heard, another(server) as other, other.hear() as beside:
        begun = heard.opened()
        assert beside.opened() == begun
        server.live.mint(SESSION, "bo")
        server.live.mirror()
        first = heard.until("Transfer")
        # Both are told, each by its own bell.
        assert beside.until("Transfer") == first
        server.live.mint(SESSION, "cleo")
        server.live.mirror()
        with other.hear(Last_Event_ID=str(first[-1]["seq"])) as moved:
            second = moved.until("Transfer")
    assert [one["seq"] for one in first + second] == list(
        range(begun + 1, begun + 1 + len(first + second))
    )


def test_filters_leave_out_others_and_move_the_number_on(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database, stream_look_s=0.2, stream_beat_s=0.1) as server:
        live = server.live
        live.mirror()
        seat = live.mint(SESSION, "bo")
        live.mirror()
        path = f"/v1/events?drop={SESSION}&seat={seat}"
        with server.hear(path) as heard:
            begun = heard.opened()
            live.mint(COHORT, "bo")
            live.mint(SESSION, "cleo")
            live.mirror()
            with reading(database) as connection:
                newest = mirror_status(connection, live.parts.mirror_id).next_seq - 1
            assert newest > begun
            while heard.last_id != newest:
                found = heard.block()
                assert found is not None
                assert "data" not in found
            assert heard.alive > 1
            live.resell(seat, "bo", "ada")
            live.mirror()
            told = heard.until("Transfer")
        assert {one["seat"] for one in told} == {str(seat)}


def test_what_is_not_kept_any_more_is_said_to_be_gone(server: Served) -> None:
    live = server.live
    for name in ("bo", "cleo"):
        live.mint(SESSION, name)
        live.mirror()
    with writing(live.parts.reads) as connection:
        last = mirror_status(connection, live.parts.mirror_id).next_seq - 1
        connection.execute(delete(outbox).where(outbox.c.seq <= 2))
    for after in (0, 1, last + 1):
        answer = live.api.get("/v1/events", params={"after": after})
        assert answer.status_code == 410
        assert (answer.json()["code"], answer.json()["go_on_after"]) == ("events_gone", last)
    with server.hear("/v1/events?after=2") as heard:
        assert heard.opened() == 2
        first = heard.event()
        assert first is not None
        assert first["seq"] == 3
    with server.hear(f"/v1/events?after={last}") as heard:
        assert heard.opened() == last


def test_before_history_is_there_nothing_is_told(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database) as server, server.ask("/v1/events") as answer:
        assert code_in(answer) == (503, "mirror_missing")
        assert answer.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    "path", ["/v1/events?after=-1", "/v1/events?after=1.0", "/v1/events?seat=x", "/v1/events?a=1"]
)
def test_a_question_that_does_not_fit_is_refused(server: Served, path: str) -> None:
    with server.ask(path) as answer:
        assert code_in(answer) == (422, "invalid_request")


def test_my_stream_tells_what_concerns_my_seats_and_ends_with_my_session(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database, stream_look_s=0.2) as server:
        live = server.live
        seat = live.mint(SESSION, "bo")
        live.mirror()
        with server.hear("/v1/me/events", "bo") as heard:
            heard.opened()
            live.mint(SESSION, "cleo")
            live.mint(COHORT, "dan")
            live.mirror()
            live.resell(seat, "bo", "ada")
            live.mirror()
            told = heard.until("Transfer")
            assert {one["seat"] for one in told} == {str(seat)}
            assert told[-1]["arguments"]["from"] == address_of("bo")
            assert live.client("bo").post("/v1/auth/sign-out").status_code == 204
            # Whatever comes now is not for somebody who has signed out.
            live.mint(SESSION, "bo")
            live.mirror()
            assert heard.event() == {"reason": "session_ended"}
            assert heard.event() is None
        with server.ask("/v1/me/events", "bo") as answer:
            assert code_in(answer) == (401, "session_ended")
        with server.ask("/v1/me/events") as answer:
            assert code_in(answer) == (401, "sign_in_required")


def test_a_program_hears_what_concerns_its_account_until_its_key_ends(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database, stream_look_s=0.2) as server:
        live = server.live
        seat = live.mint(SESSION, "bo")
        live.mirror()
        made = key_of(live.client("bo"), "events:read")
        shown = f"Bearer {made['key']}"
        with server.hear("/v1/me/events", Authorization=shown) as heard:
            heard.opened()
            live.mint(SESSION, "cleo")
            live.mirror()
            live.resell(seat, "bo", "ada")
            live.mirror()
            assert {one["seat"] for one in heard.until("Transfer")} == {str(seat)}
            assert live.client("bo").delete(f"/v1/api-keys/{made['id']}").status_code == 204
            live.mint(SESSION, "bo")
            live.mirror()
            assert heard.event() == {"reason": "api_key_ended"}
            assert heard.event() is None
        with server.ask("/v1/me/events", Authorization=shown) as answer:
            assert code_in(answer) == (401, "api_key_ended")


def test_a_key_that_is_limited_or_for_something_else_hears_nothing(server: Served) -> None:
    mentor = server.live.client("mentor")
    wish = {"name": "Ears", "scopes": ["events:read"], "drops": [SESSION], "expires_in_s": 60}
    limited = members(mentor.post("/v1/api-keys", json=wish), 201)
    for made, cause in (
        (limited, "key_limited"),
        (key_of(mentor, "access:check"), "scope_missing"),
    ):
        shown = f"Bearer {made['key']}"
        with server.ask("/v1/me/events", Authorization=shown) as answer:
            assert answer.status == 403
            assert json.loads(answer.read())["cause"] == cause


def test_a_server_that_ends_tells_its_readers_when_to_come_back(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database) as server:
        server.live.mirror()
        hearing = server.hear()
        heard = hearing.__enter__()
        begun = heard.opened()
    # The server has ended, and did not have to be forced.
    assert heard.event() == {"reason": "restart"}
    assert heard.event() is None
    assert heard.last_id == begun
    assert heard.retry_ms is not None
    assert 1_000 <= heard.retry_ms < 5_000
    hearing.__exit__(None, None, None)


def test_one_address_opens_so_many_streams_and_no_more(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database, max_streams_of_one=2) as server:
        server.live.mirror()
        with server.hear() as one:
            one.opened()
            with server.hear() as other:
                other.opened()
                with server.ask("/v1/events") as answer:
                    assert code_in(answer) == (429, "streams_busy")
                    assert answer.headers["retry-after"] == "30"
        # The server notices soon that they have left.
        for _ in range(1_000):
            with server.ask("/v1/events") as answer:
                if answer.status == 200:
                    break
        else:
            raise AssertionError("nobody is let in again")


def test_customers_of_one_network_have_one_share_of_the_streams(
    launched_chain: LiveChain, database: Engine
) -> None:
    hosts = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "192.0.2.7", "::ffff:192.0.2.7"]
    with live_api(launched_chain, database, max_streams_of_one=1) as live:
        live.mirror()
        found = asyncio.run(statuses_from(create_app(live.parts), hosts))
    assert found == [200, 429, 200, 200, 429]


def test_where_addresses_are_left_out_streams_count_for_accounts_alone(
    launched_chain: LiveChain, database: Engine
) -> None:
    bounds = {"max_streams": 4, "max_streams_of_one": 1, "limit_addresses": False}
    with served(launched_chain, database, **bounds) as server, ExitStack() as heard:
        server.live.mirror()
        for name in ("ada", "bo", None, None):
            heard.enter_context(server.hear(name=name)).opened()
            if name is not None:
                with server.ask("/v1/events", name) as answer:
                    assert code_in(answer) == (429, "streams_busy")
        # Nobody's are bounded by what there is.
        with server.ask("/v1/events") as answer:
            assert code_in(answer) == (429, "streams_busy")


def crowded(live: Live, count: int) -> None:
    """Put so many messages of 20 kilobytes into the outbox."""
    mirror = live.parts.mirror_id
    with writing(live.parts.reads) as connection:
        begun = connection.scalar(select(checkpoints.c.next_seq)) or 0
        payload: dict[str, Canonical] = {
            "address": address_of("bo"),
            "arguments": {"drop": 1, "mentor": address_of("bo"), "words": ["0x" + "ab" * 10_000]},
            "event": "DropCreated",
            "log_index": 0,
            "tx_hash": "0x" + "cd" * 32,
        }
        rows = [
            {
                **mirror.columns,
                "seq": seq,
                "kind": "apply",
                "block_number": 1,
                "block_hash": "0x" + "ab" * 32,
                "payload": encode(payload),
            }
            for seq in range(begun, begun + count)
        ]
        connection.execute(insert(outbox), rows)
        connection.execute(update(checkpoints).values(next_seq=begun + count))


def test_a_reader_who_takes_nothing_is_cut_and_not_read_for(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database, stream_look_s=0.2, stream_stalled_s=1) as server:
        server.live.mirror()
        with listening(FAULTS) as heard, server.hear() as slow, server.hear() as quick:
            slow.opened()
            begun = quick.opened()
            crowded(server.live, 1_000)
            # Who reads is not held up by who does not.
            numbers = [event["seq"] for _ in range(1_000) if (event := quick.event())]
            heard.wait_for("its reader took nothing")
        assert numbers == list(range(begun + 1, begun + 1_001))


def test_who_is_told_nothing_reads_the_outbox_with_a_breath_between_two_pages(
    launched_chain: LiveChain, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looks = Feed.look, 0

    async def read() -> float:
        loop, leaving = asyncio.get_running_loop(), asyncio.Event()

        def look(feed: Feed, after: int) -> Seen:
            nonlocal looks
            looks += 1
            seen = real(feed, after)
            if not seen.more:
                loop.call_soon_threadsafe(leaving.set)
            return seen

        monkeypatch.setattr(Feed, "look", look)
        query = f"after=0&seat={SeatId.of(DropId(99), TierIndex(0), 1)}"
        assert await heard_from(create_app(live.parts), query, leaving) == 200
        return loop.time()

    with live_api(launched_chain, database, stream_look_s=60) as live:
        live.mirror()
        crowded(live, 10 * PAGE)
        took_s = run_jumping(read())
    assert looks > 10
    assert took_s >= (looks - 1) * BREATH_S * 0.999
