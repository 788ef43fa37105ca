"""Wait-lists when several come at once, and when the chain takes back what had happened."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from api.store.waiting_tables import wait_places, wait_turns
from api.waiting import places as rooms
from api.waiting import settling
from api.waiting.planning import planned
from api.waiting.settling import settle, wait_list_of
from api.waiting.writes import Writer
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import live_api
from tests.integration.api.trading import ask_to_buy, members, refusal, send
from tests.integration.api.waiting import (
    BEAT_S,
    TURN_S,
    drop_with_turns,
    finalise,
    join,
    later,
    minted,
    offered,
    path_of,
    place,
    shown,
    turn,
)
from tests.integration.api.world import browser
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    import httpx
    import pytest
    from sqlalchemy import Engine

    from api.parts import Parts
    from api.waiting.planning import Step
    from api.waiting.values import Kept, Mirrored
    from marketplace.domain.ids import DropId
    from tests.integration.api.live import Live, LiveChain

WORKERS: Final = 6


def at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """Send requests at the same moment; the answers in the order of the calls."""
    start = Barrier(len(calls))

    def sent(call: Callable[[], httpx.Response]) -> httpx.Response:
        start.wait(20)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(sent, calls))


def buying(live: Live, name: str, listing: str) -> Callable[[], httpx.Response]:
    client = live.client(name)
    return lambda: ask_to_buy(live, name, listing, client)


def another_worker(live: Live, name: str, ahead: timedelta) -> httpx.Client:
    """A client of another process over the same stores, whose clock is ahead, or behind."""
    parts: Parts = replace(live.parts, clock=lambda: live.clock() + ahead)
    client = browser(parts)
    client.headers["Authorization"] = live.client(name).headers["Authorization"]
    return client


def test_of_two_who_ask_as_a_turn_ends_one_may_buy(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)
    both = buying(live, "ada", listing), buying(live, "bo", listing)

    later(live, TURN_S - 0.000_001)
    assert [one.status_code for one in at_once(*both)] == [200, 409]
    later(live, BEAT_S)
    ada, bo = at_once(*both)
    assert refusal(ada) == (409, "turn_of_another", None)
    assert bo.status_code == 200


def test_clocks_that_differ_give_a_turn_to_one_account_all_the_same(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)
    later(live, TURN_S - 2)
    # By the clock of this worker the turn is over; the mirror does not know of its end yet.
    ahead = another_worker(live, "bo", timedelta(seconds=3))
    early = ask_to_buy(live, "bo", listing, ahead)
    assert refusal(early) == (409, "turn_of_another", None)
    assert ask_to_buy(live, "ada", listing, live.client("ada")).status_code == 200

    later(live, 2)
    # By the clock of this one it would last one more second, until the store says that it is over.
    behind = another_worker(live, "ada", timedelta(seconds=-1))
    assert ask_to_buy(live, "ada", listing, behind).status_code == 200
    assert ask_to_buy(live, "bo", listing, live.client("bo")).status_code == 200
    late = ask_to_buy(live, "ada", listing, behind)
    assert refusal(late) == (409, "turn_of_another", None)
    assert ask_to_buy(live, "bo", listing, ahead).status_code == 200


def turns_kept(live: Live) -> list[tuple[int, str | None]]:
    with reading(live.parts.store) as connection:
        statement = select(wait_turns.c.seat, wait_turns.c.account).where(
            wait_turns.c.over_at.is_(None)
        )
        return [(row.seat, row.account) for row in connection.execute(statement)]


def test_workers_that_look_at_once_give_each_turn_once(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    seats = minted(live, drop, "dan", "eve", "payout")
    join(live, drop, "ada", "bo")
    for seller, seat in zip(("dan", "eve", "payout"), seats, strict=True):
        offered(live, seller, seat)
    with writing(live.parts.store) as connection:
        connection.execute(wait_turns.delete())

    looks = [lambda: live.api.get(path_of(drop)) for _ in range(WORKERS)]
    answers = at_once(*looks)
    assert Counter(one.status_code for one in answers) == {200: WORKERS}
    # Who looks while another one gives them is shown what was before.
    assert {members(one)["turns"] for one in answers} <= {0, 2}
    assert members(live.api.get(path_of(drop)))["turns"] == 2
    assert sorted(turns_kept(live)) == [
        (seats[0], address_of("ada")),
        (seats[1], address_of("bo")),
        (seats[2], None),
    ]


def test_workers_that_find_a_turn_missed_at_once_count_it_once(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo", "cleo")
    offered(live, "dan", seat)
    later(live, TURN_S)
    at_once(*(lambda: live.api.get(path_of(drop)) for _ in range(WORKERS)))
    assert turns_kept(live) == [(seat, address_of("bo"))]
    told = place(live, drop, "ada")
    assert (told["missed"], told["ended"], told["ahead"]) == (1, None, 2)


def test_a_plan_that_was_overtaken_is_made_anew(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    later(live, TURN_S)
    waiting = wait_list_of(live.parts, drop)
    assert waiting is not None
    done = Event()

    def noted(kept: Kept, seen: Mirrored, turn_s: int, now: datetime) -> tuple[Step, ...]:
        steps = planned(kept, seen, turn_s, now)
        # By now a turn is missed; where the wait-lists are held, that is looked at once more.
        done.set()
        return steps

    monkeypatch.setattr(settling, "planned", noted)

    with ThreadPoolExecutor(1) as threads:
        with writing(live.parts.store) as connection:
            Writer(connection, live.parts.mirror_id, waiting)
            overtaken = threads.submit(settle, live.parts, waiting)
            assert done.wait(20)
            # Whoever holds the wait-lists ends the turn at no cost meanwhile.
            connection.execute(wait_turns.delete())
        assert overtaken.result(20).turns()[seat].account == address_of("ada")
    assert place(live, drop, "ada")["missed"] == 0


def test_accounts_that_join_at_once_stand_one_behind_the_other(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_WAITING", 3)
    drop = drop_with_turns(live, tmp_path)
    names = ("ada", "bo", "cleo", "dan", "eve")
    clients = [live.client(name) for name in names]
    answers = at_once(*(lambda one=one: one.put(f"{path_of(drop)}/place") for one in clients))
    assert Counter(one.status_code for one in answers) == {200: 3, 409: 2}
    with reading(live.parts.store) as connection:
        standings = connection.scalars(select(wait_places.c.standing)).all()
    assert sorted(standings) == [1, 2, 3]


def test_an_account_that_joins_everywhere_at_once_gets_what_it_may(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_PLACES", 2)
    drops = [drop_with_turns(live, tmp_path) for _ in range(4)]
    here = timedelta()
    clients = [another_worker(live, "ada", here) for _ in drops]
    answers = at_once(
        *(
            lambda client=client, drop=drop: client.put(f"{path_of(drop)}/place")
            for client, drop in zip(clients, drops, strict=True)
        )
    )
    assert Counter(one.status_code for one in answers) == {200: 2, 409: 2}


def test_whoever_buys_loses_the_place_and_gets_it_back_if_that_is_undone(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)
    send(live, "ada", members(ask_to_buy(live, "ada", listing, live.client("ada"))))
    live.mirror()
    bought = place(live, drop, "ada")
    assert (bought["ended"], bought["ahead"]) == ({"by": "bought", "at": None}, None)
    assert place(live, drop, "bo")["ahead"] == 0

    live.reorganise(1, 2)
    live.mirror()
    again = place(live, drop, "ada")
    assert (again["ended"], again["ahead"], again["missed"]) == (None, 0, 0)
    # The listing lives again, and it is her turn.
    assert (again["turn"]["seat"], shown(live, drop, "ada")) == (str(seat), [listing])
    assert ask_to_buy(live, "ada", listing, live.client("ada")).status_code == 200


def test_a_purchase_that_is_final_ends_the_place_for_good(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    listing = offered(live, "dan", seat)
    send(live, "ada", members(ask_to_buy(live, "ada", listing, live.client("ada"))))
    finalise(live)
    ended = place(live, drop, "ada")["ended"]
    assert ended["by"] == "bought"
    assert ended["at"] is not None
    # She sells it: that gives no place back, and she may join anew.
    live.resell(seat, "ada", "bo")
    live.mirror()
    assert place(live, drop, "ada")["ended"] == ended
    (again,) = join(live, drop, "ada")
    assert again["place"]["ended"] is None


def test_buying_and_selling_at_once_does_not_keep_a_place(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    seat, other = minted(live, drop, "dan", "eve")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)
    send(live, "ada", members(ask_to_buy(live, "ada", listing, live.client("ada"))))
    live.resell(seat, "ada", "cleo")
    live.mirror()
    assert place(live, drop, "ada")["ended"]["by"] == "bought"
    offered(live, "eve", other)
    assert turn(live, drop, "bo") == str(other)
    # Joining anew, she stands behind Bo, also while the purchase is not final.
    (again,) = join(live, drop, "ada")
    assert (again["place"]["ahead"], again["place"]["ended"]) == (1, None)


def test_a_sale_that_is_undone_costs_nobody_a_turn(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)
    later(live, TURN_S - 60)
    live.resell(seat, "dan", "cleo")
    live.mirror()
    assert place(live, drop, "ada")["last_turn"]["by"] == "listing_gone"
    # The turn would have run out while the seat seemed to be sold.
    later(live, 120)
    assert place(live, drop, "ada")["missed"] == 0
    live.reorganise(1, 2)
    live.mirror()
    again = place(live, drop, "ada")
    assert (again["turn"]["seat"], again["missed"], again["ahead"]) == (str(seat), 0, 0)
    assert shown(live, drop, "ada") == [listing]
    # It is a whole turn, and Bo's comes after it.
    later(live, TURN_S - 1)
    assert turn(live, drop, "ada") == str(seat)
    later(live, BEAT_S)
    assert turn(live, drop, "bo") == str(seat)


def test_a_seat_that_was_sold_and_bought_back_is_offered_anew(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    old = offered(live, "dan", seat)
    later(live, TURN_S)
    assert turn(live, drop, "bo") == str(seat)
    live.resell(seat, "dan", "cleo")
    live.resell(seat, "cleo", "dan")
    live.mirror()
    # The listing of before died with the epoch, although Dan owns the seat again.
    assert shown(live, drop, "dan") == []
    assert (turn(live, drop, "bo"), place(live, drop, "bo")["missed"]) == (None, 0)
    new = offered(live, "dan", seat)
    assert new != old
    # Bo is first by now; and Ada, who missed it in vain, will be offered it again.
    assert turn(live, drop, "bo") == str(seat)
    later(live, TURN_S)
    assert turn(live, drop, "ada") == str(seat)


def test_a_stored_listing_that_is_undone_and_comes_again_costs_nobody_a_turn(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    listed = stored(live, drop, seat)
    assert turn(live, drop, "ada") == str(seat)
    live.reorganise(1, 2)
    live.mirror()
    assert (turn(live, drop, "ada"), place(live, drop, "ada")["missed"]) == (None, 0)
    again = stored(live, drop, seat)
    assert again != listed
    assert (turn(live, drop, "ada"), place(live, drop, "ada")["missed"]) == (str(seat), 0)


def stored(live: Live, drop: DropId, seat: int) -> str:
    """Store a listing of Dan's on the chain; its id, which the mirror knows."""
    body = {
        "account": address_of("dan"),
        "seat": str(seat),
        "price_wei": str(live.price(drop, 0)),
        "expires_in_s": 3_600,
        "stored": True,
    }
    live.clock.forward(1)
    prepared = members(live.api.post("/v1/tx/list", json=body))
    send(live, "dan", prepared["transaction"])
    live.mirror()
    return str(prepared["id"])


def test_who_looks_waits_for_nobody_who_writes(
    launched_chain: LiveChain, on_postgres: Engine, tmp_path: Path
) -> None:
    with live_api(launched_chain, on_postgres) as live, ThreadPoolExecutor(1) as threads:
        drop = drop_with_turns(live, tmp_path)
        (seat,) = minted(live, drop, "dan")
        join(live, drop, "ada", "bo")
        listing = offered(live, "dan", seat)
        later(live, TURN_S + BEAT_S)
        waiting = wait_list_of(live.parts, drop)
        assert waiting is not None

        def looks() -> tuple[str | None, list[str], list[str]]:
            return turn(live, drop, "ada"), shown(live, drop), shown(live, drop, "dan")

        # Accounts that cost nothing may be joining and leaving all the time.
        with writing(live.parts.store) as connection:
            Writer(connection, live.parts.mirror_id, waiting)
            assert threads.submit(looks).result(20) == (str(seat), [], [listing])
        assert turn(live, drop, "bo") == str(seat)
        assert turn(live, drop, "ada") is None
