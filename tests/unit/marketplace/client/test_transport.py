from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from marketplace.client import transport
from marketplace.client.answers.chain import Ready
from marketplace.client.errors import (
    AccessDenied,
    AnswerUnexpected,
    ApiFailed,
    ApiRefused,
    ApiUnavailable,
    SignInRequired,
)
from marketplace.domain.errors import RuleViolated, SeatmarketError
from marketplace.domain.ids import DropId
from tests.unit.marketplace.client.told import BLOCK_HASH, Told, always, answered, problem

READY = {"block": 7, "block_hash": BLOCK_HASH, "lag_s": 1}
TOKEN = "a-token-that-nobody-may-see"  # noqa: S105 - opens nothing


def test_an_answer_becomes_a_dataclass_and_members_of_later_versions_are_let_pass() -> None:
    ready = always(answered(READY | {"status": "ready", "colour": "red"})).client().ready()
    assert ready == Ready(block=7, block_hash=BLOCK_HASH, lag_s=1)  # type: ignore[arg-type] # as in JSON


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (answered(READY | {"block": "7"}), "block: Input should be a valid integer"),
        (answered({"block": 7}), "block_hash: Field required"),
        (answered(READY | {"block_hash": "0xAB"}), "block_hash: String should match"),
        (httpx.Response(200, json=[READY]), "Input should be"),
        (
            httpx.Response(200, content=b"{", headers={"Content-Type": "application/json"}),
            "Invalid JSON",
        ),
        (httpx.Response(200, html="<h1>Welcome</h1>"), "it is of type text/html"),
        (httpx.Response(200), "it is of type unknown"),
        (httpx.Response(404, html="<h1>No</h1>"), "status 404, and no problem of ours"),
        (
            httpx.Response(307, headers={"Location": "https://elsewhere.example/"}),
            "status 307 that leads elsewhere, and no problem of ours",
        ),
        (problem(409, "x", status=404), "status 409 with a problem of 404"),
        (
            httpx.Response(200, content=b"", headers={"Content-Encoding": "br"}),
            "it is compressed",
        ),
        (
            httpx.Response(
                200, content=b" " * (5 << 20), headers={"Content-Type": "application/json"}
            ),
            "it is longer than 4194304 bytes",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_that_is_not_the_apis_is_said_to_be_none(
    answer: httpx.Response, why: str
) -> None:
    with pytest.raises(AnswerUnexpected) as unexpected:
        always(answer).client().ready()
    assert unexpected.value.asked == "GET /health/ready"
    assert why in unexpected.value.why


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (problem(409, "rule_violated"), ApiRefused, "refuses (rule_violated): What happened."),
        (problem(409, "rule_violated", cause="paused"), ApiRefused, "refuses (paused): What"),
        (
            problem(
                422,
                "invalid_request",
                errors=[{"at": "/a", "fault": "one"}, {"at": "/b", "fault": "two"}],
            ),
            ApiRefused,
            "What to do. [/b: two]",
        ),
        (problem(401, "session_ended"), SignInRequired, "refuses (session_ended)"),
        (problem(403, "access_denied"), AccessDenied, "refuses (access_denied)"),
        (problem(403, "another_account"), ApiRefused, "refuses (another_account)"),
        (problem(503, "mirror_behind"), ApiUnavailable, "(mirror_behind: The title): try again in"),
        (problem(500, "internal"), ApiFailed, "the request id 0123456789abcdef"),
        (problem(429, "too_many_requests"), ApiUnavailable, "(too_many_requests: The title): try"),
        (problem(429, "streams_busy"), ApiRefused, "streams_busy"),
        (httpx.Response(503, text="full"), ApiUnavailable, "overloaded or starting"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_problem_is_an_error_of_its_kind(
    answer: httpx.Response, kind: type[SeatmarketError], said: str
) -> None:
    with pytest.raises(kind) as error:
        always(answer).client().ready()
    assert type(error.value) is kind
    assert said in str(error.value)


def test_a_refusal_is_a_rule_and_an_absence_can_be_tried_again() -> None:
    assert issubclass(ApiRefused, RuleViolated)
    assert ApiUnavailable.retry_helps
    with pytest.raises(ApiUnavailable) as error:
        always(problem(503, "storage_locked")).client().ready()
    assert error.value.retry_after_s == 3


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (httpx.ConnectTimeout("in 10 s"), "no answer in time"),
        (httpx.ReadTimeout("in 10 s"), "no answer in time"),
        (httpx.RemoteProtocolError("eof"), "the connection was cut"),
        (httpx.ConnectError("[Errno 111] https://key@host/"), "ConnectError"),
    ],
)
def test_a_connection_that_fails_is_an_absence_without_addresses(
    failure: httpx.TransportError, said: str
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(ApiUnavailable) as error:
        Told(fail).client().ready()
    assert error.value.said == said


@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_that_does_not_end_is_not_waited_for(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_WHOLE_S", 0.0)
    without_end = httpx.Response(status, content=(b" " for _ in range(10**6)))
    with pytest.raises(ApiUnavailable, match="its answer does not end"):
        always(without_end).client().live()


def test_a_redirect_is_not_followed_and_takes_no_token_along() -> None:
    told = always(httpx.Response(302, headers={"Location": "https://elsewhere.example/v1"}))
    client = told.client()
    client._transport.token = TOKEN  # noqa: SLF001 - signing in is another test's
    with pytest.raises(AnswerUnexpected, match="leads elsewhere"):
        client.who_am_i()
    assert [request.url.host for request in told.asked] == ["seats.example"]
    assert told.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_token_is_never_shown() -> None:
    client = always(httpx.Response(200)).client()
    client._transport.token = TOKEN  # noqa: SLF001 - signing in is another test's
    assert TOKEN not in f"{client!r} {client._transport!r}"  # noqa: SLF001 - that is the question


def test_a_token_is_forgotten_when_signing_out_fails() -> None:
    told = always(problem(503, "storage"))
    client = told.client()
    client._transport.token = TOKEN  # noqa: SLF001 - signing in is another test's
    with pytest.raises(ApiUnavailable):
        client.sign_out()
    with pytest.raises(ApiUnavailable):
        client.who_am_i()
    assert "Authorization" not in told.asked[-1].headers


def test_segments_of_a_path_lead_nowhere_else() -> None:
    told = always(problem(404, "not_found"))
    with pytest.raises(ApiRefused):
        told.client().recording("../../v1/auth/sign-out?x=1#y")
    assert told.asked[0].url.raw_path == (
        b"/v1/recordings/..%2F..%2Fv1%2Fauth%2Fsign-out%3Fx%3D1%23y"
    )


def test_what_is_left_out_is_not_sent() -> None:
    told = always(problem(404, "not_found"))
    with pytest.raises(ApiRefused):
        told.client().drops(after=DropId(3))
    assert told.asked[0].url.query == b"after=3"


def test_using_the_client_loads_nothing_that_reaches_for_a_node() -> None:
    code = "import sys, marketplace.client; sys.exit('web3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own interpreter
