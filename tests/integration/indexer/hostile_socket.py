"""A WebSocket that tells of heads badly, in any way that it is told to.

Owns what is sent and when. Refuses to know a chain: heads are told when the test says so.
"""

from __future__ import annotations

import json
import logging
import socket as socket_module
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.http11 import Request, Response

Mode = Literal[
    "honest", "forbidden", "refuses", "silent", "closes", "garbage", "bytes", "nested", "strange"
]
"""How it treats a connection.

honest: subscribes; forbidden: HTTP 403; refuses: answers the subscription by an error; silent:
never answers it; closes: closes after it; garbage, bytes, nested, strange: subscribes, then sends
no JSON, no UTF-8, brackets without end, a notice that nobody asked for.
"""

_SENT: dict[str, str | bytes] = {
    "garbage": "<html>",
    "bytes": b"\xff\xfe\xfd",
    "nested": "[" * 100_000,
    "strange": '{"method":"eth_subscription","params":{"subscription":"0xother"}}',
}
_QUIET = logging.getLogger("tests.hostile")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


@dataclass
class Socket:
    """Where it is, how it behaves from the next connection on, and what came of it."""

    url: str = ""
    mode: Mode = "honest"
    met: int = 0
    open: list[ServerConnection] = field(default_factory=list)
    subscribed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def tell(self, head: object = None, times: int = 1) -> None:
        """Tell everybody of a head."""
        params = {"subscription": "0xours", "result": head}
        notice = json.dumps({"jsonrpc": "2.0", "method": "eth_subscription", "params": params})
        for one in list(self.open):
            for _ in range(times):
                with suppress(ConnectionClosed):
                    one.send(notice)

    def hang_up(self) -> None:
        """Close every connection."""
        for one in list(self.open):
            one.close()


@contextmanager
def hostile_socket() -> Iterator[Socket]:
    """Serve on loopback for the length of the block."""
    socket = Socket()

    def admit(connection: ServerConnection, _request: Request) -> Response | None:
        socket.met += 1
        if socket.mode == "forbidden":
            return connection.respond(HTTPStatus.FORBIDDEN, "no")
        return None

    def treat(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            _treat(socket, connection)

    server: Server
    with serve(
        treat, "127.0.0.1", 0, process_request=admit, logger=_QUIET, ping_interval=None
    ) as server:
        socket.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield socket
        finally:
            socket.hang_up()
            server.shutdown()
            thread.join()


def _treat(socket: Socket, connection: ServerConnection) -> None:
    asked = json.loads(connection.recv())
    assert asked["params"] == ["newHeads"]
    mode = socket.mode
    if mode == "silent":
        connection.recv()
    if mode == "refuses":
        refusal = {"code": -32601, "message": "notifications not supported"}
        connection.send(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": refusal}))
        connection.recv()
    # Known before it is answered: who has heard the answer may hang up at once.
    socket.open.append(connection)
    try:
        connection.send(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": "0xours"}))
        if mode == "closes":
            return
        if mode in _SENT:
            connection.send(_SENT[mode])
        socket.subscribed.release()
        # Until the other side goes.
        connection.recv()
    finally:
        socket.open.remove(connection)


@contextmanager
def stalling(upstream: str) -> Iterator[tuple[str, threading.Event]]:
    """A relay to a WebSocket that carries nothing any more, and closes nothing, once it is told."""
    stalled, ended = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []
    ends: list[socket_module.socket] = []
    listener = socket_module.create_server(("127.0.0.1", 0))

    def carry(one: socket_module.socket, other: socket_module.socket) -> None:
        with suppress(OSError):
            while told := one.recv(65_536):
                if not stalled.is_set():
                    other.sendall(told)
        ended.wait()

    def admit() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                host, _, port = upstream.removeprefix("ws://").partition(":")
                server = socket_module.create_connection((host, int(port)))
                ends.extend((client, server))
                for pair in ((client, server), (server, client)):
                    threads.append(threading.Thread(target=carry, args=pair))
                    threads[-1].start()

    threads.append(threading.Thread(target=admit))
    threads[0].start()
    try:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}", stalled
    finally:
        ended.set()
        listener.shutdown(socket_module.SHUT_RDWR)
        for one in (*ends, listener):
            with suppress(OSError):
                one.shutdown(socket_module.SHUT_RDWR)
            one.close()
        for thread in threads:
            thread.join()
