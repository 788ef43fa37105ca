"""Every request, answer and problem of the document has examples, and each fits its schema.

That real answers are like them is held wherever a test gets one: `documented` is asked by the
client of all tests in this process.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator
from sqlalchemy import create_engine

from api.app import create_app
from api.openapi.codes import codes_of, is_problem, operations_of
from api.openapi.examples.problems import problem_examples
from api.openapi.examples.showing import answers, bodies, is_bytes
from api.problems import PROBLEMS
from tests.integration.api.documented import faults_of, resolved
from tests.integration.api.world import Clock, parts_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.openapi.codes import Operation

    Fits = Callable[[dict[str, Any]], Draft202012Validator]

OF_NO_OPERATION = {"method_not_allowed", "invalid_address"}
"""Codes of no operation: the router's own, and what a body's own check says before."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(parts_for(create_engine("sqlite://"), Clock())).openapi()


def contents(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is sent and answered: whose it is, its type, and what is said of it."""
    for operation in operations_of(document):
        told = {"request": operation.said.get("requestBody", {}), **operation.responses}
        for part, said in told.items():
            for kind, content in said.get("content", {}).items():
                yield f"{operation.name} {part}", kind, content


def examples(document: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    return {
        name: resolved(document, one)["value"] for name, one in content.get("examples", {}).items()
    }


@pytest.fixture(scope="module")
def fits(document: dict[str, Any]) -> Fits:
    """Give what holds values against a schema of the document."""

    @cache
    def made(schema: str) -> Draft202012Validator:
        whole = {**json.loads(schema), "components": {"schemas": schemas}}
        return Draft202012Validator(whole, validate_formats=True)

    schemas = document["components"]["schemas"]
    return lambda schema: made(json.dumps(schema))


def test_every_body_and_every_answer_has_an_example(document: dict[str, Any]) -> None:
    lacking = [
        f"{whose} {kind}"
        for whose, kind, content in contents(document)
        if not content.get("examples") and not is_bytes(content)
    ]
    assert lacking == []


def test_every_example_fits_its_schema(document: dict[str, Any], fits: Fits) -> None:
    seen, wrong = 0, []
    for whose, _, content in contents(document):
        valid = fits(content.get("schema", {}))
        for name, value in examples(document, content).items():
            seen += 1
            wrong += [f"{whose} {name}: {fault}" for fault in valid.iter_errors(value)]
    assert wrong == []
    assert seen > 1_000


def test_no_schema_takes_a_member_that_it_does_not_name(
    document: dict[str, Any], fits: Fits
) -> None:
    # Else an example could have members that no answer has.
    taking = [
        f"{whose} {name}"
        for whose, kind, content in contents(document)
        if kind == "application/json" and "$ref" in content.get("schema", {})
        for name, value in examples(document, content).items()
        if fits(content["schema"]).is_valid({**value, "colour": "red"})
    ]
    assert taking == []


def problems(document: dict[str, Any]) -> Iterator[tuple[Operation, str, dict[str, Any]]]:
    for operation in operations_of(document):
        for status, response in operation.responses.items():
            if is_problem(status):
                (content,) = response["content"].values()
                yield operation, status, {**response, "shown": examples(document, content)}


def test_every_problem_of_every_operation_has_an_example(document: dict[str, Any]) -> None:
    for operation, status, response in problems(document):
        shown = {one["code"] for one in response["shown"].values()}
        assert shown == set(codes_of(response)), (operation.name, status)
        assert shown, (operation.name, status)


def test_an_example_of_a_problem_says_what_its_row_says(document: dict[str, Any]) -> None:
    seen = set()
    for operation, status, response in problems(document):
        for name, shown in response["shown"].items():
            kind = PROBLEMS[shown["code"]]
            seen.add(kind.code)
            assert name.partition(".")[0] == kind.code
            assert (shown["title"], shown["status"]) == (kind.title, int(kind.status)), name
            assert (shown["type"], str(shown["status"])) == (f"/v1/problems/{kind.code}", status)
            assert shown["detail"].endswith("."), (operation.name, name)
    assert PROBLEMS.keys() - seen == OF_NO_OPERATION


def test_no_example_is_left_over(document: dict[str, Any]) -> None:
    operations = {one.name: one for one in operations_of(document)}
    asked = {name for name, one in operations.items() if "requestBody" in one.said}
    assert bodies().keys() <= asked
    answered = {
        name
        for name, one in operations.items()
        if any("content" in said for status, said in one.responses.items() if int(status) < 400)
    }
    assert answers().keys() <= answered
    referred = {
        one["$ref"].rpartition("/")[2]
        for _, _, content in contents(document)
        for one in content.get("examples", {}).values()
        if "$ref" in one
    }
    assert referred == document["components"]["examples"].keys()
    assert referred == problem_examples().keys()


def test_examples_tell_of_one_drop_and_one_seat(document: dict[str, Any]) -> None:
    told: dict[str, set[str]] = {"drop": set(), "seat": set(), "chain_id": set(), "contract": set()}
    for _, _, content in contents(document):
        for value in examples(document, content).values():
            for name, one in members(value):
                if name in told and one is not None:
                    told[name].add(str(one))
    assert told == {
        "drop": {"7"},
        "seat": {"7200013"},
        "chain_id": {"31337"},
        "contract": {"0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0"},
    }


def members(value: object) -> Iterator[tuple[str, object]]:
    """Every member that is no object and no list, however deep."""
    if isinstance(value, dict):
        for name, one in value.items():
            if not isinstance(one, dict | list):
                yield name, one
            yield from members(one)
    elif isinstance(value, list):
        for one in value:
            yield from members(one)


def test_an_answer_that_is_like_no_example_is_noticed(document: dict[str, Any]) -> None:
    named = {"X-Request-Id": "1", "Cache-Control": "no-store"}

    def faults(status: int, body: dict[str, Any], kind: str = "application/json") -> list[str]:
        answer = httpx.Response(status, json=body, headers={**named, "Content-Type": kind})
        return faults_of(document, "GET", "/health/live", answer)

    assert faults(200, {"status": "live"}) == []
    assert "like none of the examples ['live']" in faults(200, {"status": "live", "more": 1})[0]
    problem = problem_examples()["internal"]
    shown = json.loads(bytes(problem.body))
    assert faults(500, shown, problem.media_type or "") == []
    assert "like none" in faults(500, {**shown, "cause": "more"}, problem.media_type or "")[0]
    other = {**shown, "code": "storage"}
    assert "storage is not documented" in faults(500, other, problem.media_type or "")[0]
    assert "answers 404, and the document does not" in faults(404, shown)[0]
