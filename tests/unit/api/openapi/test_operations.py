from __future__ import annotations

from typing import Any, Final, TypeAlias

import pytest

from api.openapi.operations import say_operations, summary_of, who_may_ask

Json: TypeAlias = dict[str, Any]

SESSION: Final[list[Json]] = [{"session": []}, {"cookie": []}]
KEY: Final[Json] = {"key": []}


def operation(path: str = "/v1/things", method: str = "get", **members: object) -> Json:
    """One operation after it was described, of a document that has nothing else."""
    made: Json = {"description": "Do it.", "responses": {}, **members}
    schemas = {
        "Order": {"properties": {"min_block": {}, "limit": {}, "level": {}}},
        "Thing": {"description": "A thing that is there.\n\nAnd more."},
    }
    say_operations({"paths": {path: {method: made}}, "components": {"schemas": schemas}})
    return made


def asked_with(*names: str, path: str = "/v1/things") -> str:
    said: str = operation(path, parameters=[{"name": name} for name in names])["description"]
    return said


@pytest.mark.parametrize(
    ("docstring", "summary"),
    [
        ("Show a drop.", "Show a drop"),
        ("Show a drop: its terms.\n\nWhat is more.", "Show a drop"),
        ("Ask twice; be told once.", "Ask twice"),
        ("Take version 1.5 of it. Or none.", "Take version 1.5 of it"),
        ("Hear it, as it comes", "Hear it, as it comes"),
    ],
)
def test_the_summary_is_the_first_sentence(docstring: str, summary: str) -> None:
    assert summary_of(docstring) == summary


def test_who_may_ask_follows_from_the_credentials() -> None:
    said = [
        who_may_ask({"security": shown} if shown else {})
        for shown in ([], [{}, *SESSION], [{}, *SESSION, KEY], SESSION, [*SESSION, KEY], [KEY])
    ]
    assert len(set(said)) == 6
    assert [one.startswith("anybody") for one in said] == [True, True, True, False, False, False]
    assert ["scope" in one for one in said] == [False, False, True, False, True, True]


def test_credentials_that_nothing_is_said_about_are_refused() -> None:
    with pytest.raises(KeyError):
        who_may_ask({"security": [{"password": []}]})


def test_the_docstring_stands_first() -> None:
    assert asked_with().startswith("Do it.\n\n**Who may ask:** anybody")


def test_parameters_say_what_is_special() -> None:
    said = asked_with("min_block", "limit", "Idempotency-Key", "if-none-match")
    for word in ("**Lately changed?**", "**Pages:**", "**Sent again**", "**Kept already?**"):
        assert word in said
        assert word not in asked_with()


def test_a_block_is_said_once_where_it_can_be_named_in_two_ways() -> None:
    assert "`block`" not in asked_with("level")
    assert "`block`" in asked_with("level", "block")
    assert asked_with("level", "block").count("**As of**") == 1


def test_a_level_of_the_gate_is_no_moment_of_the_answer() -> None:
    assert "**As of**" not in asked_with("level", path="/v1/access/check")


def test_of_a_body_only_the_block_counts_that_somebody_knows_of() -> None:
    schema = {"$ref": "#/components/schemas/Order"}
    body = {"content": {"application/json": {"schema": schema}}}
    said = operation(method="post", requestBody=body)["description"]
    assert "**Lately changed?**" in said
    assert "**Pages:**" not in said
    assert "**As of**" not in said


def test_what_is_counted_says_as_what() -> None:
    assert "one request of the class `reads`" in operation()["description"]
    batch = operation("/v1/access/check:batch", "post")["description"]
    assert "10 requests of the class `checks`" in batch
    assert "**Counts as**" not in operation("/health/live")["description"]


def test_an_answer_is_described_as_what_it_is() -> None:
    unsaid = {"description": "Successful Response"}
    schema = {"schema": {"$ref": "#/components/schemas/Thing"}}
    given = {
        "200": unsaid | {"content": {"application/json": schema}},
        "204": dict(unsaid),
        "304": {"description": "It is there already"},
    }
    answers = operation(responses=given)["responses"]
    assert {status: one["description"] for status, one in answers.items()} == {
        "200": "A thing that is there.",
        "204": "Done; there is nothing to say.",
        "304": "It is there already",
    }
