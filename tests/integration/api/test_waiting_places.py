"""Places in wait-lists: taking one, what is shown of it and to whom, and what ends it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import func, select

from api.store.waiting_tables import wait_places
from api.waiting import places as rooms
from api.waiting import reads
from api.waiting.values import COURTESY
from marketplace.storage.transactions import reading
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.trading import members, refusal
from tests.integration.api.waiting import (
    drop_with_turns,
    finalise,
    join,
    later,
    leave,
    minted,
    offered,
    path_of,
    place,
    shown,
    turn,
)
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.api.live import Live

PRACTICE: Final = 2
"""The phase in which the second tier is sold."""


def test_places_stand_in_the_order_in_which_they_were_taken(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    told = join(live, drop, "ada", "bo", "cleo")
    assert [one["place"]["ahead"] for one in told] == [0, 1, 2]
    assert [one["waiting"] for one in told] == [1, 2, 3]
    assert told[0]["place"] | {"joined_at": ""} == {
        "joined_at": "",
        "ahead": 0,
        "missed": 0,
        "missed_most": 2,
        "turn": None,
        "last_turn": None,
        "ended": None,
    }
    assert (told[0]["turn_s"], told[0]["open"], told[0]["courtesy"]) == (900, True, COURTESY)


def test_nobody_is_shown_any_account_but_their_own(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    for name in ("bo", "dan", "mentor", "deployer"):
        answer = live.client(name).get(path_of(drop))
        assert (members(answer)["waiting"], members(answer)["turns"]) == (2, 1)
        assert address_of("ada") not in answer.text
        assert address_of("ada").lower() not in answer.text.lower()
    nobody = members(live.api.get(path_of(drop)))
    assert (nobody["waiting"], nobody["place"]) == (2, None)


def test_an_account_has_one_place_and_keeps_it_by_asking_again(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    first, _ = join(live, drop, "ada", "bo")
    later(live, 60)
    (again,) = join(live, drop, "ada")
    assert again["place"] == first["place"]
    assert again["waiting"] == 2


def test_leaving_is_told_and_coming_again_is_a_new_place(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada", "bo")
    leave(live, drop, "ada")
    left = place(live, drop, "ada")
    assert (left["ahead"], left["ended"]["by"]) == (None, "left")
    assert datetime.fromisoformat(left["ended"]["at"]) == live.clock()
    # Leaving once more changes nothing.
    leave(live, drop, "ada")
    assert place(live, drop, "ada") == left
    (again,) = join(live, drop, "ada")
    assert (again["place"]["ahead"], again["place"]["ended"]) == (1, None)


def test_an_account_sees_all_its_places_and_what_ended_them(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada", "bo")
    later(live, 60)
    assert live.client("ada").put(f"{path_of(drop, 1)}/place").status_code == 200
    leave(live, drop, "ada")
    mine = members(live.client("ada").get("/v1/me/places"))["places"]
    assert [(one["drop"], one["tier"]) for one in mine] == [(drop, 1), (drop, 0)]
    assert [one["ended"] and one["ended"]["by"] for one in mine] == [None, "left"]
    assert members(live.client("cleo").get("/v1/me/places"))["places"] == []
    assert refusal(live.api.get("/v1/me/places")) == (401, "sign_in_required", None)


def test_places_that_are_held_are_shown_before_those_that_have_ended(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "MOST_SHOWN", 1)
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada")
    later(live, 60)
    members(live.client("ada").put(f"{path_of(drop, 1)}/place"))
    assert live.client("ada").delete(f"{path_of(drop, 1)}/place").status_code == 204
    told = members(live.client("ada").get("/v1/me/places"))["places"]
    assert [(one["tier"], one["ended"]) for one in told] == [(0, None)]


def test_who_has_such_a_seat_does_not_wait_for_one(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    minted(live, drop, "ada")
    refused = live.client("ada").put(f"{path_of(drop)}/place")
    assert refusal(refused) == (409, "seat_held", None)
    # Of another tier it may be.
    assert live.client("ada").put(f"{path_of(drop, 1)}/place").status_code == 200


def test_a_wait_list_that_is_full_says_so_and_takes_nobody(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_WAITING", 2)
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada", "bo")
    refused = live.client("cleo").put(f"{path_of(drop)}/place")
    assert refusal(refused) == (409, "wait_list_full", None)
    leave(live, drop, "ada")
    (came,) = join(live, drop, "cleo")
    assert came["place"]["ahead"] == 1


def test_an_account_has_so_many_places_at_most(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_PLACES", 1)
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada")
    refused = live.client("ada").put(f"{path_of(drop, 1)}/place")
    assert refusal(refused) == (409, "too_many_places", None)
    with reading(live.parts.store) as connection:
        assert connection.scalar(select(func.count()).select_from(wait_places)) == 1


@pytest.mark.parametrize("final", [False, True])
def test_a_place_that_a_seat_has_come_to_does_not_count_although_nobody_looks_there(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, final: bool
) -> None:
    monkeypatch.setattr(rooms, "MOST_PLACES", 1)
    second, first = drop_with_turns(live, tmp_path), drop_with_turns(live, tmp_path)
    join(live, first, "ada")
    full = live.client("ada").put(f"{path_of(second)}/place")
    assert refusal(full) == (409, "too_many_places", None)
    # Of another tier, and somebody else's: neither ends the place.
    live.mint(first, "ada", phase=PRACTICE)
    minted(live, first, "bo")
    full = live.client("ada").put(f"{path_of(second)}/place")
    assert refusal(full) == (409, "too_many_places", None)
    minted(live, first, "ada")
    if final:
        finalise(live)
    join(live, second, "ada")
    more = live.client("ada").put(f"{path_of(second, 1)}/place")
    assert refusal(more) == (409, "too_many_places", None)


def test_a_drop_without_turns_and_a_tier_that_is_not_there_have_no_wait_list(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    for path in (path_of(SESSION), path_of(COHORT), path_of(drop, 2)):
        assert refusal(live.client("ada").get(path)) == (404, "not_found", None)
        assert refusal(live.client("ada").put(f"{path}/place")) == (404, "not_found", None)
    assert refusal(live.client("ada").get(path_of(drop, 10)))[:2] == (422, "invalid_request")


def test_nobody_waits_without_being_signed_in(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    for answer in (
        live.api.put(f"{path_of(drop)}/place"),
        live.api.delete(f"{path_of(drop)}/place"),
        live.api.delete(f"{path_of(drop)}/turn", params={"seat": "1"}),
    ):
        assert refusal(answer) == (401, "sign_in_required", None)


def test_a_drop_that_is_over_ends_its_places_and_says_so(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    offered(live, "dan", seat)
    assert turn(live, drop, "ada") == str(seat)
    live.market.send("mentor", live.market.contract.cancel_drop(drop))
    live.mirror()
    over = members(live.client("ada").get(path_of(drop)))
    assert (over["open"], over["turns"]) == (False, 0)
    assert over["place"]["ended"] == {"by": "drop_over", "at": None}
    assert over["place"]["last_turn"]["by"] == "listing_gone"
    refused = live.client("bo").put(f"{path_of(drop)}/place")
    assert refusal(refused) == (409, "wait_list_closed", None)
    # A reorganisation that takes the cancelling back gives the place back.
    live.reorganise(1, 2)
    live.mirror()
    assert (place(live, drop, "ada")["ended"], turn(live, drop, "ada")) == (None, str(seat))


def test_a_mirror_that_is_behind_says_so_and_gives_no_turns(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada")
    live.clock.forward(3_600)
    for answer in (
        live.client("ada").get(path_of(drop)),
        live.client("ada").put(f"{path_of(drop)}/place"),
        live.client("ada").delete(f"{path_of(drop)}/place"),
    ):
        assert refusal(answer)[:2] == (503, "mirror_behind")
    live.mirror()
    assert place(live, drop, "ada")["ahead"] == 0
    assert shown(live, drop) == []
