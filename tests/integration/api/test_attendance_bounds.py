"""However often a seat changes hands during a session, what is kept of it stays little."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from api.attendance.reads import attendances_of
from api.attendance.writes import HOLDERS_KEPT, keep
from api.store.attendance_tables import attendances
from marketplace.bindings.addresses import parse_address
from marketplace.storage.transactions import reading, writing
from tests.integration.api.attending import attend, begin, programme_of, seat_of, states
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from api.attendance.values import Attendance
    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live

MANY = 40


def kept_of(live: Live, seat: SeatId) -> tuple[Attendance, ...]:
    with reading(live.parts.store) as connection:
        return attendances_of(connection, live.parts.mirror_id, {seat})


def keep_holders(live: Live, first: Attendance) -> None:
    """Keep that the seat was in the session with many more holders, each in a commit."""
    for number in range(1, MANY):
        holder = parse_address(f"0x{number:040x}")
        with writing(live.parts.store) as connection:
            keep(connection, replace(first, holder=holder, account=holder))


def fill_places(live: Live, first: Attendance, *others: Attendance) -> tuple[Attendance, ...]:
    """Let the places be taken by some, and by holders whom the mirror does not know; gives all."""
    strangers = [parse_address(f"0x{number:040x}") for number in range(1, HOLDERS_KEPT + 1)]
    rows = [
        *others,
        *(
            replace(first, holder=one, account=one, attended_at=first.attended_at - timedelta(days))
            for days, one in enumerate(strangers[len(others) :], 1)
        ),
    ]
    with writing(live.parts.store) as connection:
        connection.execute(delete(attendances))
        for one in rows:
            keep(connection, one)
    return tuple(rows)


def test_a_seat_that_goes_round_in_a_session_costs_no_page_more_than_the_first_holders(
    live: Live,
) -> None:
    seat = seat_of(live)
    begin(live)
    attend(live, "ada")
    shown = programme_of(live, seat)
    (first,) = kept_of(live, seat)

    keep_holders(live, first)

    kept = kept_of(live, seat)
    assert len(kept) == HOLDERS_KEPT
    assert first in kept
    assert programme_of(live, seat) == shown


def test_what_is_kept_of_a_session_is_bounded_for_each_session_seat_and_drop(live: Live) -> None:
    seat, other = seat_of(live), seat_of(live, "bo")
    begin(live)
    attend(live, "ada")
    (first,) = kept_of(live, seat)
    keep_holders(live, first)
    others = (
        replace(first, session=2),
        replace(first, seat=other),
        replace(first, terms_hash=f"0x{'ab' * 32}"),
        replace(first, mentor=first.holder),
    )
    for one in others:
        with writing(live.parts.store) as connection:
            keep(connection, one)
    assert set(others) <= {*kept_of(live, seat), *kept_of(live, other)}
    assert states(programme_of(live, seat)) == {1: "attended", 2: "attended", 3: "to_come"}


def test_whoever_holds_the_seat_takes_the_latest_place_of_those_whom_the_chain_denies(
    live: Live,
) -> None:
    seat = seat_of(live)
    begin(live)
    attend(live, "ada")
    (first,) = kept_of(live, seat)
    latest, *others = fill_places(live, first)
    assert states(programme_of(live, seat))[1] == "to_come"

    attend(live, "ada")

    kept = kept_of(live, seat)
    assert len(kept) == HOLDERS_KEPT
    assert {one.holder for one in kept} == {first.holder, *(one.holder for one in others)}
    assert latest not in kept
    assert states(programme_of(live, seat))[1] == "attended"


def test_a_renewal_takes_such_a_place_too(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    renewing = {"admission": attend(live, "ada")["admission"]}
    (first,) = kept_of(live, seat)
    fill_places(live, first)
    assert live.api.post("/v1/admissions/renew", json=renewing).status_code == 200
    assert states(programme_of(live, seat))[1] == "attended"


def test_no_place_is_taken_of_whoever_has_held_the_seat(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    attend(live, "ada")
    (first,) = kept_of(live, seat)
    _, latest, *_ = fill_places(live, first, first)
    live.resell(seat, "ada", "bo")
    live.mirror()

    attend(live, "bo")

    kept = kept_of(live, seat)
    assert first in kept
    assert latest not in kept
    assert address_of("bo") in {one.holder for one in kept}


def test_no_place_is_taken_of_whoever_came_by_a_block_that_is_not_known_yet(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    attend(live, "ada")
    (first,) = kept_of(live, seat)
    known, *_ = rows = fill_places(live, replace(first, block_number=first.block_number + 9))
    assert known.block_number > first.block_number
    attend(live, "ada")
    assert set(kept_of(live, seat)) == set(rows)
