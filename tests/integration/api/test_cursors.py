"""Cursors: given by this API for this list, the same for every process (A-47)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.cursors import opened, sealed
from api.errors import InvalidRequest
from api.places import MAX_PAGE

if TYPE_CHECKING:
    from api.parts import Parts

PLACE = "40-1-0-7-0"


def test_what_was_given_for_a_list_is_taken_for_it_by_every_process(parts: Parts) -> None:
    cursor = sealed(parts, "listings of 1", PLACE)
    assert cursor is not None
    another_process = replace(parts)
    assert opened(another_process, "listings of 1", cursor) == PLACE
    assert sealed(parts, "listings of 1", None) is None


def test_what_was_tampered_with_or_is_of_another_list_is_refused(parts: Parts) -> None:
    cursor = sealed(parts, "listings of 1", PLACE)
    assert cursor is not None
    text, _, mark = cursor.partition(".")
    wrong = (
        text,
        f"{text}.",
        f".{mark}",
        f"41{text[2:]}.{mark}",
        f"{text}.{mark[:-1]}",
        f"{text}.{mark}=",
        f"{text}.{mark[::-1]}",
        f"{text}.é{mark[1:]}",
        "." * MAX_PAGE,
    )
    for one in wrong:
        with pytest.raises(InvalidRequest):
            opened(parts, "listings of 1", one)
    elsewhere = replace(parts, settings=parts.settings.model_copy(update={"chain_id": 5}))
    for asked, kind in ((parts, "listings of 2"), (elsewhere, "listings of 1")):
        with pytest.raises(InvalidRequest):
            opened(asked, kind, cursor)
