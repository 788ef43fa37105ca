"""The headers that the document names: of which answers, and whether always.

That real answers have them, and no others, is held wherever a test gets an answer: `documented` is
asked by the client of all tests in this process. Here it is held that it would notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import create_engine

from api.app import create_app
from api.edge import SECURITY_HEADERS
from api.openapi.codes import is_problem, operations_of
from api.openapi.headers import SAID
from tests.integration.api.documented import EVERYWHERE, faults_of, resolved
from tests.integration.api.world import Clock, parts_for
from tests.meta.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

ALWAYS = {"X-Request-Id", "Cache-Control"}
COUNTED = {"RateLimit-Policy", "RateLimit"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(parts_for(create_engine("sqlite://"), Clock())).openapi()


def headers(document: dict[str, Any], operation: str, status: int) -> Mapping[str, bool]:
    """The headers of an answer; true: always sent."""
    (found,) = (one for one in operations_of(document) if one.name == operation)
    return {
        name: resolved(document, one).get("required", False)
        for name, one in found.responses[str(status)]["headers"].items()
    }


def test_every_answer_names_its_id_and_whether_it_may_be_kept(document: dict[str, Any]) -> None:
    for operation in operations_of(document):
        for status in operation.responses:
            named = headers(document, operation.name, int(status))
            assert all(named[name] for name in ALWAYS), (operation.name, status)
            counted = not operation.path.startswith("/health/")
            assert (named.keys() >= COUNTED) is counted, (operation.name, status)


def test_an_answer_that_may_be_asked_for_again_says_when(document: dict[str, Any]) -> None:
    for operation in operations_of(document):
        for status in operation.responses:
            if status in {"429", "503"}:
                assert headers(document, operation.name, int(status))["Retry-After"] is True


@pytest.mark.parametrize(
    ("operation", "status", "name", "always"),
    [
        ("show_terms", 304, "ETag", True),
        ("show_endpoint", 200, "ETag", True),
        ("edit_endpoint", 412, "ETag", True),
        ("make_key", 201, "Idempotency-Replayed", False),
        ("verify", 201, "Set-Cookie", False),
        ("show_session", 401, "Set-Cookie", False),
        ("show_session", 401, "WWW-Authenticate", True),
        ("stream_recording", 206, "Content-Range", True),
        ("stream_recording", 416, "Content-Range", True),
        ("show_image", 200, "Seats-As-Of-Block", True),
        # Somebody's turn has an end, and most of what is 409 has none.
        ("prepare_purchase", 409, "Retry-After", False),
    ],
)
def test_a_header_stands_where_it_is_sent(
    document: dict[str, Any], operation: str, status: int, name: str, *, always: bool
) -> None:
    assert headers(document, operation, status)[name] is always


def test_no_header_of_an_answer_is_left_out_or_made_up(document: dict[str, Any]) -> None:
    sent = {"X-Request-Id": "1", "Cache-Control": "no-store"}

    def faults(changes: Mapping[str, str], *without: str) -> list[str]:
        kept = {name: one for name, one in {**sent, **changes}.items() if name not in without}
        answer = httpx.Response(204, headers=kept)
        return faults_of(document, "POST", "/v1/auth/sign-out", answer)

    assert faults({"X-Frame-Options": "DENY", "Set-Cookie": "a=b"}) == []
    assert "the header seats-colour is sent" in faults({"Seats-Colour": "red"})[0]
    assert "the header cache-control is always sent" in faults({}, "Cache-Control")[0]


def test_every_header_that_is_said_is_used(document: dict[str, Any]) -> None:
    named = {
        name: one
        for operation in operations_of(document)
        for response in operation.responses.values()
        for name, one in response["headers"].items()
    }
    assert named.keys() == SAID.keys()
    used = {
        one["$ref"].rpartition("/")[2]
        for operation in operations_of(document)
        for response in operation.responses.values()
        for one in response["headers"].values()
    }
    assert used == document["components"]["headers"].keys()


def test_the_page_names_the_headers_that_are_everywhere() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for name in (*SECURITY_HEADERS, "Strict-Transport-Security", *SAID):
        assert f"`{name}" in page, name
    assert {name.lower() for name in SECURITY_HEADERS} - EVERYWHERE == {"cache-control"}


def test_every_operation_says_that_it_may_not_fit_and_that_it_may_break(
    document: dict[str, Any],
) -> None:
    for operation in operations_of(document):
        assert {"invalid_request", "internal"} <= operation.codes, operation.name
        if "storage_locked" in operation.codes:
            assert "storage_version" in operation.codes, operation.name
        statuses = [status for status in operation.responses if is_problem(status)]
        assert statuses, operation.name
