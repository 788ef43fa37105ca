"""Owns the HTTP endpoint: who may speak to the chain, over which address, and how it ends.

Refuses everything that is not this machine: it listens on 127.0.0.1 alone, answers a `Host` that
names the loopback (a rebound DNS name does not), and lets browsers in from loopback origins only.
"""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse
from starlette.requests import ClientDisconnect

import marketplace.serving
from marketplace.devnet.chain import DevChain
from marketplace.devnet.rpc import Node
from marketplace.devnet.settings import DevnetSettings
from marketplace.serving import listening, url_of, why_not

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Callable, Iterator

LOOPBACK: Final = "127.0.0.1"
_LOOPBACK_HOST: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_LOOPBACK_ORIGIN: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"


class PortTaken(Exception):
    """The port cannot be had; the message says what to do.

    Attributes:
        port: The port that was asked for.
        why: What keeps it from being had.
    """

    def __init__(self, port: int, cause: OSError) -> None:
        why = why_not(cause)
        super().__init__(
            f"Port {port} on {LOOPBACK} {why}: stop the program that listens there, "
            "or choose another with --port (0 takes a free one)."
        )
        self.port = port
        self.why = why


@dataclass(frozen=True, slots=True)
class RunningDevnet:
    """A development chain that is being served.

    Attributes:
        url: Where to POST JSON-RPC.
        node: The chain itself, for callers in the same process.
    """

    url: str
    node: Node


def build_app(node: Node, settings: DevnetSettings) -> FastAPI:
    """Make the HTTP application over one chain.

    All requests of one chain run on one thread of their own, so that the loop stays free to accept
    and to refuse.
    """
    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="devnet")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        worker.shutdown(wait=False, cancel_futures=True)

    app = FastAPI(
        title="Seatmarket development chain",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        dependencies=[Depends(loopback_only)],
    )

    @app.get("/", response_class=PlainTextResponse)
    async def describe() -> str:
        return f"Seatmarket development chain {settings.chain_id}: POST JSON-RPC 2.0 here.\n"

    @app.post("/")
    async def answer(request: Request) -> Response:
        try:
            body = await _bounded_body(request, settings.max_body_bytes)
        except ClientDisconnect:
            # Whoever asked has left before asking: there is nobody to answer, and no defect.
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse(
                f"The body is larger than {settings.max_body_bytes} bytes.\n", status_code=413
            )
        reply = await asyncio.get_running_loop().run_in_executor(worker, node.handle, body)
        if reply is None:
            return Response(status_code=204)
        return Response(reply, media_type="application/json")

    app.add_middleware(
        CORSMiddleware,
        allow_origin_regex=_LOOPBACK_ORIGIN,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        allow_private_network=True,
    )
    return app


async def loopback_only(request: Request) -> None:
    """Turn away whoever does not come from this machine.

    CORS only keeps an answer from a page; a stranger's request must not be carried out either.
    """
    if not _LOOPBACK_HOST.fullmatch(request.headers.get("host", "")):
        raise HTTPException(403, "This chain answers to localhost and 127.0.0.1 only.")
    origin = request.headers.get("origin")
    if origin is not None and not re.fullmatch(_LOOPBACK_ORIGIN, origin):
        raise HTTPException(403, "Pages of other origins may not use this chain.")


def listen(port: int) -> socket.socket:
    """Take the port on the loopback address; who connects early waits until requests are served.

    Raises:
        PortTaken: If somebody else listens there.
    """
    try:
        return listening(LOOPBACK, port)
    except OSError as error:
        raise PortTaken(port, error) from error


def serve(settings: DevnetSettings, ready: Callable[[str], None]) -> None:
    """Serve a new chain until SIGINT or SIGTERM.

    Args:
        settings: Port, chain id, levels and the rest.
        ready: Called with the URL once requests are answered.

    Raises:
        PortTaken: If somebody else listens on the port.
    """
    listener = listen(settings.port)
    node = Node(DevChain(settings))
    marketplace.serving.serve(_config(node, settings), listener, lambda: ready(url_of(listener)))


@contextmanager
def running_devnet(settings: DevnetSettings | None = None) -> Iterator[RunningDevnet]:
    """Serve a new chain on a thread of this process, on a free port unless one is set.

    Raises:
        PortTaken: If somebody else listens on the port.
        RuntimeError: If the server does not come up.
    """
    chosen = settings or DevnetSettings(port=0)
    listener = listen(chosen.port)
    node = Node(DevChain(chosen))
    with marketplace.serving.serving(_config(node, chosen), listener) as url:
        yield RunningDevnet(url, node)


def _config(node: Node, settings: DevnetSettings) -> uvicorn.Config:
    return uvicorn.Config(
        build_app(node, settings),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


async def _bounded_body(request: Request, limit: int) -> bytes | None:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            return None
    return bytes(received)
