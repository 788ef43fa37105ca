from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from api.edge import BodyBounds, Edge
from api.figures import PREFIX, Figures
from api.logs import ACCESS

if TYPE_CHECKING:
    import pytest
    from starlette.types import Message, Receive, Scope, Send


async def nothing(_: Scope, __: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 405, "headers": []})
    await send({"type": "http.response.body"})


def asked(edge: Edge, method: str) -> None:
    """Let a request of a method be answered."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Message) -> None:
        pass

    scope: dict[str, Any] = {"type": "http", "method": method, "path": "/", "headers": []}
    asyncio.run(edge(scope, receive, send))


def test_methods_that_somebody_makes_up_are_one_figure_and_one_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    figures = Figures()
    edge = Edge(nothing, bodies=BodyBounds(1_024, 10), long_bodies=(), https=False, figures=figures)
    with caplog.at_level(logging.INFO, ACCESS.name):
        for method in ("GET", "PATCH", "get", *(f"MADE-UP-{number}" for number in range(5))):
            asked(edge, method)
    [family] = [one for one in figures.registry.collect() if one.name == f"{PREFIX}_requests"]
    counted = {one.labels["method"]: one.value for one in family.samples if "_total" in one.name}
    assert counted == {"GET": 1, "PATCH": 1, "_OTHER": 6}
    logged = {vars(record)["seen"]["method"] for record in caplog.records}
    assert logged == {"GET", "PATCH", "_OTHER"}
