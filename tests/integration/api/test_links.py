"""Every link of the document names what its two operations have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine

from api.app import create_app
from api.links import LINKS, Link, describe_links
from tests.integration.api.world import Clock, parts_for

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(parts_for(create_engine("sqlite://"), Clock())).openapi()


def operation(document: dict[str, Any], name: str) -> dict[str, Any]:
    method, path = name.split()
    found: dict[str, Any] = document["paths"][path][method.lower()]
    return found


def parameters(document: dict[str, Any], name: str) -> set[str]:
    return {one["name"] for one in operation(document, name).get("parameters", ())}


def body_of(document: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """The schema of a body or an answer, without references."""
    found: dict[str, Any] = said["content"]["application/json"]["schema"]
    return resolved(document, found)


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema or "anyOf" in schema:
        if "anyOf" in schema:
            # What may be null leads where it is not.
            (schema,) = (one for one in schema["anyOf"] if one != {"type": "null"})
        else:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def faults(document: dict[str, Any], link: Link) -> Iterator[str]:
    source, target = operation(document, link.source), operation(document, link.target)
    if str(link.status) not in source["responses"]:
        yield f"it does not answer {link.status}"
        return
    for name in link.parameters.keys() - parameters(document, link.target):
        yield f"{name} is no parameter there"
    if link.body is not None:
        taken = body_of(document, target["requestBody"])["properties"]
        for name in link.body.keys() - taken.keys():
            yield f"{name} is no member there"
    for expression in (*link.parameters.values(), *(link.body or {}).values()):
        yield from faults_of(document, link, expression)


def faults_of(document: dict[str, Any], link: Link, expression: str) -> Iterator[str]:
    """What is wrong with one expression of a link."""
    place, _, name = expression.partition("#/")
    if place == "$response.body":
        answer = operation(document, link.source)["responses"][str(link.status)]
        if not leads(document, body_of(document, answer), name.split("/")):
            yield f"{name} is not answered"
    elif place.startswith("$request.path."):
        if place.removeprefix("$request.path.") not in parameters(document, link.source):
            yield f"{place} was not asked"
    elif place != "$response.header.ETag":
        yield f"{expression} is not understood"


def leads(document: dict[str, Any], schema: dict[str, Any], steps: list[str]) -> bool:
    """Whether there is such a member."""
    for step in steps:
        schema = resolved(document, schema)
        inner = schema.get("items") if step == "0" else schema.get("properties", {}).get(step)
        if inner is None:
            return False
        schema = inner
    return True


@pytest.mark.parametrize("link", LINKS, ids=lambda link: f"{link.source} → {link.target}")
def test_a_link_names_what_is_there(document: dict[str, Any], link: Link) -> None:
    assert list(faults(document, link)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"status": 418}, "it does not answer 418"),
        ({"parameters": {"door": "$response.body#/id"}}, "door is no parameter there"),
        ({"parameters": {"key": "$response.body#/ids"}}, "ids is not answered"),
        ({"parameters": {"key": "$request.path.key"}}, "$request.path.key was not asked"),
        ({"parameters": {"key": "id"}}, "id is not understood"),
    ],
)
def test_a_link_to_what_is_not_there_is_found(
    document: dict[str, Any], change: dict[str, Any], fault: str
) -> None:
    good = next(one for one in LINKS if one.source == "POST /v1/api-keys")
    assert list(faults(document, replace(good, **change))) == [fault]


def test_the_links_stand_in_the_document(document: dict[str, Any]) -> None:
    made = operation(document, "POST /v1/api-keys")["responses"]["201"]["links"]
    assert made == {"end_key": {"operationId": "end_key", "parameters": LINKS_OF_A_KEY}}
    written = [
        link
        for path in document["paths"].values()
        for one in path.values()
        for response in one["responses"].values()
        for link in response.get("links", ())
    ]
    assert len(written) == len(LINKS)


LINKS_OF_A_KEY = {"key": "$response.body#/id"}


def test_a_link_from_nowhere_cannot_be_described(document: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        describe_links(document, [Link("GET /nowhere", 200, "GET /v1/drops", {})])
