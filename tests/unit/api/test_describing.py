from __future__ import annotations

from typing import Any

import pytest

from api.describing import described


def document(*refusals: str, schemas: tuple[str, ...] = ()) -> dict[str, Any]:
    """A document whose operations answer 401 with these codes; an empty text: with none."""
    paths: dict[str, Any] = {
        f"/{number}": {
            "get": {
                "operationId": f"ask_{number}",
                "responses": {"401": {"description": told}} if told else {"200": {}},
            }
        }
        for number, told in enumerate(refusals)
    }
    return {"paths": paths, "components": {"schemas": {name: {} for name in schemas}}}


def shown(*refusals: str) -> list[Any]:
    found = described(document(*refusals))
    return [path["get"].get("security") for path in found["paths"].values()]


def test_what_a_request_shows_follows_from_the_problems_that_it_can_get() -> None:
    session: list[dict[str, list[str]]] = [{"session": []}, {"cookie": []}]
    key: dict[str, list[str]] = {"key": []}
    assert shown(
        "",
        "Over (`session_ended`)",
        "Nobody (`sign_in_required`); over (`session_ended`)",
        "Over (`session_ended`); nobody (`sign_in_required`); over (`api_key_ended`)",
        "Only keys (`api_key_required`); over (`api_key_ended`)",
        "No sign-in is open (`sign_in_attempt_unknown`)",
        "Over (`session_ended`); keys about others (`api_key_required`); over (`api_key_ended`)",
    ) == [None, [{}, *session], session, [*session, key], [key], None, [{}, *session, key]]


def test_what_two_rooms_call_alike_is_called_after_its_room() -> None:
    long = document("", schemas=("api__auth__bodies__Answer", "api__sessions__bodies__Answer"))
    place = "#/components/schemas/"
    for name in ("auth", "sessions"):
        responses = long["paths"]["/0"]["get"]["responses"]
        responses[name] = {"$ref": f"{place}api__{name}__bodies__Answer"}
    found = described(long)
    assert found["components"]["schemas"].keys() == {"AuthAnswer", "SessionsAnswer"}
    answers = found["paths"]["/0"]["get"]["responses"]
    assert answers["auth"] == {"$ref": f"{place}AuthAnswer"}
    assert answers["sessions"] == {"$ref": f"{place}SessionsAnswer"}


def test_a_short_name_that_is_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="two schemas are called AuthAnswer"):
        described(document("", schemas=("AuthAnswer", "api__auth__bodies__Answer")))


def test_two_operations_of_one_name_are_refused() -> None:
    both = document("", "")
    both["paths"]["/1"]["get"]["operationId"] = "ask_0"
    with pytest.raises(ValueError, match="two operations are called ask_0"):
        described(both)


def test_the_document_is_of_the_server_that_it_was_read_from() -> None:
    assert described(document(""))["servers"] == [{"url": "/"}]
