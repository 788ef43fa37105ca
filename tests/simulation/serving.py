"""A node over the tree on loopback, through a wire that spoils answers.

Owns the server and the faults of the wire. Answers wait for the chain to stand still: the life
that moves the chain holds the same lock.
"""

from __future__ import annotations

import gzip
import json
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from tests.simulation.answering import Machine
from tests.simulation.faults import WIRE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.integration.indexer.tree import Tree
    from tests.simulation.faults import Faults

TIMEOUT_S: Final = 0.25
"""The patience of the indexer under simulation; silence lasts longer."""

_STATUSES: Final = {"overloaded": 429, "long_overload": 429, "broken": 503, "forbidden": 403}
_LONG: Final = (8, 30)
"""Requests that a long overload turns away."""


@dataclass
class Served:
    """Where the node answers, over which tree, and what keeps its chain still."""

    tree: Tree
    url: str = ""
    overloaded: int = 0
    still: threading.Lock = field(default_factory=threading.Lock)
    never: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_of: object) -> None:
        error = sys.exc_info()[1]
        # The indexer hangs up on a silent node and may be killed at any moment.
        if error is not None and not isinstance(error, ConnectionError):
            self.served.failures.append(error)

    served: Served


@contextmanager
def serving(
    tree: Tree, faults: Faults, midway: Callable[[], None] = lambda: None
) -> Iterator[Served]:
    """Serve a tree for the length of the block; what fails in the server fails the block.

    `midway` moves the chain, between two questions of one pass.
    """
    served = Served(tree)
    server = _Server(("127.0.0.1", 0), _handler(faults, served, midway))
    server.served = served
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    for error in served.failures:
        raise error


def _handler(
    faults: Faults, served: Served, midway: Callable[[], None]
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Header and body leave as one packet: the other side would wait for the second.
        wbufsize = 64 * 1024
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                # Whoever asked hung up, or was killed, in the middle of it.
                self.close_connection = True
                return
            asked = json.loads(body)
            with served.still:
                if faults.occurs("moved_midway"):
                    midway()
                trouble = _trouble(faults, served)
                answer = json.dumps(Machine(served.tree, faults).answer(asked)).encode()
            if trouble == "silence":
                served.never.wait(2 * TIMEOUT_S)
            if trouble in {"cut", "silence"}:
                self.close_connection = True
                return
            self._say(_STATUSES.get(trouble or "", 200), _spoilt(answer, trouble))
            if trouble == "hung_up":
                # As a server does that closes idle connections without saying so.
                self.close_connection = True

        def _say(self, status: int, content: bytes) -> None:
            zipped = len(content) % 2 == 0
            content = gzip.compress(content, 1) if zipped else content
            self.send_response(status)
            if zipped:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            pass

    return Handler


def _trouble(faults: Faults, served: Served) -> str | None:
    if faults.calm:
        served.overloaded = 0
    if served.overloaded:
        served.overloaded -= 1
        return "long_overload"
    trouble = next((kind for kind in WIRE if faults.occurs(kind)), None)
    if trouble == "long_overload":
        served.overloaded = faults.dice.randint(*_LONG)
    return trouble


def _spoilt(answer: bytes, trouble: str | None) -> bytes:
    if trouble == "garbage":
        return b"<html>Bad gateway</html>"
    return answer[: len(answer) // 2] if trouble == "truncated" else answer
