"""Who is told to leave a room, from the chain to the room's socket."""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from api.rooms import watching
from marketplace.storage.transactions import writing
from tests.integration.api.hearing import another
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.presences import (
    GUESTS,
    PRESENCES,
    ROOM,
    Room,
    admitted,
    elsewhere,
    heard_by,
    key_for,
    opened,
    renewed,
    told,
    until,
)
from tests.integration.api.trading import members
from tests.integration.api.world import code_of
from tests.integration.marketplace.world import address_of
from tests.integration.plans import ends_to_end, plans_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    from tests.databases import Databases
    from tests.integration.api.live import LiveChain

OUT_WITHIN_S: Final = 5


@pytest.fixture
def room(launched_chain: LiveChain, database: Engine) -> Iterator[Room]:
    with opened(launched_chain, database) as found:
        yield found


@pytest.fixture
def looking(launched_chain: LiveChain, database: Engine) -> Iterator[Room]:
    """The same, with streams that look by themselves too."""
    with opened(launched_chain, database, stream_look_s=0.2) as found:
        yield found


@pytest.mark.parametrize("happens", [Room.sell, Room.give])
def test_whoever_loses_the_seat_is_told_to_leave_within_seconds_of_the_block(
    room: Room, happens: Callable[[Room, str], None]
) -> None:
    live = room.live
    bos, cleos = admitted(live, "bo"), admitted(live, "cleo")
    with heard_by(room.server, key_for(live)) as heard:
        assert [name for name, _ in until(heard, "level")] == ["level"]
        happens(room, "bo")
        head = live.mirror()
        mirrored_at = monotonic()
        name, data = told(heard)
        waited = monotonic() - mirrored_at
    assert (name, data["why"]) == ("leave", "denied")
    assert data["admission_id"] == bos["admission_id"]
    assert data["decision"]["reason"] == "no_seat"
    assert data["decision"]["as_of_block"] == head
    assert waited < OUT_WITHIN_S
    # Every process is agreed: the room's next renewal is refused, and cleo stays.
    assert code_of(renewed(live, bos)) == "admission_ended"
    assert renewed(live, cleos).status_code == 200
    assert admitted(live, "ada")["seat"] == str(room.seats["bo"])


def test_a_delegate_whose_delegation_is_revoked_is_told_to_leave(room: Room) -> None:
    live = room.live
    seat = room.seats["bo"]
    live.delegate(seat, "bo", "treasury")
    live.mirror()
    lent = admitted(live, "treasury")
    with heard_by(room.server, key_for(live)) as heard:
        until(heard, "level")
        live.delegate(seat, "bo", "treasury", enable=False)
        live.mirror()
        mirrored_at = monotonic()
        name, data = told(heard)
    assert (name, data["admission_id"]) == ("leave", lent["admission_id"])
    assert monotonic() - mirrored_at < OUT_WITHIN_S


def test_a_co_host_who_is_removed_is_told_to_leave_though_no_block_says_it(
    looking: Room,
) -> None:
    live = looking.live
    path = f"/v1/drops/{SESSION}/co-hosts/{address_of('resolver')}"
    assert live.client("mentor").put(path).status_code == 200
    helping, mentors = admitted(live, "resolver"), admitted(live, "mentor")
    with heard_by(looking.server, key_for(live)) as heard:
        until(heard, "level")
        assert live.client("mentor").delete(path).status_code == 204
        name, data = told(heard)
    assert (name, data["admission_id"]) == ("leave", helping["admission_id"])
    assert renewed(live, mentors).status_code == 200


def test_who_was_told_to_leave_stays_out_when_a_reorganisation_undoes_the_sale(
    room: Room,
) -> None:
    live = room.live
    before = admitted(live, "bo")
    with heard_by(room.server, key_for(live)) as heard:
        until(heard, "level")
        room.sell("bo")
        live.mirror()
        assert told(heard)[1]["admission_id"] == before["admission_id"]
        live.reorganise(1, 2)
        live.mirror()
        assert code_of(renewed(live, before)) == "admission_ended"
        again = admitted(live, "bo")
        assert again["admission_id"] != before["admission_id"]
        assert renewed(live, again).status_code == 200
        # Only what happens next is told.
        room.sell("bo")
        live.mirror()
        leaves = [data for name, data in until(heard, "leave") if name == "leave"]
    assert [one["admission_id"] for one in leaves] == [again["admission_id"]]


def test_who_came_in_at_one_process_is_told_to_leave_by_another_and_refused_by_both(
    room: Room,
) -> None:
    live = room.live
    with another(room.server) as other, httpx.Client(base_url=other.url, timeout=20) as there:
        key = key_for(live)
        bos = admitted(live, "bo", at=there)
        with heard_by(room.server, key) as heard, heard_by(other, key) as beside:
            until(heard, "level")
            until(beside, "level")
            room.sell("bo")
            live.mirror()
            # Each room hears it, whichever of the two has ended the admission.
            for one in (heard, beside):
                name, data = told(one)
                assert (name, data["admission_id"]) == ("leave", bos["admission_id"])
                assert data["why"] == "denied"
        assert code_of(renewed(live, bos, at=there)) == "admission_ended"
        assert code_of(renewed(live, bos)) == "admission_ended"


def test_a_process_that_lacks_the_block_of_a_purchase_tells_no_buyer_to_leave(
    looking: Room, launched_chain: LiveChain, databases: Databases
) -> None:
    live = looking.live
    with (
        elsewhere(launched_chain, looking, databases) as (other, follow),
        httpx.Client(base_url=other.url, timeout=20) as there,
    ):
        looking.sell("bo")
        live.mirror()
        adas = admitted(live, "ada")
        ticket = members(live.client("ada").post(f"{ROOM}/join"), 201)["ticket"]
        with heard_by(other, key_for(live)) as heard:
            name, data = told(heard)
            assert (name, data.get("reason")) == ("behind", "mirror_behind")
            assert code_of(renewed(live, adas, at=there)) == "mirror_behind"
            came = there.post("/v1/admissions", json={"ticket": ticket})
            assert code_of(came) == "mirror_behind"
            follow()
            assert [name for name, _ in until(heard, "level")] == ["level"]
        assert renewed(live, adas, at=there).status_code == 200


def test_while_nothing_is_known_the_room_is_told_to_keep_everybody(looking: Room) -> None:
    live = looking.live
    bos = admitted(live, "bo")
    with heard_by(looking.server, key_for(live)) as heard:
        until(heard, "level")
        looking.sell("bo")
        # The sale is not mirrored, and what is was level too long ago.
        live.clock.forward(20)
        name, data = told(heard)
        assert (name, data["do"]) == ("behind", "keep_until_lease_ends")
        assert data["reason"] == data["decision"]["reason"] == "mirror_lags"
        assert code_of(renewed(live, bos)) == "mirror_behind"
        live.mirror()
        assert [name for name, _ in until(heard, "level")] == ["leave", "level"]


def test_a_lease_that_ends_while_nothing_is_known_is_told(looking: Room) -> None:
    live = looking.live
    bos = admitted(live, "bo")
    with heard_by(looking.server, key_for(live)) as heard:
        until(heard, "level")
        live.clock.forward(40)
        events = dict([told(heard), told(heard)])
    assert events["leave"] == {
        "admission_id": bos["admission_id"],
        "why": "lapsed",
        "decision": None,
    }
    assert events["behind"]["reason"] == "mirror_lags"


def test_a_lease_whose_end_another_stream_writes_down_at_that_moment_is_told_by_both(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However late both come to look."""
    live = room.live
    bos = admitted(live, "bo")
    door = watching.Door(live.parts, SESSION, 1, key_for(live))
    key, _ = door.room(door.shown())
    one, other = watching.Watch(door, key), watching.Watch(door, key)
    heard = {watch: watch.look().text for watch in (one, other)}
    assert not any(bos["admission_id"] in text for text in heard.values())
    live.clock.forward(120)

    def raced(store: Engine) -> AbstractContextManager[Connection]:
        monkeypatch.setattr(watching, "writing", writing)
        heard[other] += other.look().text
        return writing(store)

    monkeypatch.setattr(watching, "writing", raced)
    for _ in range(2):
        heard[one] += one.look().text
    assert [text.count(bos["admission_id"]) for text in heard.values()] == [1, 1]


def test_a_room_that_was_away_is_told_of_everybody_who_has_to_leave(room: Room) -> None:
    live = room.live
    key = key_for(live)
    gone = {name: admitted(live, name) for name in GUESTS}
    with heard_by(room.server, key) as heard:
        until(heard, "level")
    # Nobody listens meanwhile: one sells, one sells and is found out, one comes in elsewhere.
    room.sell("bo")
    room.sell("cleo")
    live.mirror()
    assert code_of(renewed(live, gone["cleo"])) == "access_denied"
    stays = admitted(live, "dan")
    for _ in range(2):
        # Whoever comes back again is told again: nothing is remembered of rooms.
        with heard_by(room.server, key) as heard:
            *leaves, level = until(heard, "level")
        assert level[0] == "level"
        why = {data["admission_id"]: data["why"] for name, data in leaves if name == "leave"}
        assert why == {
            gone["bo"]["admission_id"]: "denied",
            gone["cleo"]["admission_id"]: "denied",
            gone["dan"]["admission_id"]: "replaced",
        }
    assert renewed(live, stays).status_code == 200
    assert renewed(live, gone["eve"]).status_code == 200


def test_who_comes_in_and_is_replaced_between_two_looks_is_told_of(looking: Room) -> None:
    live = looking.live
    with heard_by(looking.server, key_for(live)) as heard:
        until(heard, "level")
        phone, laptop = admitted(live, "bo"), admitted(live, "bo")
        name, data = told(heard)
    assert (name, data["admission_id"], data["why"]) == (
        "leave",
        phone["admission_id"],
        "replaced",
    )
    assert renewed(live, laptop).status_code == 200


def test_a_room_that_is_fuller_than_a_page_is_told_of_all_of_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PAGE", 2)
    live = room.live
    inside = {name: admitted(live, name)["admission_id"] for name in GUESTS}
    with heard_by(room.server, key_for(live)) as heard:
        until(heard, "level")
        for name in GUESTS:
            room.sell(name)
        live.mirror()
        leaves = {told(heard)[1]["admission_id"] for _ in range(4)}
    assert leaves == {inside[name] for name in GUESTS}


def test_a_stream_ends_with_its_key(looking: Room) -> None:
    live = looking.live
    key = key_for(live)
    with heard_by(looking.server, key) as heard:
        until(heard, "level")
        (made,) = live.client("mentor").get("/v1/api-keys").json()["keys"]
        assert live.client("mentor").delete(f"/v1/api-keys/{made['id']}").status_code == 204
        assert told(heard) == ("end", {"reason": "api_key_ended"})
        assert heard.block() is None


def test_only_a_key_of_this_drop_for_checks_may_listen(room: Room) -> None:
    live = room.live
    refused = {
        key_for(live, "eve"): (403, "mentor_required"),
        key_for(live, drops=[COHORT]): (403, "api_key_refused"),
        key_for(live, scopes=["events:read"]): (403, "api_key_refused"),
        key_for(live, scopes=["events:read", "recordings:write"]): (403, "api_key_refused"),
    }
    for key, wanted in refused.items():
        with room.server.ask(PRESENCES, Authorization=f"Bearer {key}") as answer:
            assert (answer.status, json.loads(answer.read())["code"]) == wanted
    for name in (None, "mentor"):
        with room.server.ask(PRESENCES, name) as answer:
            assert json.loads(answer.read())["code"] == "api_key_required"
    good = key_for(live, drops=[SESSION])
    for path in (f"/v1/drops/{SESSION}/sessions/9/presences", "/v1/drops/99/sessions/1/presences"):
        with room.server.ask(path, Authorization=f"Bearer {good}") as answer:
            assert json.loads(answer.read())["code"] == "not_found"
    with heard_by(room.server, good) as heard:
        until(heard, "level")


def test_one_account_has_so_many_streams_of_rooms_and_takes_nobody_elses(
    launched_chain: LiveChain, database: Engine
) -> None:
    changes = {"max_room_streams_of_one": 1, "max_streams": 1}
    with opened(launched_chain, database, **changes) as room:
        live = room.live
        keys = [key_for(live), key_for(live)]
        with room.server.hear() as public, heard_by(room.server, keys[0]) as heard:
            public.opened()
            until(heard, "level")
            with room.server.ask(PRESENCES, Authorization=f"Bearer {keys[1]}") as answer:
                assert json.loads(answer.read())["code"] == "streams_busy"


def test_a_look_at_a_room_reads_no_table_from_end_to_end(room: Room) -> None:
    live = room.live
    for name in GUESTS:
        admitted(live, name)
    room.sell("bo")
    live.mirror()
    door = watching.Door(live.parts, SESSION, 1, key_for(live))
    key, _ = door.room(door.shown())
    looked: list[str] = []
    told_of = plans_of(
        live.parts.store, lambda: looked.append(watching.Watch(door, key).look().text)
    )
    assert looked[0].count("event: leave") == 1
    assert any("admissions_of_a_room" in line for line in told_of)
    # Rows that an index gave are walked through, and no table.
    assert not ends_to_end(told_of, r"held|found|owners|places|asked|\(subquery")
