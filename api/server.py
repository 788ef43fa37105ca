"""One API that is being served: the socket, the signals, the end.

Owns listening, and stopping in order: no new connections, requests under way finish within
`shutdown_s`, then the process ends. Refuses settings from elsewhere, and proxies' headers: who
asks is who is connected.
"""

from __future__ import annotations

import errno
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from api.connections import MAX_HEAD_BYTES, bounded_connection
from api.origin import Origin
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from api.settings import ApiSettings

_START_S: Final = 30


@typed_error
class AddressTaken(RuleViolated):
    """The API cannot listen where it should."""

    code = "address_taken"

    host: str
    port: int
    fault: str

    def _sentence(self) -> str:
        return (
            f"Port {self.port} on {self.host} {self.fault}: stop the program that listens there, "
            "or set SEATS_API_PORT (0 takes a free one)."
        )


def listen(settings: ApiSettings) -> socket.socket:
    """Take the address; who connects early waits until requests are served.

    Raises:
        AddressTaken: somebody else listens there, or it cannot be had.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Lets an API start again at once; on Linux it does not allow two listeners.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        fault = "is taken" if taken else f"cannot be opened ({error.strerror})"
        raise AddressTaken(settings.host, settings.port, fault) from error
    return listener


def origin_of(settings: ApiSettings, listener: socket.socket) -> Origin:
    """The origin that people use: as it is set, or the loopback address that is listened on."""
    if settings.public_url is not None:
        return Origin.parse(settings.public_url)
    port = listener.getsockname()[1]
    return Origin("http", settings.host if port == 80 else f"{settings.host}:{port}")  # noqa: PLR2004 - the port that http leaves out


def serve(
    app: FastAPI, settings: ApiSettings, listener: socket.socket, ready: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once requests are answered."""
    with listener:
        _Server(_config(app, settings), ready).run(sockets=[listener])


@contextmanager
def serving(app: FastAPI, settings: ApiSettings, listener: socket.socket) -> Iterator[str]:
    """Serve on a thread of this process; gives the URL of the socket.

    Raises:
        RuntimeError: the server does not come up.
    """
    started = threading.Event()
    server = _Server(_config(app, settings), started.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        if not started.wait(_START_S):
            raise RuntimeError("The API's server did not start.")
        host, port = listener.getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(_START_S)
        listener.close()


class _Server(uvicorn.Server):
    """uvicorn's server, with a word when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT and SIGTERM, once, and with status 0: being stopped is no failure."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        stops = (signal.SIGINT, signal.SIGTERM)
        before = {stop: signal.signal(stop, self.handle_exit) for stop in stops}
        try:
            yield
        finally:
            for stop, handler in before.items():
                signal.signal(stop, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _config(app: FastAPI, settings: ApiSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=bounded_connection(settings.head_timeout_s),
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        # uvicorn refuses at its limit, not above it.
        limit_concurrency=settings.max_connections + 1,
        ws="none",
        # Ours has the request's id, and no query strings.
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_s,
    )
