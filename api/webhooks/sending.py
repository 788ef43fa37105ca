"""One attempt to hand over one message.

Owns the connection: whom it may be made to, how long all of it may take, and how much of an answer
is read. Redirects are answers like any other, proxies of the environment are not used, nothing is
unpacked. Refuses to know when to try again.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import httpx
from httpx_secure import httpx_ssrf_protection

from api.webhooks.addresses import may_connect
from api.webhooks.schedule import Attempt, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Address, IPv6Address

ANSWER_BYTES: Final = 512
"""Bytes of an answer that are read and kept; the connection is closed then."""

CONNECT_S: Final = 5.0
TOTAL_S: Final = 10.0
"""Seconds in which a message must be taken and the beginning of an answer be there."""

_CONNECTIONS: Final = 64


def open_client(*, development: bool) -> httpx.AsyncClient:
    """A client that connects to public addresses alone.

    An address is judged after its name was looked up, and the connection goes to that very address:
    a name that leads elsewhere a moment later leads nowhere. Nothing is remembered of a name for
    longer than that, and no connection is used twice.

    Args:
        development: Whether this machine itself may be connected to.
    """

    def allowed(_host: str, address: IPv4Address | IPv6Address, _port: int) -> bool:
        return may_connect(address, development=development)

    client = httpx.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(TOTAL_S, connect=CONNECT_S),
        limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=0),
        headers={"User-Agent": "Seatmarket-Webhooks/1", "Accept-Encoding": "identity"},
    )
    return httpx_ssrf_protection(
        client,
        check_globally_reachable=not development,
        custom_validator=allowed,
        dns_cache_ttl=0,
    )


async def attempt(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: str
) -> Attempt:
    """Hand a message over; whatever goes wrong is a value."""
    watch = _Watch()
    try:
        request = client.build_request(
            "POST", url, content=body, headers={"Content-Type": "application/json", **headers}
        )
        request.extensions["trace"] = watch.note
        async with asyncio.timeout(TOTAL_S):
            answer = await client.send(request, stream=True)
            try:
                beginning = await _beginning(answer)
            finally:
                await answer.aclose()
    except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
        return _failed(watch, Fault.TOO_SLOW)
    # A name can be spelled so that looking it up fails before anybody is asked.
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        return _failed(watch, Fault.BROKEN_OFF)
    return Attempt(answer.status_code, watch.ms, _text(beginning))


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


async def _beginning(answer: httpx.Response) -> bytes:
    read = b""
    async for piece in answer.aiter_raw(ANSWER_BYTES):
        read += piece
        if len(read) >= ANSWER_BYTES:
            break
    return read[:ANSWER_BYTES]


def _text(octets: bytes) -> str:
    # PostgreSQL's text holds no NUL.
    return octets.decode("utf-8", "replace").replace("\0", "\ufffd")


def _now() -> float:
    return asyncio.get_running_loop().time()
