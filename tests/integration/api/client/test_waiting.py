"""Waiting for a seat on resale over the typed client, to the purchase in one's turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.client.errors import ApiRefused
from tests.integration.api.client.people import signer
from tests.integration.api.waiting import drop_with_turns, minted, offered

if TYPE_CHECKING:
    from pathlib import Path

    from marketplace.domain.ids import DropId, SeatId
    from tests.integration.api.client.people import People

TIER = 0


def test_whoever_waits_sees_the_turn_and_buys_in_it(people: People, tmp_path: Path) -> None:
    drop = drop_with_turns(people.live, tmp_path)
    (seat,) = minted(people.live, drop, "dan")
    ada, bo = people("ada"), people("bo")
    assert people.nobody().drop(drop).turn_s == 900
    assert ada.join_wait_list(drop, TIER).waiting == 1
    behind = bo.join_wait_list(drop, TIER).place
    assert behind is not None
    assert behind.ahead == 1

    listing = offered(people.live, "dan", seat)
    mine = ada.wait_list(drop, TIER)
    assert mine.place is not None
    assert mine.place.turn is not None
    assert (mine.place.turn.seat, mine.turns, mine.ask_again_in_s) == (seat, 1, 60)
    (shown,) = ada.listings(drop).listings
    assert (shown.listing, shown.turn is not None and shown.turn.yours) == (listing, True)
    assert bo.listings(drop).listings == ()
    with pytest.raises(ApiRefused) as refused:
        bo.listing(listing)
    assert refused.value.problem.code == "turn_of_another"

    whole = ada.listing(listing)
    bought = ada.prepare_buy(signer("ada").address, listing, most=whole.price_wei)
    people.send("ada", bought)
    over = ada.wait_list(drop, TIER).place
    assert over is not None
    assert over.ended is not None
    assert over.ended.by == "bought"


def test_a_turn_is_passed_on_and_a_place_left(people: People, tmp_path: Path) -> None:
    drop = drop_with_turns(people.live, tmp_path)
    (seat,) = minted(people.live, drop, "dan")
    ada, bo = people("ada"), people("bo")
    ada.join_wait_list(drop, TIER)
    bo.join_wait_list(drop, TIER)
    offered(people.live, "dan", seat)
    ada.pass_turn_on(seat)
    assert turn_of(people, "bo", drop) == seat
    bo.leave_wait_list(drop, TIER)
    (left,) = bo.my_places().places
    assert (left.drop, left.tier, left.ended is not None) == (drop, TIER, True)
    assert people.nobody().wait_list(drop, TIER).waiting == 1
    with pytest.raises(ApiRefused) as refused:
        ada.pass_turn_on(seat)
    assert refused.value.problem.code == "not_found"


def turn_of(people: People, name: str, drop: DropId) -> SeatId | None:
    place = people(name).wait_list(drop, TIER).place
    return None if place is None or place.turn is None else place.turn.seat
