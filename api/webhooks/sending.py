"""One attempt to hand over one message.

Owns how long all of it may take, and how much of an answer is read. Redirects are answers like any
other, proxies of the environment are not used, nothing is unpacked. Refuses to know when to try
again, and to judge addresses: whom a connection is made to is `connecting`'s.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpcore
import httpx

from api.webhooks.connecting import CONNECT_S, JudgedBackend
from api.webhooks.looking_up import LookUps, LookUpsBusy
from api.webhooks.schedule import Attempt, Fault

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

ANSWER_BYTES: Final = 512
"""Bytes of an answer that are read and kept; the connection is closed then."""

TOTAL_S: Final = 10.0
"""Seconds in which a message must be taken and the beginning of an answer be there."""

_WAITS: Final = {"connect": CONNECT_S, "read": TOTAL_S, "write": TOTAL_S, "pool": TOTAL_S}
_ALWAYS: Final = {
    "User-Agent": "Seatmarket-Webhooks/1",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
}


@dataclass(frozen=True, slots=True)
class Client:
    """What all attempts of a process have in common: nothing of those before.

    Attributes:
        development: Whether this machine itself may be connected to.
    """

    tls: ssl.SSLContext
    look_ups: LookUps
    development: bool


def open_client(*, development: bool) -> Client:
    """Make what the attempts of one process need, for one event loop."""
    return Client(httpx.create_ssl_context(trust_env=False), LookUps(), development)


async def attempt(
    client: Client, owner: str, url: str, headers: Mapping[str, str], body: str
) -> Attempt | None:
    """Hand a message over; whatever goes wrong is a value.

    Args:
        client: Of this process.
        owner: The account that the endpoint belongs to.
        url: Of the endpoint.
        headers: Beside those of every message.
        body: Of the message.

    Returns:
        What became of it; None: it was not tried, since the names of others hold everything up.
    """
    watch = _Watch()
    try:
        request = _request(url, {**_ALWAYS, **headers}, body, watch)
        async with asyncio.timeout(TOTAL_S), _connections(client, owner) as connections:
            answer = await connections.handle_async_request(request)
            try:
                beginning = await _beginning(answer)
            finally:
                await answer.aclose()
    except LookUpsBusy:
        return None
    except (TimeoutError, httpcore.ReadTimeout, httpcore.WriteTimeout):
        return _failed(watch, Fault.TOO_SLOW)
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.TimeoutException,
        httpcore.UnsupportedProtocol,
        # A name can be spelled so that looking it up fails before anybody is asked.
        httpx.InvalidURL,
        UnicodeError,
    ):
        return _failed(watch, Fault.BROKEN_OFF)
    return Attempt(answer.status, watch.ms, _text(beginning))


def _connections(client: Client, owner: str) -> httpcore.AsyncConnectionPool:
    """To public addresses alone, for one attempt."""
    return httpcore.AsyncConnectionPool(
        ssl_context=client.tls,
        max_connections=1,
        max_keepalive_connections=0,
        network_backend=JudgedBackend(client.look_ups, owner, development=client.development),
    )


def _request(url: str, headers: Mapping[str, str], body: str, watch: _Watch) -> httpcore.Request:
    # It knows how a host is written in `Host` and in a connection.
    asked = httpx.Request("POST", url, headers=headers, content=body)
    where = asked.url
    return httpcore.Request(
        asked.method,
        httpcore.URL(
            scheme=where.raw_scheme, host=where.raw_host, port=where.port, target=where.raw_path
        ),
        headers=asked.headers.raw,
        content=asked.content,
        extensions={"timeout": _WAITS, "trace": watch.note},
    )


class _Watch:
    """Since when there is a connection that may be used."""

    def __init__(self) -> None:
        self._since: float | None = None

    async def note(self, event: str, _info: object) -> None:
        if event == "http11.send_request_headers.started":
            self._since = _now()

    @property
    def ms(self) -> int | None:
        return None if self._since is None else round((_now() - self._since) * 1_000)


def _failed(watch: _Watch, fault: Fault) -> Attempt:
    # Refused by us, by the other side, or nobody there: whoever asks does not learn which.
    if watch.ms is None:
        return Attempt(None, fault=Fault.UNREACHABLE)
    return Attempt(None, watch.ms, fault=fault)


async def _beginning(answer: httpcore.Response) -> bytes:
    read = b""
    async for piece in answer.aiter_stream():
        read += piece
        if len(read) >= ANSWER_BYTES:
            break
    return read[:ANSWER_BYTES]


def _text(octets: bytes) -> str:
    # PostgreSQL's text holds no NUL.
    return octets.decode("utf-8", "replace").replace("\0", "\ufffd")


def _now() -> float:
    return asyncio.get_running_loop().time()
