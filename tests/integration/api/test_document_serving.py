"""The document is a megabyte and takes seconds to make: asking for it holds up nobody else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import create_engine

from api.app import create_app
from tests.integration.api.world import ORIGIN, Clock, parts_for

if TYPE_CHECKING:
    from fastapi import FastAPI

DOCUMENT = "/v1/openapi.json"


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(parts_for(create_engine("sqlite://"), Clock()))


async def in_order_of_answers(app: FastAPI, paths: list[str]) -> list[str]:
    """Ask for each, without waiting for those before it; the paths as they are answered."""
    answered: list[str] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:

        async def ask(path: str) -> None:
            assert (await client.get(path)).status_code == 200
            answered.append(path)

        await asyncio.gather(*map(ask, paths))
    return answered


def test_the_first_who_asks_for_the_document_holds_up_nobody(app: FastAPI) -> None:
    asked = [DOCUMENT, "/health/live", "/v1/problems"]
    assert asyncio.run(in_order_of_answers(app, asked)) == [*asked[1:], DOCUMENT]


def test_the_document_is_written_once_however_many_ask(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(in_order_of_answers(app, [DOCUMENT] * 3))

    def again() -> dict[str, object]:
        raise AssertionError("it was there already")

    monkeypatch.setattr(app, "openapi", again)
    assert asyncio.run(in_order_of_answers(app, [DOCUMENT])) == [DOCUMENT]
