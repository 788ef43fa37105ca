from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine

from api.app import create_app
from api.idempotency.asking import HEADER
from marketplace.client import SeatmarketClient
from marketplace.client.routes import ROUTES, UPLOAD, Route
from tests.integration.api.client.shapes import differences
from tests.integration.api.world import Clock, parts_for

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = [route.name for route in ROUTES]


@pytest.fixture(scope="module")
def document() -> Mapping[str, Any]:
    """What the API says of itself."""
    described: Mapping[str, Any] = create_app(
        parts_for(create_engine("sqlite://"), Clock())
    ).openapi()
    return described


def test_the_client_knows_every_address_of_the_api_and_no_other(
    document: Mapping[str, Any],
) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert set(NAMES) == described


def test_what_takes_a_key_is_sent_with_one(document: Mapping[str, Any]) -> None:
    taking = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if any(one["name"] == HEADER for one in operation.get("parameters", ()))
    }
    assert len(taking) > 5
    # Whoever sends gigabytes says themselves that they go out again.
    assert {route.name for route in ROUTES if route.once} == taking - {UPLOAD.name}


def test_each_address_stands_in_the_table_once() -> None:
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_each_address_has_its_method(route: Route[object]) -> None:
    assert callable(getattr(SeatmarketClient, route.by))


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_each_answer_has_what_its_dataclass_needs(
    route: Route[object], document: Mapping[str, Any]
) -> None:
    responses = document["paths"][route.path][route.method.lower()]["responses"]
    schemas = document["components"]["schemas"]
    good = [answer for status, answer in responses.items() if status.startswith("2")]
    assert good
    for answer in good:
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if route.answer is not bytes:
            assert list(differences(route.answer, schema, schemas)) == []
