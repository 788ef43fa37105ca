from __future__ import annotations

from dataclasses import replace

import pytest

from api.errors import NotFound
from api.gate.values import Level, Opening
from api.programme.numbers import MAX_MIRRORED_DROP
from api.programme.resources import (
    ALL_TIERS,
    recording_resource,
    resale_resource,
    session_of,
    session_resource,
)
from api.programme.values import Programme, Times
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.launch.published import read_terms
from tests.unit.api.programme.mirrored import MENTOR
from tests.unit.marketplace.launch.texts import EARLIER, SMALL, parse, with_line, with_practice

DROP = DropId(7)
STARTS = 1_894_381_200
DAY = 24 * 60 * 60
TWO = with_line('[[tiers]]\nname = "Access"', f'{EARLIER}\nname = "Access"', SMALL)


def programme(text: str) -> Programme:
    document = parse(text).document
    return Programme(DROP, "0x" + "ab" * 32, MENTOR, read_terms(document), document)


def with_audience(audience: str) -> Programme:
    return programme(
        with_line('gift_cooldown = "1 day"', f'gift_cooldown = "1 day"\naudience = {audience}')
    )


PROGRAMME = programme(with_practice(TWO))


def test_sessions_are_numbered_from_one_in_the_order_of_the_terms() -> None:
    assert [(one.number, one.title) for one in PROGRAMME.sessions] == [
        (1, "The evening"),
        (2, "The day before"),
    ]
    assert PROGRAMME.session(2) == PROGRAMME.sessions[1]


@pytest.mark.parametrize("number", [-1, 0, 3, 2**70])
def test_there_is_no_session_of_another_number(number: int) -> None:
    assert PROGRAMME.session(number) is None
    for ask in (session_of, session_resource, lambda of, one: recording_resource(of, one, "r")):
        with pytest.raises(NotFound):
            ask(PROGRAMME, number)


def test_a_session_opens_a_quarter_of_an_hour_early_to_its_tiers() -> None:
    resource = session_resource(PROGRAMME, 1)
    assert resource.id == "session 7-1"
    assert resource.drop == DROP
    assert resource.opened_by == (Opening(DROP, frozenset({TierIndex(0), TierIndex(1)})),)
    assert resource.opens_at == STARTS - 15 * 60
    assert resource.closes_at == STARTS + 2 * 60 * 60
    assert not resource.open_to_all
    assert session_resource(PROGRAMME, 2).opened_by == (Opening(DROP, frozenset({TierIndex(1)})),)


def postponed(starts_at: int, ends_at: int) -> list[tuple[int, int]]:
    """When the two sessions are of a drop with other times; the second is the first to be."""
    moved = replace(PROGRAMME, postponed=Times(starts_at, ends_at))
    return [(one.starts_at, one.ends_at) for one in moved.sessions]


def test_sessions_of_a_postponed_drop_are_later_by_as_much_as_its_start() -> None:
    (evening, practice) = [(one.starts_at, one.ends_at) for one in PROGRAMME.sessions]
    assert practice < evening
    later, length = 10 * DAY, evening[1] - evening[0]
    moved = postponed(practice[0] + later, evening[1] + later)
    assert moved == [tuple(second + later for second in one) for one in (evening, practice)]
    resource = session_resource(replace(PROGRAMME, postponed=Times(*moved[1])), 2)
    assert resource.opens_at == moved[1][0] - 15 * 60
    # The mentor may name another end: the last session is the one that ends with the drop.
    assert postponed(practice[0] + later, evening[1] + later + 60)[0] == (
        evening[0] + later,
        evening[1] + later + 60,
    )
    assert postponed(practice[0] + later, evening[0] + later - 1)[0] == (
        evening[0] + later,
        evening[0] + later + length,
    )


def test_a_recording_is_open_at_any_time_to_whom_its_session_was() -> None:
    resource = recording_resource(PROGRAMME, 2, "abc")
    assert resource.id == "recording abc"
    assert resource.opened_by == session_resource(PROGRAMME, 2).opened_by
    assert (resource.opens_at, resource.closes_at) == (None, None)
    assert resource.level is Level.LATEST


def test_everybody_sees_listings_without_an_audience() -> None:
    assert resale_resource(PROGRAMME).open_to_all


def test_everybody_sees_the_book_of_a_drop_with_turns() -> None:
    assert resale_resource(with_audience('"wait_list"\nturn = "1 hour"')).open_to_all


def test_holders_see_the_listings_of_their_drop() -> None:
    resource = resale_resource(with_audience('"holders"'))
    assert not resource.open_to_all
    assert resource.opened_by == (Opening(DROP, ALL_TIERS),)
    assert len(ALL_TIERS) == 10


def test_holders_of_named_drops_see_them_too() -> None:
    resource = resale_resource(with_audience("[9, 7, 2]"))
    assert not resource.open_to_all
    assert [one.drop for one in resource.opened_by] == [7, 2, 9]


def test_a_drop_that_no_mirror_can_hold_opens_nothing() -> None:
    resource = resale_resource(with_audience(f"[{MAX_MIRRORED_DROP + 1}, {2**64 - 1}]"))
    assert [one.drop for one in resource.opened_by] == [7]
    # The last number after all seats of the last drop is what a mirror is asked for at most.
    assert SeatId((MAX_MIRRORED_DROP + 1) * 1_000_000) < 2**63


def test_each_resource_is_of_the_terms_and_the_mentor_that_it_was_read_out_of() -> None:
    resources = (
        session_resource(PROGRAMME, 1),
        recording_resource(PROGRAMME, 1, "abc"),
        resale_resource(PROGRAMME),
    )
    assert {resource.terms_hash for resource in resources} == {PROGRAMME.terms_hash}
    assert {resource.mentor for resource in resources} == {MENTOR}
