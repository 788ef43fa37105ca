"""One HTTP server: its socket, its word when it is ready, its end.

Owns listening, serving in the foreground or on a thread, and stopping in order: no new connections,
what is under way finishes in the time that the configuration gives it, then it is over. Refuses to
know what is served, and how: the configuration is the caller's.
"""

from __future__ import annotations

import errno
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE_S: Final = 30
"""Seconds in which a server must come up, and in which it must have ended."""


def listening(host: str, port: int) -> socket.socket:
    """Take an address; who connects early waits until requests are served.

    Args:
        host: An IPv4 address or a name of one.
        port: TCP; 0 takes a free one.

    Raises:
        OSError: it cannot be had; `why_not` says why in words.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Lets a server start again at once; on Linux it does not allow two listeners.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def why_not(error: OSError) -> str:
    """What keeps an address from being had, to follow its name: "is taken", "cannot be opened"."""
    return "is taken" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"


def serve(
    config: uvicorn.Config,
    listener: socket.socket,
    ready: Callable[[], None],
    ending: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM.

    `ready` is called once requests are answered, `ending` before those under way are waited for:
    what would go on for ever must be told to end. It is called on the server's event loop.
    """
    with listener:
        _Server(config, ready, ending).run(sockets=[listener])


@contextmanager
def serving(
    config: uvicorn.Config, listener: socket.socket, ending: Callable[[], None] | None = None
) -> Iterator[str]:
    """Serve on a thread of this process until the block ends; gives the URL of the socket.

    `ending` is as of `serve`.

    Raises:
        RuntimeError: the server does not come up.
    """
    started = threading.Event()
    server = _Server(config, started.set, ending)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        if not started.wait(_PATIENCE_S):
            raise RuntimeError("The server did not come up.")
        yield url_of(listener)
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_S)
        listener.close()


def url_of(listener: socket.socket) -> str:
    """The URL that a socket which listens is reached under."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn's server, with a word when it is ready and one when it ends."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        ending: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._ending is not None:
            self._ending()
        await super().shutdown(sockets)
