"""Who is connected, as a name to count under.

Owns the name of an address. Refuses what a request says of itself: the connection counts, or what a
trusted proxy (`api.server`) says of it.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import Scope

NOWHERE: Final = "nowhere"
"""Who is connected by something that has no address."""

_ONE_NETWORK: Final = 64
"""Bits of an IPv6 address that name one customer, who has all the addresses behind them."""


def peer_of(scope: Scope) -> str:
    """The name of a request's peer: an IPv4 address, or the /64 of an IPv6 address."""
    client = scope.get("client")
    return NOWHERE if client is None else name_of(client[0])


@lru_cache(maxsize=10_000)
def name_of(host: str) -> str:
    """The name of an address; of an IPv4 address inside an IPv6 one, that of the former."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return NOWHERE
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(IPv6Network((int(address) >> _ONE_NETWORK << _ONE_NETWORK, _ONE_NETWORK)))
        address = address.ipv4_mapped
    return str(address)
