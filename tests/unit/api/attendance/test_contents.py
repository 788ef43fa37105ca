from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from api.attendance.contents import OFFICE_HOUR, SessionState, Used, contents, room_for
from api.programme.values import Programme
from marketplace.domain.ids import DropId, TierIndex
from marketplace.launch.file import parse_launch_file
from marketplace.launch.published import read_terms
from tests.integration.api.live import EXAMPLES
from tests.unit.api.programme.mirrored import MENTOR

if TYPE_CHECKING:
    from api.attendance.contents import Contents

NOON = datetime(2027, 3, 1, tzinfo=UTC)
ACCESS, PRACTICE, NONE_SUCH = TierIndex(0), TierIndex(1), TierIndex(7)
NOTHING_USED = Used({}, {})


def cohort() -> Programme:
    """Two workshops (1 and 3) for everybody, and between them office hours for all but Access."""
    octets = (EXAMPLES / "sprint-cohort.toml").read_bytes()
    document = parse_launch_file("sprint-cohort.toml", octets, NOON, MENTOR).document
    return Programme(DropId(2), "0x" + "ab" * 32, MENTOR, read_terms(document), document)


COHORT = cohort()


def states(found: Contents) -> dict[int, str]:
    return {one.session.number: one.state for one in found.sessions}


def test_a_seat_contains_the_sessions_of_its_tier() -> None:
    assert list(states(contents(COHORT, ACCESS, NOTHING_USED, 0))) == [1, 3]
    assert list(states(contents(COHORT, PRACTICE, NOTHING_USED, 0))) == [1, 2, 3]
    nothing = contents(COHORT, NONE_SUCH, NOTHING_USED, 0)
    assert (nothing.sessions, nothing.binding, nothing.warnings_for_buyer) == ((), None, ())


def test_a_session_is_to_come_until_its_last_second() -> None:
    ends = COHORT.sessions[0].ends_at
    at_its_end = contents(COHORT, PRACTICE, NOTHING_USED, ends)
    over = contents(COHORT, PRACTICE, NOTHING_USED, ends + 1)
    assert states(at_its_end) == {1: "to_come", 2: "to_come", 3: "to_come"}
    assert states(over) == {1: "past", 2: "to_come", 3: "to_come"}


def test_a_session_that_was_attended_is_spent_while_it_runs_and_afterwards() -> None:
    used = Used({1: NOON}, {})
    running = contents(COHORT, PRACTICE, used, COHORT.sessions[0].starts_at)
    over = contents(COHORT, PRACTICE, used, COHORT.sessions[1].starts_at)
    assert states(running) == states(over) == {1: "attended", 2: "to_come", 3: "to_come"}
    assert running.sessions[0].attended_at == NOON
    assert running.count(SessionState.TO_COME) == 2


def test_an_office_hour_is_used_by_coming_and_lost_by_staying_away() -> None:
    ends = COHORT.sessions[1].ends_at
    found = {
        name: contents(COHORT, PRACTICE, used, now)
        for name, used, now in (
            ("unused", NOTHING_USED, ends),
            ("used", Used({2: NOON}, {}), ends),
            ("lost", NOTHING_USED, ends + 1),
        )
    }
    assert {
        name: (
            one.count(SessionState.ATTENDED, kind=OFFICE_HOUR),
            one.count(SessionState.TO_COME, kind=OFFICE_HOUR),
        )
        for name, one in found.items()
    } == {"unused": (0, 1), "used": (1, 0), "lost": (0, 0)}


def test_the_binding_session_is_the_last_that_the_seat_opens() -> None:
    assert contents(COHORT, ACCESS, NOTHING_USED, 0).binding == 3


def test_a_seat_that_opens_no_door_any_more_has_nothing_to_come_and_no_recordings() -> None:
    used = Used({1: NOON}, {1: 2, 3: 1}, void=True)
    found = contents(COHORT, PRACTICE, used, COHORT.sessions[1].ends_at + 1)
    assert states(found) == {1: "attended", 2: "past", 3: "void"}
    assert found.recordings == 0


def test_recordings_are_those_of_the_sessions_that_the_seat_opens() -> None:
    used = Used({}, {1: 2, 2: 4, 9: 8})
    assert contents(COHORT, ACCESS, used, 0).recordings == 2
    assert contents(COHORT, PRACTICE, used, 0).recordings == 6


@pytest.mark.parametrize(
    ("used", "session", "sentence"),
    [
        (NOTHING_USED, 0, None),
        (Used({1: NOON}, {}), 0, "3 sessions of this seat 1 were attended with it and 0 are over"),
        (NOTHING_USED, 2, "3 sessions of this seat 0 were attended with it and 2 are over"),
    ],
    ids=["nothing", "attended", "past"],
)
def test_a_buyer_is_warned_of_what_is_used_up(
    used: Used, session: int, sentence: str | None
) -> None:
    warned = contents(COHORT, PRACTICE, used, COHORT.sessions[session].starts_at).warnings_for_buyer
    if sentence is None:
        assert warned == ()
    else:
        assert [one.name for one in warned] == ["sessions_used"]
        assert sentence in warned[0].sentence


def test_a_page_has_room_for_fewer_seats_the_longer_their_programmes_are() -> None:
    session = COHORT.terms.sessions[0]
    longest = replace(COHORT, terms=replace(COHORT.terms, sessions=(session,) * 60))
    assert room_for([longest] * 100) == 10
    assert room_for([COHORT] * 100) == room_for([None] * 100) == 100
    assert room_for([None, *[longest] * 100]) == 11
    endless = replace(COHORT, terms=replace(COHORT.terms, sessions=(session,) * 601))
    assert (room_for([endless] * 2), room_for([])) == (1, 0)
