"""A receiver of webhooks on loopback, and how tests let everything that is due be sent.

Refuses assertions about the API.
"""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr
from standardwebhooks import Webhook

from api.webhooks.dispatching import Dispatcher
from tests.integration.api.trading import members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from api.parts import Parts
    from tests.integration.api.live import Live

KEY: Final = SecretStr("the key of tests, and of nothing else")
ALL: Final = [
    "seat.moved",
    "seat.sold",
    "seat.refunded",
    "seat.checked_in",
    "drop.changed",
    "access.revoked",
]
PATIENCE_S: Final = 60


@dataclass
class Got:
    """One request that has come."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The message's id."""
        return self.headers["webhook-id"]

    @property
    def message(self) -> dict[str, Any]:
        """What it says, whoever signed it."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verified(self, secret: str) -> dict[str, Any]:
        """What it says, if it is signed with a secret; else it raises."""
        found: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return found


@dataclass
class Receiver:
    """A server that keeps what comes.

    Attributes:
        url: Where.
        answer: What it does with a request: it may write anything, or nothing.
    """

    url: str
    answer: Callable[[http.server.BaseHTTPRequestHandler], None]
    got: list[Got] = field(default_factory=list)
    more: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int) -> list[Got]:
        """Return once so many requests have come."""
        with self.more:
            came = self.more.wait_for(lambda: len(self.got) >= count, PATIENCE_S)
        assert came, self.got
        return self.got

    def said(self) -> list[tuple[str, Any]]:
        """Type and account of each message, in no order of time."""
        messages = [one.message for one in self.got]
        return sorted((one["type"], one["data"].get("account") or "") for one in messages)


def status(code: int, body: bytes = b"", **headers: str) -> Any:  # noqa: ANN401 - a handler
    """An answer of a status."""

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve on a free port of loopback; everything is answered 204 until a test says otherwise."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            given = {name.lower(): value for name, value in self.headers.items()}
            with receiver.more:
                receiver.got.append(Got(self.path, given, body))
                receiver.more.notify_all()
            try:
                receiver.answer(self)
            except ConnectionError:
                # Whoever has read enough hangs up.
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook", status(204))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send_all(parts: Parts) -> int:
    """Let everything be sent that is due, as a process would; how many messages that were."""
    return asyncio.run(Dispatcher(parts, KEY).once())


def register(live: Live, url: str, name: str = "mentor", **changes: object) -> dict[str, Any]:
    """Register an endpoint that must be taken; it hears of everything unless `changes` say so."""
    body = {"url": url, "events": ALL} | changes
    return members(live.client(name).post("/v1/webhook-endpoints", json=body), 201)


def path_of(registered: dict[str, Any]) -> str:
    """Where an endpoint is found."""
    return f"/v1/webhook-endpoints/{registered['endpoint']['endpoint']}"


def log_of(live: Live, registered: dict[str, Any], name: str = "mentor") -> list[dict[str, Any]]:
    """What was sent to an endpoint, the newest first."""
    answer: httpx.Response = live.client(name).get(f"{path_of(registered)}/deliveries")
    found: list[dict[str, Any]] = members(answer)["deliveries"]
    return found
