"""However often a seat changes hands during a session, what is kept of it stays little."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.attendance.reads import attendances_of
from api.attendance.writes import HOLDERS_KEPT, keep
from marketplace.bindings.addresses import parse_address
from marketplace.storage.transactions import reading, writing
from tests.integration.api.attending import attend, begin, programme_of, seat_of, states

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
