"""Every link from what is read leads on: from what an answer says to a request that succeeds."""

from __future__ import annotations

import re
from functools import reduce
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.links import LINKS, Link
from tests.integration.api.everybody import peopled
from tests.integration.api.generating import CONFORMS, Sender, faults_of, operations_of
from tests.integration.api.live import live_api
from tests.integration.api.receiving import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import httpx
    from schemathesis import BaseSchema
    from sqlalchemy import Engine

    from tests.integration.api.everybody import Json
    from tests.integration.api.generating import AnyCase
    from tests.integration.api.live import LiveChain

WHO: Final = ("owner", "mentor", "another holder")
TRIES: Final = 4
"""Of each of them, each time with other things that are there."""
READ: Final = [one for one in LINKS if one.source.startswith("GET ")]
STUCK: Final = {
    "GET /v1/drops → POST /v1/tx/mint": "the phases of all drops have closed",
    "GET /v1/me/seats → POST /v1/tx/refund": "all sessions have begun: nothing is refunded",
    "GET /v1/drops/{drop}/offers → POST /v1/tx/accept-offer": (
        "one offer is for dan's seat, the other for any, and only the seller knows which"
    ),
}
"""Links that lead nowhere in this world, and why."""


@pytest.fixture
def sender(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Sender]:
    given = {
        "webhook_key": KEY,
        "webhook_loopback": True,
        "media_url": f"file://{tmp_path}/first",
        "media_copy_url": f"file://{tmp_path}/second",
        "max_sessions": 100,
    }
    with live_api(launched_chain, database, **given) as live:
        made = Sender(peopled(live, tmp_path))
        yield made
        made.close()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_link_from_what_is_read_leads_on(sender: Sender) -> None:
    schema = operations_of(sender.world)
    stuck = {
        f"{link.source} → {link.target}"
        for link in READ
        if not any(
            leads_on(sender, schema, link, role, Random(seed))
            for seed in range(TRIES)
            for role in WHO
        )
    }
    assert stuck == STUCK.keys()
    assert len(READ) > 30


def leads_on(sender: Sender, schema: BaseSchema, link: Link, role: str, random: Random) -> bool:
    """Whether somebody gets from the one to the other; each answer is one that is described."""
    sender.afresh()
    source = case_of(schema, link.source)
    sender.name_real(source, role, random)
    answer = asked(sender, source, role)
    if answer.status_code != link.status:
        return False
    try:
        named = {name: said(source, answer, one) for name, one in link.parameters.items()}
        body = link.body and {name: said(source, answer, one) for name, one in link.body.items()}
    except (IndexError, TypeError):
        # The list is empty, or there is nothing but null.
        return False
    target = case_of(schema, link.target, named, body)
    sender.name_real(target, role, random, keep=named.keys() | (body or {}).keys())
    return asked(sender, target, role).is_success


def asked(sender: Sender, case: AnyCase, role: str) -> httpx.Response:
    answer = sender.send(case, role)
    case.validate_response(answer, checks=CONFORMS)
    assert not (faults := list(faults_of(case, answer, head=2**53))), faults
    return answer


def case_of(
    schema: BaseSchema, operation: str, named: Mapping[str, Json] | None = None, body: Json = None
) -> AnyCase:
    """A request with what a link names, and with empty places for what it needs besides."""
    method, path = operation.split()
    found = schema[path][method]
    given: dict[str, Any] = {"query": {}, "headers": {}}
    given["path_parameters"] = dict.fromkeys(re.findall(r"\{(\w+)\}", path))
    for name, value in (named or {}).items():
        place = "path_parameters" if f"{{{name}}}" in path else "query"
        place = "headers" if name == "if-match" else place
        given[place][name] = value
    for taken in found.body:
        if taken.media_type == "application/json":
            needed = dict.fromkeys(required_of(schema.raw_schema, found.definition.raw))
            given |= {"body": needed | (body or {}), "media_type": taken.media_type}
    case: AnyCase = found.Case(**given)
    return case


def required_of(document: Json, operation: Json) -> list[str]:
    """The members that a body must have."""
    taken = operation["requestBody"]["content"]["application/json"]["schema"]
    whole = document["components"]["schemas"][taken["$ref"].rpartition("/")[2]]
    required: list[str] = whole.get("required", [])
    return required


def said(source: AnyCase, answer: httpx.Response, expression: str) -> Json:
    """What an expression of a link means. Raises IndexError, TypeError: it is not there."""
    place, _, pointer = expression.partition("#/")
    if place == "$response.body":
        steps = pointer.split("/")
        return reduce(
            lambda one, step: one[int(step) if step.isdigit() else step], steps, answer.json()
        )
    if place.startswith("$request.path."):
        return source.path_parameters[place.removeprefix("$request.path.")]
    assert place == "$response.header.ETag", place
    return answer.headers["ETag"]
