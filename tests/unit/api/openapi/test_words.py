from __future__ import annotations

from typing import Any

from api.openapi.words import WORDS, say_members


def test_a_member_that_its_model_describes_keeps_its_words() -> None:
    members: dict[str, Any] = {"drop": {"description": "Mine."}, "seat": {}, "colour": {}}
    schemas = {"Thing": {"properties": members}, "Word": {"enum": ["one"]}}
    say_members({"paths": {}, "components": {"schemas": schemas}})
    assert members == {
        "drop": {"description": "Mine."},
        "seat": {"description": WORDS["seat"]},
        "colour": {},
    }


def test_a_body_that_has_no_name_in_the_document_is_described_too() -> None:
    member: dict[str, Any] = {}
    schema = {"title": "Request", "properties": {"drop": member}}
    taken = {"content": {"application/json": {"schema": schema}, "video/mp4": {"schema": {}}}}
    paths = {"/v1/things": {"put": {"requestBody": taken}}}
    say_members({"paths": paths, "components": {"schemas": {}}})
    assert member == {"description": WORDS["drop"]}
