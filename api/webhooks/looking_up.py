"""Looking up names, each on a thread of its own.

Owns how many look-ups may be under way: in all, of one account, and of one name of an account's.
The event loop would have all of a process done by two threads, and a name whose server never
answers keeps one for as long as the system is patient, whoever has stopped waiting. So a look-up
that was given up counts until its thread is back. Nobody waits for such a thread when the process
ends. Refuses to judge what it gives.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Addresses: TypeAlias = "Sequence[IPv4Address | IPv6Address]"

MOST: Final = 64
"""Look-ups of one process at once: twice as many as there are attempts."""

MOST_OF_OWNER: Final = 8
"""Of one account, in one process. Whoever wants all of them needs eight accounts with drops."""

MOST_OF_NAME: Final = 2
"""Of one name of an account's: the account's other endpoints still are looked up."""


class LookUpsBusy(Exception):
    """Others have all threads; it is nobody's fault who wants one."""


class LookUps:
    """The look-ups of one process, on one event loop."""

    def __init__(self) -> None:
        self._under_way: Counter[tuple[str, ...]] = Counter()
        self._freed = asyncio.Event()

    async def addresses(self, owner: str, host: str, port: int, until: float) -> Addresses:
        """All that a name leads to now, each once, in the order of the resolver.

        Args:
            owner: The account that it is looked up for.
            host: The name.
            port: Where the connection will go.
            until: By the loop's clock; a turn is waited for until then as well.

        Raises:
            TimeoutError: it takes too long, or what this account looks up does.
            LookUpsBusy: what others look up does.
            OSError, UnicodeError: it leads nowhere, or is no name.
        """
        counted = ((), (owner,), (owner, host))
        try:
            async with asyncio.timeout_at(until):
                while not self._has_room(owner, host):
                    await self._freed.wait()
        except TimeoutError:
            if self._has_own_room(owner, host):
                raise LookUpsBusy from None
            raise
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Addresses] = loop.create_future()

        def look_up() -> None:
            outcome = _looked_up(host, port)
            try:
                loop.call_soon_threadsafe(self._back, counted, told, outcome)
            except RuntimeError:
                # The loop is closed: nobody is left who waits.
                return

        Thread(target=look_up, name="look-up", daemon=True).start()
        self._under_way.update(counted)
        async with asyncio.timeout_at(until):
            return await told

    def _has_room(self, owner: str, host: str) -> bool:
        return self._under_way[()] < MOST and self._has_own_room(owner, host)

    def _has_own_room(self, owner: str, host: str) -> bool:
        return (
            self._under_way[owner,] < MOST_OF_OWNER and self._under_way[owner, host] < MOST_OF_NAME
        )

    def _back(
        self,
        counted: Sequence[tuple[str, ...]],
        told: asyncio.Future[Addresses],
        outcome: Addresses | Exception,
    ) -> None:
        self._under_way.subtract(counted)
        # Names that are not looked up any more are forgotten.
        self._under_way = +self._under_way
        self._freed.set()
        self._freed = asyncio.Event()
        if told.done():
            return
        if isinstance(outcome, Exception):
            told.set_exception(outcome)
        else:
            told.set_result(outcome)


def _looked_up(host: str, port: int) -> Addresses | Exception:
    try:
        found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(ip_address(place[0]) for *_, place in found))
    except Exception as error:  # noqa: BLE001 - handed over to the loop
        return error
