from __future__ import annotations

from typing import Any

from api.openapi.about import ABOUT, TAGS, say_about


def test_the_page_takes_the_place_of_what_was_said() -> None:
    document: dict[str, Any] = {"info": {"title": "Seatmarket", "description": "Short."}}
    say_about(document)
    assert document["info"]["title"] == "Seatmarket"
    assert document["info"]["description"] == ABOUT
    assert [tag["name"] for tag in document["tags"]] == list(TAGS)


def test_the_page_is_of_paragraphs_lists_and_headings_alone() -> None:
    # A line that begins with space would be code to whoever shows it.
    assert [line for line in ABOUT.splitlines() if line.startswith((" ", "\t"))] == []
    assert ABOUT.count("**") % 2 == 0
    assert ABOUT.count("`") % 2 == 0
