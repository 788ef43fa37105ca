"""The document is a megabyte and takes seconds to make: asking for it holds up nobody else."""

from __future__ import annotations

import asyncio
from threading import Thread
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import create_engine

from api.app import create_app
from tests.integration.api.world import ORIGIN, Clock, parts_for

if TYPE_CHECKING:
    from fastapi import FastAPI

DOCUMENT = "/v1/openapi.json"


@pytest.fixture
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


async def statuses(app: FastAPI, times: int) -> list[int]:
    """Ask for the document so many times, one after the other."""
    quiet = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=quiet, base_url=ORIGIN) as client:
        asked = (client.get(DOCUMENT) for _ in range(times))
        return [(await asyncio.wait_for(one, 20)).status_code for one in asked]


def test_the_first_who_asks_for_the_document_holds_up_nobody(app: FastAPI) -> None:
    asked = [DOCUMENT, "/health/live", "/v1/problems"]
    answered = asyncio.run(in_order_of_answers(app, asked))
    assert answered[-1] == DOCUMENT
    assert set(answered) == set(asked)


def test_the_document_is_written_once_however_many_ask(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(in_order_of_answers(app, [DOCUMENT] * 3))

    def again() -> dict[str, object]:
        raise AssertionError("it was there already")

    monkeypatch.setattr(app, "openapi", again)
    assert asyncio.run(in_order_of_answers(app, [DOCUMENT])) == [DOCUMENT]


def test_a_document_that_could_not_be_written_is_written_for_the_next_who_asks(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[dict[str, object]] = []

    def at_the_second_try() -> dict[str, object]:
        written.append({"openapi": "3.1.0"})
        if len(written) == 1:
            raise MemoryError
        return written[-1]

    monkeypatch.setattr(app, "openapi", at_the_second_try)
    assert asyncio.run(statuses(app, 3)) == [500, 200, 200]
    assert len(written) == 2


def test_a_thread_that_cannot_be_started_is_started_for_the_next_who_asks(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Thread] = []

    def at_the_second_try(thread: Thread) -> None:
        begun.append(thread)
        if len(begun) == 1:
            raise RuntimeError("can't start new thread")
        start(thread)

    start = Thread.start
    monkeypatch.setattr("api.openapi.serving.Thread.start", at_the_second_try)
    monkeypatch.setattr(app, "openapi", lambda: {"openapi": "3.1.0"})
    assert asyncio.run(statuses(app, 2)) == [500, 200]
