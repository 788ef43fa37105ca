from __future__ import annotations

from typing import Any

import pytest

from api.openapi.values import VALUES, meanings_of, say_values

LEVELS = ["latest", "safe", "finalized"]


def document(*parameters: object, **schemas: object) -> dict[str, Any]:
    paths = {"/v1/things": {"get": {"parameters": parameters, "responses": {}}}}
    return {"paths": paths, "components": {"schemas": schemas}}


def test_values_are_listed_wherever_they_stand() -> None:
    own: dict[str, Any] = {"enum": LEVELS, "description": "How sure."}
    member: dict[str, Any] = {"anyOf": [{"enum": LEVELS}, {"type": "null"}]}
    items: dict[str, Any] = {"items": {"enum": LEVELS}}
    asked: dict[str, Any] = {"name": "level", "schema": {"enum": LEVELS}, "description": "Which."}
    holder = {"properties": {"one": member, "many": items}}
    say_values(document(asked, Level=own, Thing=holder))
    listed = "\n".join(f"- `{value}`: {VALUES['level'][value]}" for value in LEVELS)
    assert own["description"] == f"How sure.\n\n{listed}"
    assert asked["description"] == f"Which.\n\n{listed}"
    assert member["description"] == items["description"] == listed


def test_what_is_only_referred_to_is_listed_where_it_is_defined() -> None:
    member = {"$ref": "#/components/schemas/Level", "description": "How sure."}
    say_values(document(Level={"enum": LEVELS}, Thing={"properties": {"level": member}}))
    assert member["description"] == "How sure."


def test_values_without_meanings_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing says what latest, safe mean"):
        meanings_of(["latest", "safe"])


def test_no_two_tables_are_of_the_same_values() -> None:
    assert len({frozenset(meanings) for meanings in VALUES.values()}) == len(VALUES)
