"""How tests hear streams of events: an API on a socket, and a client that reads block by block.

Refuses assertions about the API.
"""

from __future__ import annotations

import asyncio
import http.client
import json
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from api.app import create_app
from api.server import listen, origin_of, serving
from tests.integration.api.live import live_api

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fastapi import FastAPI
    from sqlalchemy import Engine
    from starlette.types import Message

    from tests.integration.api.live import Live, LiveChain

PATIENCE_S = 20


@dataclass
class Served:
    """A live API on a socket."""

    live: Live
    url: str

    @contextmanager
    def hear(
        self, path: str = "/v1/events", name: str | None = None, **headers: str
    ) -> Iterator[Hearing]:
        """Open a stream that must be let in, as a named account or as nobody."""
        with self.ask(path, name, **headers) as answer:
            assert answer.status == 200, answer.read()
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield Hearing(answer)

    @contextmanager
    def ask(
        self, path: str, name: str | None = None, **headers: str
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask for anything; the answer, of which nothing has been read."""
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        if name is not None:
            given["Authorization"] = self.live.client(name).headers["Authorization"]
        connection = http.client.HTTPConnection(
            self.url.removeprefix("http://"), timeout=PATIENCE_S
        )
        with closing(connection):
            connection.request("GET", path, headers=given)
            with connection.getresponse() as answer:
                yield answer


@contextmanager
def another(server: Served) -> Iterator[Served]:
    """Serve the same from another port, as a second process would."""
    parts = server.live.parts
    with serving(create_app(parts), parts.settings, listen(parts.settings)) as url:
        yield Served(server.live, url)


@dataclass
class Hearing:
    """A stream that is read block by block."""

    answer: http.client.HTTPResponse
    last_id: int | None = None
    retry_ms: int | None = None
    alive: int = 0
    blocks: list[str] = field(default_factory=list)

    def block(self) -> Mapping[str, str] | None:
        """The next block's fields; None at the end of the stream."""
        found: dict[str, str] = {}
        while line := self.answer.readline().decode():
            text = line.rstrip("\n")
            if not text:
                break
            name, _, value = text.partition(": ")
            found[name] = value
        if not found:
            return None
        if "id" in found:
            self.last_id = int(found["id"])
        if "retry" in found:
            self.retry_ms = int(found["retry"])
        self.alive += "" in found
        return found

    def event(self) -> dict[str, Any] | None:
        """The data of the next event; None at the end."""
        while (found := self.block()) is not None:
            if "data" in found:
                told: dict[str, Any] = json.loads(found["data"])
                return told
        return None

    def until(self, event: str) -> list[dict[str, Any]]:
        """The events up to the next one of a name, which must come."""
        told: list[dict[str, Any]] = []
        while not told or told[-1]["event"] != event:
            one = self.event()
            assert one is not None, told
            told.append(one)
        return told

    def opened(self) -> int:
        """Read the beginning; the number after which it tells."""
        while self.last_id is None:
            assert self.block() is not None
        return self.last_id


@contextmanager
def served(chain: LiveChain, database: Engine, **changes: object) -> Iterator[Served]:
    """Serve a live API whose streams hear by the bell alone, unless `changes` say otherwise."""
    given: dict[str, object] = {"port": 0, "public_url": None, "stream_look_s": 60}
    with live_api(chain, database, **given | changes) as live:
        settings = live.parts.settings
        listener = listen(settings)
        live.parts = replace(live.parts, origin=origin_of(settings, listener))
        with serving(create_app(live.parts), settings, listener) as url:
            yield Served(live, url)


async def statuses_from(app: FastAPI, hosts: Sequence[str]) -> list[int]:
    """Open a stream from each of several addresses, and leave once all are answered."""
    leaving = asyncio.Event()
    opened = [_Opening(app, host, leaving) for host in hosts]
    found = [await one.status() for one in opened]
    leaving.set()
    await asyncio.gather(*(one.running for one in opened))
    return found


async def heard_from(app: FastAPI, query: str, leaving: asyncio.Event) -> int:
    """Open a stream with a query, take what comes until leaving; the status. Nothing times out."""
    opened = _Opening(app, "192.0.2.7", leaving, query)
    opened.begin()
    await opened.running
    return await opened.answered


class _Opening:
    """A request for a stream from an address; it is sent when it begins."""

    running: asyncio.Task[None]

    def __init__(self, app: FastAPI, host: str, leaving: asyncio.Event, query: str = "") -> None:
        self._app = app
        self._client = (host, 1)
        self._query = query
        self._leaving = leaving
        self._asked = False
        self.answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def begin(self) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/v1/events",
            "raw_path": b"/v1/events",
            "query_string": self._query.encode(),
            "headers": [],
            "client": self._client,
        }
        self.running = asyncio.create_task(self._app(scope, self._receive, self._send))

    async def status(self) -> int:
        self.begin()
        async with asyncio.timeout(PATIENCE_S):
            return await self.answered

    async def _receive(self) -> Message:
        if self._asked:
            await self._leaving.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.answered.set_result(message["status"])
