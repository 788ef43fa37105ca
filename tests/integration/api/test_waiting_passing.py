"""How turns end: passed on, once or twice, or missed, by a mirror that may not know enough yet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from api.waiting import settling
from marketplace.storage.errors import DatabaseLockedError
from tests.integration.api.trading import refusal
from tests.integration.api.waiting import (
    TURN_S,
    drop_with_turns,
    join,
    later,
    minted,
    offered,
    pass_on,
    path_of,
    place,
    shown,
    turn,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from marketplace.domain.ids import DropId
    from tests.integration.api.live import Live


def test_passing_on_once_more_throws_no_other_turn_away(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    seat, other = minted(live, drop, "dan", "eve")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    assert pass_on(live, drop, "ada", seat).status_code == 204
    offered(live, "eve", other)
    assert turn(live, drop, "ada") == str(other)
    # As a client sends it again whose answer was lost, or a second window of the same person.
    again = pass_on(live, drop, "ada", seat)
    assert refusal(again) == (404, "not_found", None)
    assert [turn(live, drop, name) for name in ("ada", "bo")] == [str(other), str(seat)]


def test_a_turn_of_another_account_or_of_no_seat_at_all_is_not_passed_on(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    seat, other = minted(live, drop, "dan", "eve")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    offered(live, "eve", other)
    for named in (other, 4242, 2**256 - 1):
        assert refusal(pass_on(live, drop, "ada", named)) == (404, "not_found", None)
    in_another_tier = live.client("ada").delete(
        f"{path_of(drop, 1)}/turn", params={"seat": str(seat)}
    )
    assert refusal(in_another_tier) == (404, "not_found", None)
    assert [turn(live, drop, name) for name in ("ada", "bo")] == [str(seat), str(other)]


@pytest.mark.parametrize("query", [{}, {"seat": ""}, {"seat": "all"}, {"seat": "-1"}])
def test_which_turn_is_passed_on_must_be_said(
    live: Live, tmp_path: Path, query: dict[str, str]
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    offered(live, "dan", seat)
    answer = live.client("ada").delete(f"{path_of(drop)}/turn", params=query)
    assert refusal(answer)[:2] == (422, "invalid_request")
    assert turn(live, drop, "ada") == str(seat)


def passing(live: Live, drop: DropId, seat: int) -> httpx.Response:
    return pass_on(live, drop, "ada", seat)


def leaving(live: Live, drop: DropId, seat: int) -> httpx.Response:
    del seat
    return live.client("ada").delete(f"{path_of(drop)}/place")


@pytest.mark.parametrize("giving_up", [passing, leaving])
def test_what_was_given_up_is_not_called_undone_because_nobody_could_be_next_yet(
    live: Live,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    giving_up: Callable[[Live, DropId, int], httpx.Response],
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    with monkeypatch.context() as patched:
        patched.setattr(settling, "settle", locked)
        assert giving_up(live, drop, seat).status_code == 204
    assert "waits for the next look" in caplog.text
    assert turn(live, drop, "bo") == str(seat)
    assert turn(live, drop, "ada") is None


def test_a_listing_that_came_is_not_called_refused_because_nobody_could_be_next_yet(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    with monkeypatch.context() as patched:
        patched.setattr(settling, "settle", locked)
        listing = offered(live, "dan", seat)
    assert shown(live, drop, "ada") == [listing]


def test_where_nothing_can_be_written_a_wait_list_is_shown_as_it_is_stored(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    with monkeypatch.context() as patched:
        patched.setattr(settling, "_written", locked)
        offered(live, "dan", seat)
        told = place(live, drop, "ada")
        assert (told["ahead"], told["turn"]) == (0, None)
    assert turn(live, drop, "ada") == str(seat)


def test_what_was_sold_in_time_is_not_missed_although_the_mirror_learns_of_it_later(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    later(live, TURN_S - 10)
    live.resell(seat, "dan", "cleo")
    ends_at = place(live, drop, "ada")["turn"]["ends_at"]
    live.clock.ahead += datetime.fromisoformat(ends_at) - live.clock()
    told = place(live, drop, "ada")
    assert (told["turn"]["seat"], told["missed"]) == (str(seat), 0)
    # What may have been missed cannot be passed on any more.
    assert refusal(pass_on(live, drop, "ada", seat)) == (404, "not_found", None)
    live.mirror()
    told = place(live, drop, "ada")
    assert (told["ahead"], told["missed"], told["last_turn"]["by"]) == (0, 0, "listing_gone")


def test_a_turn_that_has_run_out_is_missed_once_the_mirror_knows_of_its_end(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    later(live, TURN_S - 5)
    live.clock.forward(10)
    assert [turn(live, drop, name) for name in ("ada", "bo")] == [str(seat), None]
    # It says so after having been away for long, too.
    live.clock.forward(3_600)
    live.mirror()
    assert [turn(live, drop, name) for name in ("ada", "bo")] == [None, str(seat)]
    assert place(live, drop, "ada")["missed"] == 1


def locked(*_: object, **__: object) -> None:
    raise DatabaseLockedError("store")
