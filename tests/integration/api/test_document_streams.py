"""Streams of events against the OpenAPI document: how they refuse, and how they begin.

An answer without an end cannot be looked at whole, so it is left once an event has come.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import httpx
import pytest
import schemathesis

from tests.integration.api.generating import CONFORMS, faults_of, schema_of
from tests.integration.api.hearing import PATIENCE_S, Served, served
from tests.integration.api.live import SESSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.integration.api.generating import AnyCase
    from tests.integration.api.live import LiveChain

OF_A_BODY: Final = schemathesis.checks.response_schema_conformance
STREAMS: Final = ["/v1/events", "/v1/me/events"]
ROOMS: Final = "/v1/drops/{drop}/sessions/{session}/presences"
"""Has no numbers to go on after; `test_rooms` has how it refuses and begins."""


@pytest.fixture
def server(launched_chain: LiveChain, database: Engine) -> Iterator[Served]:
    with served(launched_chain, database) as found:
        found.live.mirror()
        yield found


def case_of(server: Served, path: str, **query: str) -> AnyCase:
    case: AnyCase = schema_of(server.live)[path]["GET"].Case(query=query)
    return case


def judge(case: AnyCase, answer: httpx.Response) -> None:
    answer.elapsed = timedelta()
    # Of a stream the document describes the whole text, and this check would take the schema for
    # that of each event.
    checks = [one for one in CONFORMS if answer.is_error or one is not OF_A_BODY]
    case.validate_response(answer, checks=checks)
    assert not (faults := list(faults_of(case, answer, head=2**53))), faults


def test_every_stream_of_the_document_is_here(server: Served) -> None:
    document = server.live.api.get("/v1/openapi.json").json()
    found = [
        path
        for path, operations in document["paths"].items()
        for one in operations.values()
        if "text/event-stream" in one["responses"].get("200", {}).get("content", ())
    ]
    assert found == [*STREAMS, ROOMS]


@pytest.mark.parametrize("path", STREAMS)
def test_after_an_event_that_there_is_not_a_stream_is_refused_as_described(
    server: Served, path: str
) -> None:
    case = case_of(server, path, after=str(2**53 - 1))
    answer = server.live.client("ada").get(path, params=case.query)
    assert answer.status_code == 410
    judge(case, answer)


@pytest.mark.parametrize("path", STREAMS)
def test_a_stream_begins_as_described_and_an_event_comes(server: Served, path: str) -> None:
    case = case_of(server, path, drop=str(SESSION))
    headers = {"Authorization": server.live.client("ada").headers["Authorization"]}
    with (
        httpx.Client(base_url=server.url, timeout=PATIENCE_S, trust_env=False) as client,
        client.stream("GET", path, params=case.query, headers=headers) as answer,
    ):
        lines = answer.iter_lines()
        begun = [next(lines)]
        seat = server.live.mint(SESSION, "ada")
        server.live.mirror()
        for line in lines:
            begun.append(line)
            if line.startswith("data: ") and str(seat) in line:
                break
        else:
            raise AssertionError(begun)
    whole = httpx.Response(answer.status_code, headers=answer.headers, text="\n".join(begun))
    whole.request = answer.request
    judge(case, whole)
