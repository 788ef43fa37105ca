"""Turns: who is shown a listed seat, who may buy it, and what becomes of a turn."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import event, func, select

from api.store.waiting_tables import wait_turns
from api.waiting import facts, planning
from api.waiting.places import existing
from api.waiting.settling import settle
from api.waiting.values import COURTESY
from marketplace.domain.ids import TierIndex
from marketplace.storage.transactions import reading
from tests.integration.api.live import SESSION
from tests.integration.api.trading import (
    FACE,
    ask_to_buy,
    list_seat,
    members,
    prepared_list,
    refusal,
    send,
    store_listing,
)
from tests.integration.api.waiting import (
    BEAT_S,
    DAY_S,
    TURN_S,
    drop_with_turns,
    join,
    later,
    leave,
    minted,
    offered,
    pass_on,
    place,
    shown,
    turn,
)
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.integration.api.live import Live


def test_only_the_first_who_waits_and_the_seller_see_a_listing(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)

    assert [shown(live, drop, name) for name in ("ada", "dan")] == [[listing], [listing]]
    assert [shown(live, drop, name) for name in ("bo", "mentor", None)] == [[], [], []]
    told = place(live, drop, "ada")["turn"]
    begun, ends = (datetime.fromisoformat(told[name]) for name in ("begun_at", "ends_at"))
    assert (told["seat"], (ends - begun).total_seconds()) == (str(seat), TURN_S)


def test_both_orders_of_the_book_hold_a_listing_back(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    seat, other = minted(live, drop, "dan", "eve")
    join(live, drop, "ada")
    listing = offered(live, "dan", seat)
    store_listing(live, "eve", other, expires_in_s=DAY_S)
    for sort in ("price", "newest"):
        query = {"sort": sort}
        path = f"/v1/drops/{drop}/listings"
        found = members(live.client("ada").get(path, params=query))["listings"]
        assert {one["listing"] for one in found} >= {listing}
        open_ = members(live.api.get(path, params=query))["listings"]
        assert [one["seat"] for one in open_] == [str(other)]


def test_the_signature_is_shown_to_whose_turn_it_is_and_to_nobody_else(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)
    path = f"/v1/listings/{listing}"

    mine = members(live.client("ada").get(path))
    assert (mine["turn"]["yours"], mine["turn"]["courtesy"]) == (True, COURTESY)
    assert len(mine["signature"]) > 100
    sellers = members(live.client("dan").get(path))
    assert (sellers["turn"]["yours"], sellers["turn"]["until"]) == (False, mine["turn"]["until"])
    for client in (live.client("bo"), live.client("mentor"), live.api):
        refused = client.get(path)
        assert refusal(refused) == (409, "turn_of_another", None)
        assert int(refused.headers["Retry-After"]) == TURN_S
        assert mine["signature"] not in refused.text
        assert address_of("ada") not in refused.text


def test_only_the_account_whose_turn_it_is_may_prepare_the_purchase(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)

    assert refusal(ask_to_buy(live, "ada", listing)) == (409, "turn_of_another", None)
    others = ask_to_buy(live, "bo", listing, live.client("bo"))
    assert refusal(others) == (409, "turn_of_another", None)
    for_another = ask_to_buy(live, "bo", listing, live.client("ada"))
    assert refusal(for_another) == (403, "another_account", None)
    prepared = members(ask_to_buy(live, "ada", listing, live.client("ada")))
    (warned,) = [one for one in prepared["warnings"] if one["name"] == "turns_are_a_courtesy"]
    assert COURTESY in warned["sentence"]


def test_a_basket_leaves_out_what_is_the_turn_of_another(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    first, second = minted(live, drop, "dan", "eve")
    join(live, drop, "ada")
    held, free = offered(live, "dan", first), offered(live, "eve", second)
    body = {"account": address_of("bo"), "listings": [held, free]}
    basket = members(live.client("bo").post("/v1/tx/buy-many", json=body))
    assert [one["listing"] for one in basket["bought"]] == [free]
    assert [(one["listing"], one["cause"]) for one in basket["skipped"]] == [
        (held, "turn_of_another")
    ]


def test_without_anybody_who_waits_a_listing_is_for_everybody(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    listing = offered(live, "dan", seat)
    assert shown(live, drop) == [listing]
    # What everybody was shown stays everybody's.
    join(live, drop, "ada")
    assert (shown(live, drop), turn(live, drop, "ada")) == ([listing], None)
    assert members(ask_to_buy(live, "bo", listing))["listing"] == listing


def test_a_turn_that_is_missed_costs_the_order_and_another_one_a_day_later_the_place(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    seat, other, third = minted(live, drop, "dan", "eve", "cleo")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)
    later(live, TURN_S - 1)
    assert turn(live, drop, "ada") == str(seat)
    later(live, BEAT_S)
    assert (turn(live, drop, "ada"), turn(live, drop, "bo")) == (None, str(seat))
    told = place(live, drop, "ada")
    assert (told["ahead"], told["missed"], told["last_turn"]["by"]) == (1, 1, "missed")
    # Bo has a turn, so the next seat is Ada's although she stands behind.
    offered(live, "eve", other)
    assert turn(live, drop, "ada") == str(other)
    later(live, TURN_S)
    # Whoever sleeps has lost nothing more than the order.
    told = place(live, drop, "ada")
    assert (told["ended"], told["missed"], told["last_turn"]["by"]) == (None, 2, "missed")
    # Both had this seat in vain: now it is for everybody.
    assert listing in shown(live, drop)
    leave(live, drop, "bo")
    for _ in range(2):
        # She looks now and then, so that her session lasts.
        later(live, DAY_S / 2)
        assert place(live, drop, "ada")["ended"] is None
    offered(live, "cleo", third)
    assert turn(live, drop, "ada") == str(third)
    later(live, TURN_S)
    ended = place(live, drop, "ada")
    assert (ended["ended"]["by"], ended["ahead"]) == ("missed", None)


def test_those_in_front_cannot_pass_a_seat_to_somebody_who_does_not_wait(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    crowd = ("ada", "bo", "eve", "guardian")
    join(live, drop, *crowd, "cleo")
    listing = offered(live, "dan", seat)
    for name in crowd:
        assert pass_on(live, drop, name, seat).status_code == 204
    assert turn(live, drop, "cleo") == str(seat)
    assert shown(live, drop) == []
    assert refusal(ask_to_buy(live, "resolver", listing))[1] == "turn_of_another"


def test_those_in_front_who_pass_at_the_last_second_keep_a_seat_no_longer_than_others(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST_TURNS", 1)
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo", "cleo")
    listing = offered(live, "dan", seat)
    for name in ("ada", "bo"):
        assert turn(live, drop, name) == str(seat)
        later(live, TURN_S - 1)
        assert pass_on(live, drop, name, seat).status_code == 204
    # One turn's time and more went by.
    assert (turn(live, drop, "cleo"), shown(live, drop)) == (None, [listing])


def test_nobody_keeps_a_seat_from_others_by_leaving_and_coming_back(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    listing = offered(live, "dan", seat)
    for name in ("ada", "bo"):
        later(live, TURN_S - 60)
        assert turn(live, drop, name) == str(seat)
        leave(live, drop, name)
        join(live, drop, name)
    assert (turn(live, drop, "ada"), turn(live, drop, "bo")) == (None, None)
    assert shown(live, drop) == [listing]


def test_a_look_asks_the_mirror_as_often_for_many_sellers_as_for_one(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    waiting = existing(live.parts, drop, TierIndex(0))
    sellers = ("dan", "eve", "cleo")
    asked: list[str] = []
    counts = []

    def note(*seen: object) -> None:
        asked.append(str(seen[2]))

    for seller, seat in zip(sellers, minted(live, drop, *sellers), strict=True):
        offered(live, seller, seat)
        event.listen(live.parts.reads, "before_cursor_execute", note)
        settle(live.parts, waiting)
        event.remove(live.parts.reads, "before_cursor_execute", note)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] > 0
    assert len(set(counts)) == 1, counts


def test_no_more_is_kept_of_a_seat_than_of_its_newest_epoch(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    counts = []
    for _ in range(3):
        offered(live, "dan", seat)
        for name in ("ada", "bo"):
            assert pass_on(live, drop, name, seat).status_code == 204
        with reading(live.parts.store) as connection:
            counts.append(connection.scalar(select(func.count()).select_from(wait_turns)))
        live.market.send("dan", live.market.contract.cancel_listings(seat))
        live.mirror()
    # Both passed, and then it was for everybody.
    assert counts == [3, 3, 3]


def test_what_is_over_is_read_only_where_a_seat_is_offered_anew(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo", "cleo")
    list_seat(live, "dan", seat, expires_in_s=600)
    for name in ("ada", "bo"):
        assert pass_on(live, drop, name, seat).status_code == 204
    waiting = existing(live.parts, drop, TierIndex(0))
    assert [one.account for one in settle(live.parts, waiting).kept.turns] == [address_of("cleo")]
    # In the same epoch, those who passed it on are not asked again.
    later(live, 601)
    assert turn(live, drop, "cleo") is None
    offered(live, "dan", seat)
    assert [turn(live, drop, name) for name in ("ada", "cleo")] == [None, str(seat)]


def test_whoever_floods_the_book_takes_no_turn_away(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "MOST_LISTINGS", 5)
    drop = drop_with_turns(live, tmp_path)
    seat, other = minted(live, drop, "dan", "eve")
    join(live, drop, "ada")
    listing = offered(live, "dan", seat)
    for number in range(5):
        later(live, 1)
        list_seat(live, "eve", other, FACE + number * 10**9)
    assert turn(live, drop, "ada") == str(seat)
    assert refusal(ask_to_buy(live, "bo", listing))[1] == "turn_of_another"
    assert ask_to_buy(live, "ada", listing, live.client("ada")).status_code == 200


def test_stored_listings_for_one_taker_do_not_hide_that_the_book_was_cut(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "MOST_LISTINGS", 3)
    drop = drop_with_turns(live, tmp_path)
    seat, other = minted(live, drop, "dan", "eve")
    join(live, drop, "ada")
    store_listing(live, "dan", seat, expires_in_s=DAY_S)
    assert turn(live, drop, "ada") == str(seat)
    for taker in (None, None, address_of("bo")):
        live.clock.forward(1)
        store_listing(live, "eve", other, expires_in_s=DAY_S, taker=taker)
    told = place(live, drop, "ada")
    assert (told["turn"] or {}).get("seat") == str(seat)
    assert told["last_turn"] is None


def test_who_leaves_after_their_turn_has_missed_it(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    later(live, TURN_S)
    leave(live, drop, "ada")
    assert place(live, drop, "ada")["last_turn"]["by"] == "missed"
    assert turn(live, drop, "bo") == str(seat)


def test_a_turn_that_is_passed_on_costs_nothing(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    seat, other = minted(live, drop, "dan", "eve")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    assert pass_on(live, drop, "ada", seat).status_code == 204
    told = place(live, drop, "ada")
    assert (told["ahead"], told["missed"], told["last_turn"]["by"]) == (0, 0, "passed")
    assert turn(live, drop, "bo") == str(seat)
    # There is nothing more to pass on, and the same seat is not offered again.
    again = pass_on(live, drop, "ada", seat)
    assert refusal(again) == (404, "not_found", None)
    offered(live, "eve", other)
    assert turn(live, drop, "ada") == str(other)


def test_whoever_leaves_gives_the_turn_up(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    offered(live, "dan", seat)
    leave(live, drop, "ada")
    assert turn(live, drop, "bo") == str(seat)
    assert place(live, drop, "ada")["last_turn"]["by"] == "place_ended"


def test_a_listing_that_expires_costs_nobody_a_turn(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    seat, other = minted(live, drop, "dan", "eve")
    join(live, drop, "ada", "bo")
    list_seat(live, "dan", seat, expires_in_s=600)
    assert turn(live, drop, "ada") == str(seat)
    later(live, TURN_S * 2)
    told = place(live, drop, "ada")
    assert (told["ahead"], told["missed"], told["last_turn"]["by"]) == (0, 0, "listing_gone")
    offered(live, "eve", other)
    assert turn(live, drop, "ada") == str(other)


def test_a_cancelled_listing_costs_nobody_a_turn(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    offered(live, "dan", seat)
    live.market.send("dan", live.market.contract.cancel_listings(seat))
    later(live, TURN_S * 2)
    assert (turn(live, drop, "ada"), place(live, drop, "ada")["missed"]) == (None, 0)
    # Listed again, in another epoch, it is Ada's again.
    offered(live, "dan", seat)
    assert turn(live, drop, "ada") == str(seat)


def test_another_price_is_the_same_turn(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    dear = offered(live, "dan", seat)
    before = place(live, drop, "ada")["turn"]
    later(live, 60)
    cheap = offered(live, "dan", seat, price=FACE - 10**15)
    assert place(live, drop, "ada")["turn"] == before
    assert (shown(live, drop, "ada"), shown(live, drop, "bo")) == ([cheap, dear], [])


def test_a_listing_for_one_taker_is_no_matter_of_turns(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    listing = offered(live, "dan", seat, taker=address_of("bo"))
    assert (shown(live, drop, "bo"), shown(live, drop, "ada")) == ([listing], [])
    assert turn(live, drop, "ada") is None
    prepared = members(ask_to_buy(live, "bo", listing, live.client("bo")))
    send(live, "bo", prepared)


def test_a_seller_is_told_of_turns_and_what_they_are_worth(live: Live, tmp_path: Path) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada", "bo")
    warned = {
        one["name"]: one["sentence"]
        for one in prepared_list(live, "dan", seat, expires_in_s=DAY_S)["warnings"]
    }
    assert warned["turns_are_a_courtesy"].startswith("2 accounts wait for a seat of this tier.")
    assert "for 15 minutes each" in warned["turns_are_a_courtesy"]
    assert COURTESY in warned["turns_are_a_courtesy"]
    taker = prepared_list(live, "dan", seat, taker=address_of("ada"))
    assert "turns_are_a_courtesy" not in {one["name"] for one in taker["warnings"]}
    (elsewhere,) = minted(live, SESSION, "dan")
    plain = prepared_list(live, "dan", elsewhere)
    assert "turns_are_a_courtesy" not in {one["name"] for one in plain["warnings"]}


def test_whoever_has_the_listing_can_fill_it_on_the_chain_and_nobody_pretends_otherwise(
    live: Live, tmp_path: Path
) -> None:
    drop = drop_with_turns(live, tmp_path)
    (seat,) = minted(live, drop, "dan")
    join(live, drop, "ada")
    offered(live, "dan", seat)
    # Dan hands his listing to Bo, past the book.
    live.resell(seat, "dan", "bo")
    live.mirror()
    told = place(live, drop, "ada")
    assert (told["turn"], told["ahead"], told["missed"]) == (None, 0, 0)
    assert told["last_turn"]["by"] == "listing_gone"
