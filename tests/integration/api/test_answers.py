from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Annotated, Final

import pytest
from fastapi import Query

from api.app import create_app
from api.edge import SECURITY_HEADERS
from api.logs import JsonLines
from api.problems import PROBLEMS
from api.wire import WireModel
from marketplace.bindings.addresses import InvalidAddress
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.errors import DatabaseLockedError, ValueRefusedError
from tests.integration.api.world import code_of, in_front_of

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI

    from api.parts import Parts

LONG: Final = ("/terms", "/allowlist")
"""Addresses whose bodies may be long."""


class Page(WireModel):
    """Parameters that arrive as one model."""

    limit: str = "10"


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    """The application, and routes that fail as real ones may."""
    app = create_app(parts)
    failures = {
        "locked": DatabaseLockedError("seats on db.internal"),
        "refused": ValueRefusedError("Bytes32", "the secret 42"),
        "chain": ChainUnavailable("https://node.internal/key does not answer"),
        "address": InvalidAddress("0x1"),
        "bug": ZeroDivisionError("the secret 42"),
    }

    @app.get("/fails/{how}")
    def fail(how: str) -> None:
        raise failures[how]

    @app.get("/paged")
    async def paged(page: Annotated[Page, Query()]) -> str:
        return page.limit

    return app


@pytest.fixture
def client(app: FastAPI, parts: Parts) -> httpx.Client:
    return in_front_of(app, parts.origin.url)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("locked", "storage_locked"),
        ("refused", "storage"),
        ("chain", "chain_unavailable"),
        ("bug", "internal"),
    ],
)
def test_a_failure_of_ours_is_a_problem_that_gives_nothing_away(
    client: httpx.Client, how: str, code: str
) -> None:
    answer = client.get(f"/fails/{how}")
    assert code_of(answer) == code
    assert answer.status_code == PROBLEMS[code].status
    assert "internal/" not in answer.text
    assert "42" not in answer.json()["detail"]
    assert "cause" not in answer.json()
    assert ("retry-after" in answer.headers) == (answer.status_code == 503)


def test_a_rule_that_was_broken_is_told_in_its_own_words(client: httpx.Client) -> None:
    answer = client.get("/fails/address")
    assert (answer.status_code, code_of(answer)) == (422, "invalid_address")
    assert answer.json()["detail"].startswith("'0x1' is not an address")


def test_what_a_problem_is_called_leads_to_its_row(client: httpx.Client) -> None:
    named = client.get("/nowhere").json()["type"]
    assert client.get(named).json()["code"] == "not_found"
    assert code_of(client.get("/v1/problems/unheard_of")) == "not_found"
    assert len(client.get("/v1/problems").json()["problems"]) == len(PROBLEMS)


def test_the_methods_that_are_possible_are_named(client: httpx.Client) -> None:
    answer = client.get("/v1/auth/nonce")
    assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/v1/auth/session/", "//v1/auth/session", "/v1/../health/live/"])
def test_no_redirect_is_made_up_from_the_host(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers={"Host": "evil.example"}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"\xff",
        b'{"account": "\xff"}',
        b'{"account": "\\ud800"}',
        b"[" * 60_000,
        b"1" * 5_000,
    ],
)
def test_a_body_that_cannot_be_read_is_400(client: httpx.Client, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/auth/nonce", content=body, headers=headers)
    assert (answer.status_code, code_of(answer)) == (400, "malformed_body")


@pytest.mark.parametrize(
    "body",
    [
        '{"session": "bearer", "session": "cookie"}',
        '{"session": "bearer", "\\u0073ession": "bearer"}',
        '{"session": "bearer", "x": [{"y": 1, "y": 1}]}',
        '{"session": "bearer", "x": NaN}',
        '{"session": "bearer", "x": -Infinity}',
    ],
)
def test_a_body_that_two_readers_could_read_as_two_things_is_400(
    client: httpx.Client, body: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/auth/nonce", content=body, headers=headers)
    assert (answer.status_code, code_of(answer)) == (400, "malformed_body")


def test_every_address_that_takes_json_reads_it_in_one_way(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    asked = 0
    for path, methods in client.get("/v1/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            if "application/json" not in operation.get("requestBody", {}).get("content", {}):
                continue
            asked += 1
            place = re.sub(r"\{\w+\}", "1", path)
            answer = client.request(method, place, content='{"a": 1, "a": 1}', headers=headers)
            # What may be long is not read before it is known who sends it.
            late = path.endswith(LONG)
            assert code_of(answer) == ("sign_in_required" if late else "malformed_body"), path
    assert asked > 5


@pytest.mark.parametrize("kind", ["application/json", "application/any+json"])
def test_no_address_lets_python_go_as_deep_as_a_body_nests(client: httpx.Client, kind: str) -> None:
    # Python's decoder would go 300 levels deep, and thousands where a process lets it: to its end.
    deep = b"[" * 300 + b"]" * 300
    asked = 0
    for path, methods in client.get("/v1/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            if "application/json" not in operation.get("requestBody", {}).get("content", {}):
                continue
            asked += 1
            place = re.sub(r"\{\w+\}", "1", path)
            answer = client.request(method, place, content=deep, headers={"Content-Type": kind})
            late = path.endswith(LONG)
            assert code_of(answer) == ("sign_in_required" if late else "malformed_body"), path
            assert late or "recursion limit" in answer.json()["detail"], path
    assert asked > 5


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("[]", {"/body"}),
        ("", {"/body"}),
        (
            '{"session": "magic", "x": 1, "account": "me"}',
            {"/body/session", "/body/x", "/body/account"},
        ),
        ('{"account": "0xf39fd6e51aad88F6F4ce6aB8827279cffFb92266"}', {"/body/account"}),
        ('{"a/b~c": 1}', {"/body/a~1b~0c"}),
    ],
)
def test_a_body_that_does_not_fit_is_422_with_every_fault(
    client: httpx.Client, body: str, places: set[str]
) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = client.post("/v1/auth/nonce", content=body, headers=headers)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert {one["at"] for one in answer.json()["errors"]} == places


def test_a_fault_does_not_repeat_what_was_sent(client: httpx.Client) -> None:
    answer = client.post("/v1/auth/verify", json={"message": 7, "signature": ["hunter2"]})
    assert code_of(answer) == "invalid_request"
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("path", ["/health/live?a=1", "/v1/problems?limit=1", "/paged?offset=1"])
def test_an_unknown_parameter_is_refused(client: httpx.Client, path: str) -> None:
    assert code_of(client.get(path)) == "invalid_request"


def test_a_parameter_that_is_there_twice_is_refused(client: httpx.Client) -> None:
    answer = client.get("/v1/drops?limit=1&limit=2")
    assert code_of(answer) == "invalid_request"
    assert answer.json()["errors"] == [{"at": "/query/limit", "fault": "it is there twice"}]


@pytest.mark.parametrize("number", ["+1", "%201", "1%0a", "01", "1_0", "1.0", "1e0", "%D9%A1"])
@pytest.mark.parametrize(
    "path",
    [
        "/v1/drops/{}/sessions/1",
        "/v1/drops/1/sessions/{}",
        "/v1/drops/1/listings?tier={}",
        "/v1/drops/1/listings?min_block={}",
        "/v1/access/check?action=enter_session&drop=1&session={}",
        "/v1/access/check?action=see_resale&drop=1&min_block={}",
    ],
)
def test_a_number_has_one_spelling(client: httpx.Client, path: str, number: str) -> None:
    assert code_of(client.get(path.format(number))) == "invalid_request"
    assert code_of(client.get(path.format("1"))) != "invalid_request"


def test_a_known_parameter_is_not(client: httpx.Client) -> None:
    assert client.get("/paged?limit=20").json() == "20"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: httpx.Client) -> None:
    answer = client.post("/v1/auth/nonce", json={"account": "x" * 70_000})
    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["/health/live", "/nowhere", "/fails/bug", "/v1/openapi.json"])
def test_every_answer_carries_an_id_of_ours_and_the_security_headers(
    client: httpx.Client, path: str
) -> None:
    answers = [client.get(path, headers={"X-Request-Id": "forged"}) for _ in range(2)]
    ids = {answer.headers["x-request-id"] for answer in answers}
    assert len(ids) == 2
    assert "forged" not in ids
    for name, value in SECURITY_HEADERS.items():
        assert answers[0].headers[name] == value
    assert answers[0].headers["strict-transport-security"] == "max-age=31536000"


def test_a_log_line_names_the_request_and_the_route_and_no_secret(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(JsonLines())
    with caplog.at_level(logging.INFO, "api"):
        client.get("/fails/bug?token=hunter2", headers={"Authorization": "Bearer hunter2"})
        answer = client.get("/fails/bug")
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    mine = [line for line in lines if line["request"] == answer.headers["x-request-id"]]
    assert {line["logger"] for line in mine} == {"api.access", "api.faults"}
    access = next(line for line in mine if line["logger"] == "api.access")
    assert (access["method"], access["route"], access["status"]) == ("GET", "/fails/{how}", 500)
    assert "hunter2" not in json.dumps(lines)
    assert any("ZeroDivisionError" in line.get("trace", "") for line in mine)


def test_every_documented_problem_has_the_one_shape(client: httpx.Client) -> None:
    document = client.get("/v1/openapi.json").json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            errors = {s: r for s, r in operation["responses"].items() if int(s) >= 400}
            for status, response in errors.items():
                where = f"{method} {path} {status}"
                assert list(response["content"]) == ["application/problem+json"], where
            if "requestBody" in operation:
                assert {"400", "408", "413", "415", "422"} <= errors.keys()


def test_an_answer_about_many_faults_stays_short(client: httpx.Client) -> None:
    unknown = {f"{number}-{'~' * 300}": 1 for number in range(100)}
    answer = client.post("/v1/auth/nonce", json=unknown)
    assert code_of(answer) == "invalid_request"
    listed = answer.json()["errors"]
    assert (len(listed), max(len(one["at"]) for one in listed)) == (20, 100)
    assert answer.json()["detail"].startswith(
        "The request does not fit in 100 places, first: /body/0-"
    )
    assert len(answer.content) < 5_000
