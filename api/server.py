"""One API that is being served: where it listens, and how its server is configured.

Owns the address, its origin, the bounds of connections, and which proxies may say who asks; of
everybody else, who asks is who is connected. Refuses settings from elsewhere. How a server runs and
ends is `marketplace.serving`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

import marketplace.serving
from api.connections import MAX_HEAD_BYTES, bounded_connection
from api.origin import Origin
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.serving import listening, why_not

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from fastapi import FastAPI

    from api.settings import ApiSettings


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
    try:
        return listening(settings.host, settings.port)
    except OSError as error:
        raise AddressTaken(settings.host, settings.port, why_not(error)) from error


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
    marketplace.serving.serve(
        _config(app, settings), listener, ready, app.state.streams.listening.end
    )


def serving(
    app: FastAPI, settings: ApiSettings, listener: socket.socket
) -> AbstractContextManager[str]:
    """Serve on a thread of this process; gives the URL of the socket.

    Raises:
        RuntimeError: the server does not come up.
    """
    return marketplace.serving.serving(
        _config(app, settings), listener, app.state.streams.listening.end
    )


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
        # Given even when it is empty: uvicorn would read another name of the environment.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_s,
    )
