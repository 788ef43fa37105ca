"""A relay on loopback between an indexer and a node, which can be told to spoil answers.

It owns the faults of the wire: a status, a cut or truncated answer, silence, compression. Refuses
to understand what it carries.
"""

from __future__ import annotations

import gzip
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Mode = Literal[
    "forward",
    "gzip",
    "overloaded",
    "forbidden",
    "broken",
    "cut",
    "truncated",
    "garbage",
    "hang_up",
    "silent",
]

_STATUSES: Final = {"overloaded": 429, "broken": 503, "forbidden": 403}


@dataclass
class Relay:
    """Where to post, and what becomes of answers from now on.

    Attributes:
        instead: Gives the answer to a question's body itself, or None to let it be forwarded.
        dated: What the answer's `Date` says; empty: there is none.
    """

    url: str
    mode: Mode = "forward"
    connections: int = 0
    never: threading.Event = field(default_factory=threading.Event)
    instead: Callable[[bytes], bytes | None] = lambda _: None
    asked: list[dict[str, str]] = field(default_factory=list)
    dated: str = ""


class _Server(ThreadingHTTPServer):
    """A server that takes it quietly when an indexer is killed in the middle of an answer."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # as it was given


@contextmanager
def relaying(upstream: str) -> Iterator[Relay]:
    """Relay to a node for the length of the block."""
    relay = Relay("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            relay.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            relay.asked.append(dict(self.headers))
            if relay.mode in _STATUSES:
                self._answer(_STATUSES[relay.mode], b"no")
                return
            # Longer than anybody here waits.
            relay.never.wait(1.0 if relay.mode == "silent" else 0)
            if relay.mode in {"cut", "silent"}:
                self.close_connection = True
                return
            answer = relay.instead(body) or (
                b"<html>" if relay.mode == "garbage" else _forwarded(upstream, body)
            )
            if relay.mode == "truncated":
                answer = answer[: len(answer) // 2]
            self._answer(200, answer)
            # As a server does that closes idle connections without saying so.
            self.close_connection |= relay.mode == "hang_up"

        def _answer(self, status: int, content: bytes) -> None:
            zipped = relay.mode == "gzip"
            content = gzip.compress(content) if zipped else content
            self.send_response_only(status)
            if relay.dated:
                self.send_header("Date", relay.dated)
            if zipped:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    relay.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield relay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _forwarded(upstream: str, body: bytes) -> bytes:
    connection = HTTPConnection(urlsplit(upstream).netloc, timeout=10)
    try:
        connection.request("POST", "/", body, {"Content-Type": "application/json"})
        return connection.getresponse().read()
    finally:
        connection.close()
