"""Cursors: given by this API for this list, the same for every process, read by nobody (A-47)."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from api.cursors import MAX_CURSOR, opened, sealed
from api.errors import InvalidRequest
from api.market.values import Place
from api.places import MAX_PAGE
from marketplace.domain.ids import MAX_UINT256

if TYPE_CHECKING:
    from api.parts import Parts

PLACE: Final = "40-1-0-7-0"
LIST: Final = "listings of 1"


def cursor_of(parts: Parts, place: str) -> str:
    cursor = sealed(parts, LIST, place)
    assert cursor is not None
    return cursor


def test_what_was_given_for_a_list_is_taken_for_it_by_every_process(parts: Parts) -> None:
    cursor = cursor_of(parts, PLACE)
    another_process = replace(parts)
    assert opened(another_process, LIST, cursor) == PLACE
    assert sealed(another_process, LIST, PLACE) == cursor
    assert sealed(parts, LIST, None) is None


def test_a_cursor_tells_neither_its_place_nor_how_long_that_is(parts: Parts) -> None:
    cursor, next_one = cursor_of(parts, PLACE), cursor_of(parts, "41-1-0-7-0")
    assert PLACE not in cursor
    octets = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert PLACE.encode() not in octets
    assert cursor[:16] != next_one[:16]
    assert cursor[-16:] != next_one[-16:]
    assert len(cursor) == len(cursor_of(parts, f"{10**18}-1000001-0-7-0"))


def test_the_longest_place_fits(parts: Parts) -> None:
    most = 2**63 - 1
    place = Place(price=MAX_UINT256, seat=most, stored=False, first=MAX_UINT256, second=most)
    longest = place.cursor
    assert len(cursor_of(parts, longest)) <= MAX_CURSOR
    assert opened(parts, LIST, cursor_of(parts, longest)) == longest


def test_what_was_tampered_with_or_is_of_another_list_is_refused(parts: Parts) -> None:
    cursor = cursor_of(parts, PLACE)
    other_end = "A" if cursor[-1] != "A" else "B"
    wrong = (
        "",
        PLACE,
        cursor[:-1],
        cursor[4:],
        cursor[:20],
        f"{cursor}=",
        f"{cursor}A",
        f"{cursor[:8]} {cursor[8:]}",
        f"{cursor[:-1]}{other_end}",
        cursor[::-1],
        f"é{cursor[1:]}",
        "." * MAX_PAGE,
    )
    for one in wrong:
        with pytest.raises(InvalidRequest):
            opened(parts, LIST, one)
    elsewhere = replace(parts, settings=parts.settings.model_copy(update={"chain_id": 5}))
    for asked, kind in ((parts, "listings of 2"), (elsewhere, LIST)):
        with pytest.raises(InvalidRequest):
            opened(asked, kind, cursor)
