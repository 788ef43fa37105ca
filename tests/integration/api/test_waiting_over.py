"""Places of drops that are over, and of drops whose numbers are others' by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.waiting import places as rooms
from tests.integration.api.live import EXAMPLES, launch
from tests.integration.api.trading import Members, members, refusal
from tests.integration.api.waiting import drop_with_turns, join, leave, path_of, place

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from marketplace.domain.ids import DropId
    from tests.integration.api.live import Live

OVER: Final = {"by": "drop_over", "at": None}


def cancel(live: Live, drop: DropId) -> None:
    live.market.send("mentor", live.market.contract.cancel_drop(drop))
    live.mirror()


def ends(live: Live, name: str) -> dict[int, Members | None]:
    """What has ended each place of an account, by the drop's number."""
    told = members(live.client(name).get("/v1/me/places"))["places"]
    return {one["drop"]: one["ended"] for one in told}


def test_places_of_drops_that_are_over_do_not_count_and_are_told_as_ended(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_PLACES", 1)
    second, first = drop_with_turns(live, tmp_path), drop_with_turns(live, tmp_path)
    join(live, first, "ada")
    full = live.client("ada").put(f"{path_of(second)}/place")
    assert refusal(full) == (409, "too_many_places", None)
    cancel(live, first)
    join(live, second, "ada")
    assert ends(live, "ada") == {first: OVER, second: None}
    # A reorganisation takes the cancelling back, and with it what it had ended.
    live.reorganise(1, 2)
    live.mirror()
    assert ends(live, "ada") == {first: None, second: None}
    more = live.client("ada").put(f"{path_of(second, 1)}/place")
    assert refusal(more) == (409, "too_many_places", None)


def test_places_of_drops_that_are_over_have_a_bound_too_and_can_be_left(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_SHOWN", 1)
    second, first = drop_with_turns(live, tmp_path), drop_with_turns(live, tmp_path)
    join(live, first, "ada")
    cancel(live, first)
    full = live.client("ada").put(f"{path_of(second)}/place")
    assert refusal(full) == (409, "too_many_places", None)
    leave(live, first, "ada")
    join(live, second, "ada")
    ended = ends(live, "ada")[first]
    assert ended is not None
    assert ended["by"] == "left"


def test_a_place_can_be_left_although_another_drop_has_the_number(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada", "bo")
    live.reorganise(1, 2)
    live.mirror()
    # While nothing has the number, the place can be left as well.
    leave(live, drop, "bo")
    assert refusal(live.client("bo").delete(f"{path_of(drop)}/place"))[:2] == (404, "not_found")

    another, file = launch(live.market, EXAMPLES / "drop-session.toml")
    assert another == drop
    live.files[another] = file
    live.publish()
    live.mirror()
    assert refusal(live.client("ada").get(path_of(drop))) == (404, "not_found", None)
    assert ends(live, "ada") == {drop: OVER}
    leave(live, drop, "ada")
    ended = ends(live, "ada")[drop]
    assert ended is not None
    assert ended["by"] == "left"


def test_leaving_one_drop_leaves_the_one_too_that_had_its_number(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada")
    live.reorganise(1, 2)
    live.market.steering.travel(live.market.now + 60)
    assert drop_with_turns(live, tmp_path) == drop
    told = members(live.client("ada").get("/v1/me/places"))["places"]
    assert [one["ended"] for one in told] == [OVER]
    join(live, drop, "ada")
    leave(live, drop, "ada")
    told = members(live.client("ada").get("/v1/me/places"))["places"]
    assert [one["ended"]["by"] for one in told] == ["left", "left"]
    assert place(live, drop, "ada")["ended"]["by"] == "left"
