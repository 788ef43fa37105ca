"""What a seat was used for is shown with it wherever it is shown, sold or offered for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import delete, func, insert, select

from api.store.attendance_tables import attendances
from api.store.tables import admissions, recordings
from marketplace.domain.money import Wei
from marketplace.storage.transactions import reading, writing
from tests.integration.api.attending import (
    ACCESS_PHASE,
    PRACTICE_PHASE,
    attend,
    begin,
    join,
    programme_of,
    seat_of,
    starts_at,
    statements,
    states,
)
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.offering import fund
from tests.integration.api.test_seat_conditions import written
from tests.integration.api.trading import ask_to_buy, book, list_seat, members
from tests.integration.marketplace.world import address_of
from tests.integration.rows import ROWS

if TYPE_CHECKING:
    import pytest

    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members

Params: TypeAlias = "dict[str, str | int]"

PRICE = Wei(4 * 10**17)


def rows_kept(live: Live) -> int:
    with reading(live.parts.store) as connection:
        return connection.scalar(select(func.count()).select_from(attendances)) or 0


def everywhere(live: Live, seat: SeatId, seller: str, buyer: str) -> list[Members]:
    """What each answer that shows the seat, or prepares its sale, says of its programme."""
    listing = list_seat(live, seller, seat, PRICE)
    client = live.client(buyer)
    page = members(live.api.get(f"/v1/drops/{COHORT}/seats"))
    own = members(live.client(seller).get("/v1/me/seats"))
    basket = {"account": address_of(buyer), "listings": [listing["listing"]]}
    order = {"account": address_of(buyer), "price_wei": str(PRICE), "expires_in_s": 3_600}
    found = [
        members(live.api.get(f"/v1/seats/{seat}")),
        *(one for one in page["seats"] if one["seat"] == str(seat)),
        *(one for one in own["seats"] if one["seat"] == str(seat)),
        listing,
        *book(live, COHORT, client)["listings"],
        *book(live, COHORT, client, sort="newest")["listings"],
        members(client.get(f"/v1/listings/{listing['listing']}")),
        members(ask_to_buy(live, buyer, listing["listing"], client)),
        *members(client.post("/v1/tx/buy-many", json=basket))["bought"],
        members(client.post("/v1/tx/offer", json=order | {"seat": str(seat)})),
    ]
    return [one["condition"]["programme"] for one in found]


def test_a_half_used_seat_is_sold_with_what_was_attended_and_what_is_to_come(live: Live) -> None:
    seat = seat_of(live)
    live.mint(SESSION, "bo")
    begin(live)
    attend(live, "ada")
    came_at = written(live.market.now)
    begin(live, 2)
    with writing(live.parts.store) as connection:
        connection.execute(delete(admissions))
        connection.execute(insert(recordings).values(**recording_of(live, session=1)))
    fund(live, "bo", PRICE)
    live.mirror()

    shown = everywhere(live, seat, "ada", "bo")

    assert len(shown) == 10
    assert shown == [shown[0]] * len(shown)
    assert {name: value for name, value in shown[0].items() if name != "sessions"} == {
        "in_all": 3,
        "attended": 1,
        "past": 0,
        "to_come": 2,
        "office_hours": {"in_all": 1, "used": 0, "left": 1},
        "recordings": 1,
        "binding_session": 3,
    }
    first, _, last = shown[0]["sessions"]
    assert first == {
        "session": 1,
        "title": "Workshop 1: a service that can be restarted by a stranger",
        "kind": "workshop",
        "starts_at": written(starts_at(live, 1)),
        "ends_at": written(starts_at(live, 1) + 2 * 60 * 60),
        "state": "attended",
        "attended_at": came_at,
        "recordings": 1,
    }
    assert (last["session"], last["state"], last["attended_at"]) == (3, "to_come", None)
    assert address_of("ada") not in str(shown)


def recording_of(live: Live, session: int) -> dict[str, object]:
    file = live.files[COHORT]
    return {
        **ROWS[recordings],
        **live.parts.mirror_id.columns,
        "drop_id": COHORT,
        "terms_hash": f"0x{file.drop.terms.terms_hash.hex()}",
        "mentor": address_of("mentor"),
        "session": session,
    }


def test_a_buyer_is_warned_where_they_sign_that_sessions_are_used_up(live: Live) -> None:
    seat = seat_of(live)
    live.mint(SESSION, "bo")
    live.mirror()
    unused = list_seat(live, "ada", seat, PRICE)["listing"]
    before = members(ask_to_buy(live, "bo", unused, live.client("bo")))
    begin(live)
    attend(live, "ada")
    used = list_seat(live, "ada", seat, PRICE)["listing"]
    after = members(ask_to_buy(live, "bo", used, live.client("bo")))
    names = [[one["name"] for one in answer["warnings"]] for answer in (before, after)]
    assert ["sessions_used" in one for one in names] == [False, True]


def test_a_buyer_comes_into_the_session_that_the_seller_attended_while_it_runs(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    attend(live, "ada")
    before = programme_of(live, seat)
    live.resell(seat, "ada", "bo")
    live.clock.forward(20)
    live.mirror()
    assert attend(live, "bo")["seat"] == str(seat)
    # The right was spent when the seller came in, and that stays what is told.
    assert programme_of(live, seat) == before
    assert rows_kept(live) == 2


def test_asking_and_a_ticket_alone_spend_nothing(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    asked: Params = {"action": "enter_session", "drop": COHORT, "session": 1}
    assert live.client("ada").get("/v1/access/check", params=asked).json()["allow"]
    join(live, "ada")
    assert states(programme_of(live, seat)) == {1: "to_come", 2: "to_come", 3: "to_come"}
    assert rows_kept(live) == 0


def test_what_came_by_a_sale_that_was_undone_counts_again_once_the_sale_does(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    live.resell(seat, "ada", "bo")
    live.mirror()
    attend(live, "bo")
    attended = programme_of(live, seat)
    live.reorganise(1, 2)
    live.mirror()
    undone = programme_of(live, seat)
    live.resell(seat, "ada", "bo")
    live.mirror()
    assert states(attended)[1] == "attended"
    assert states(undone)[1] == "to_come"
    assert programme_of(live, seat) == attended


def test_a_former_holders_attendance_stays_with_the_seat(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    attend(live, "ada")
    shown = programme_of(live, seat)
    for seller, buyer in (("ada", "bo"), ("bo", "cleo"), ("cleo", "ada")):
        live.resell(seat, seller, buyer)
        live.mirror()
        assert programme_of(live, seat) == shown


def test_a_delegate_spends_the_seats_session_and_the_mentor_nobodys(live: Live) -> None:
    seat = seat_of(live)
    live.delegate(seat, "ada", "treasury")
    live.mint(COHORT, "mentor", PRACTICE_PHASE)
    begin(live)
    attend(live, "mentor")
    assert rows_kept(live) == 0
    attend(live, "treasury")
    assert states(programme_of(live, seat))[1] == "attended"


def test_attendance_of_another_mentors_drop_of_the_same_terms_is_not_the_seats(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    attend(live, "ada")
    with writing(live.parts.store) as connection:
        connection.execute(attendances.update().values(mentor=address_of("eve")))
    assert states(programme_of(live, seat))[1] == "to_come"


def test_a_seat_is_shown_as_it_was_at_a_block_and_at_a_level(live: Live) -> None:
    seat = seat_of(live)
    unused = live.mirror()
    begin(live)
    attend(live, "ada")
    used = live.mirror()
    begin(live, 3)
    assert states(programme_of(live, seat)) == {1: "attended", 2: "past", 3: "to_come"}
    then = programme_of(live, seat, block=used)
    assert states(then) == {1: "attended", 2: "to_come", 3: "to_come"}
    for before in ({"block": unused}, {"level": "safe"}):
        then = programme_of(live, seat, **before)
        assert states(then) == {1: "to_come", 2: "to_come", 3: "to_come"}


def test_seats_that_open_nothing_any_more_have_nothing_to_come(live: Live) -> None:
    seat, burned = seat_of(live), seat_of(live, "bo")
    live.market.steering.travel(live.market.now + 60)
    live.market.send("bo", live.market.contract.refund(burned))
    live.mirror()
    void = {1: "void", 2: "void", 3: "void"}
    assert states(programme_of(live, burned)) == void
    assert programme_of(live, seat)["to_come"] == 3
    live.market.send("mentor", live.market.contract.cancel_drop(COHORT))
    live.mirror()
    assert states(programme_of(live, seat)) == void
    assert programme_of(live, seat)["to_come"] == 0


def test_a_programme_that_nobody_published_is_said_to_be_unknown(live: Live) -> None:
    seat = live.mint(COHORT, "ada")
    live.mirror()
    found = members(live.api.get(f"/v1/seats/{seat}"))
    assert found["condition"]["programme"] is None


def test_a_tier_shows_the_sessions_that_it_opens(live: Live) -> None:
    seat = seat_of(live, phase=ACCESS_PHASE)
    live.mirror()
    assert states(programme_of(live, seat)) == {1: "to_come", 3: "to_come"}


def test_a_page_asks_as_often_for_many_seats_as_for_one(live: Live) -> None:
    names = ("ada", "bo", "cleo", "dan")
    seats = {name: seat_of(live, name) for name in names}
    begin(live)
    for name in names:
        attend(live, name)
    asked: dict[int, list[int]] = {}
    client = live.client("ada")
    for name in names:
        list_seat(live, name, seats[name], PRICE)
    for count in (1, 3):
        with statements(live) as of_book:
            assert len(book(live, COHORT, client, limit=count)["listings"]) == count
        with statements(live) as of_seats:
            page = members(live.api.get(f"/v1/drops/{COHORT}/seats", params={"limit": count}))
        shown = [one["condition"]["programme"]["attended"] for one in page["seats"]]
        assert shown == [1] * count
        asked[count] = [len(of_book), len(of_seats)]
        assert sum("attendances" in one for one in of_book) == 1
    assert asked[1] == asked[3]


def test_an_access_check_does_not_ask_for_attendance(live: Live) -> None:
    seat_of(live)
    begin(live)
    client = live.client("ada")
    path = "/v1/access/check"
    asked: Params = {"action": "enter_session", "drop": COHORT, "session": 1}

    def check() -> list[str]:
        # Nothing is kept of the programme or the session that was read a moment ago.
        live.clock.forward(10)
        live.mirror()
        live.parts.lately.forget(COHORT)
        with statements(live) as said:
            assert client.get(path, params=asked).json()["allow"]
        return said

    before = check()
    attend(live, "ada")
    assert before
    assert check() == before
    assert not any("attendances" in one for one in before)


def test_the_first_time_is_told_however_often_somebody_comes(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    first = attend(live, "ada")
    shown = programme_of(live, seat)
    live.clock.forward(10)
    renewed = {"admission": first["admission"]}
    assert live.api.post("/v1/admissions/renew", json=renewed).status_code == 200
    live.clock.forward(5)
    live.mirror()
    attend(live, "ada")
    assert programme_of(live, seat) == shown
    assert rows_kept(live) == 1


def test_a_page_ends_before_it_tells_of_too_many_sessions_and_the_next_goes_on(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("ada", "bo", "cleo", "dan")
    seats = sorted(seat_of(live, name) for name in names)
    access = live.mint(COHORT, "ada")
    live.mirror()
    for name, seat in zip(names, seats, strict=True):
        list_seat(live, name, seat, PRICE)
    client = live.client("ada")
    # The cohort has three sessions: two of its seats fit, and not a third.
    monkeypatch.setattr("api.attendance.contents.SESSIONS_OF_A_PAGE", 6)

    def walked(path: str, kind: str) -> list[list[int]]:
        found: list[list[int]] = []
        asked: Params = {"limit": 100}
        while True:
            page = members(client.get(path, params=asked))
            found.append([int(one["seat"]) for one in page[kind]])
            assert all(one["condition"]["programme"] for one in page[kind])
            if page["next"] is None:
                return found
            asked["after"] = page["next"]

    assert walked(f"/v1/drops/{COHORT}/seats", "seats") == [
        [access, seats[0]],
        seats[1:3],
        seats[3:],
    ]
    first, second, *rest = walked(f"/v1/drops/{COHORT}/listings", "listings")
    assert (first, second, rest) == (seats[:2], seats[2:], [])
    mine = walked("/v1/me/seats", "seats")
    assert [one[-1] for one in mine] == [access, seats[0]]
