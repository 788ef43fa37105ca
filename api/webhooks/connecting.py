"""Connections to names that lead outside with every address that they have.

Owns the judging of what the one look-up gave, and the order in which addresses are tried: each
is judged before the first is connected to, and connections go to those very addresses, so that a
name that leads elsewhere a moment later leads nowhere. One address inside among others refuses the
name: which of several answers would tell what is open inside. Owns how much is read of a
connection. Refuses to know what is sent; the name itself goes into TLS and `Host`, which are
`httpcore`'s.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import httpcore

from api.webhooks.addresses import may_connect

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from api.webhooks.looking_up import Addresses, LookUps

CONNECT_S: Final = 4.0
"""Seconds for a connection, the look-up included, and again for its TLS. Both end before the whole
attempt does: a handshake that is cancelled from outside leaves its socket open."""

READ_BYTES: Final = 2**16
"""Bytes that are read of one connection, its head and any `1xx` before it included. The library
reads past as many of these as come."""

_AT_ONCE: Final = 2**12
"""Bytes that are read at once; between two reads others have their turn."""

_TRIED: Final = 8
"""Addresses of one name that are connected to, one after the other."""


class JudgedBackend(httpcore.AsyncNetworkBackend):
    """Connects to public addresses alone.

    Args:
        look_ups: Of this process.
        owner: The account that connections are made for.
        development: Whether this machine itself may be connected to.
    """

    def __init__(self, look_ups: LookUps, owner: str, *, development: bool) -> None:
        self._look_ups = look_ups
        self._owner = owner
        self._development = development
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a name's first address that takes it; each has a share of the time.

        Raises:
            httpcore.ConnectError, httpcore.ConnectTimeout: there is no connection.
            LookUpsBusy: names of others keep it from being looked up.
            UnicodeError: it is no name.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (CONNECT_S if timeout is None else timeout)
        addresses = await self._addresses(host, port, until)
        if not all(may_connect(one, development=self._development) for one in addresses):
            raise httpcore.ConnectError("not all its addresses are outside")
        fault: Exception = httpcore.ConnectError("it has no address")
        tried = addresses[:_TRIED]
        for place, address in enumerate(tried):
            share = (until - loop.time()) / (len(tried) - place)
            try:
                return _Counted(
                    await self._backend.connect_tcp(
                        str(address), port, max(share, 0), local_address, socket_options
                    )
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)

    async def _addresses(self, host: str, port: int, until: float) -> Addresses:
        try:
            return await self._look_ups.addresses(self._owner, host, port, until)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("its name is looked up for too long") from error
        except OSError as error:
            raise httpcore.ConnectError("its name leads nowhere") from error


class _Counted(httpcore.AsyncNetworkStream):
    """A connection that breaks off where more is sent than anybody reads."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._left = READ_BYTES

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as the library's
        if self._left == 0:
            raise httpcore.ReadError("it sends more than is read")
        piece = await self._stream.read(min(max_bytes, self._left, _AT_ONCE), timeout)
        self._left -= len(piece)
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as the library's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library's
    ) -> httpcore.AsyncNetworkStream:
        return _Counted(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
