"""Which addresses messages may be sent to.

Owns what an endpoint's URL may be, and which hosts' addresses a connection may be made to. Names
are not looked up here: what a name leads to is judged when a connection is made, by `connecting`.
Pure.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final
from urllib.parse import urlsplit

MAX_URL: Final = 2_048
# All that is given out to anybody (IANA); what lies beside it is local, old, or has an IPv4 address
# inside, which a router on the way may take out.
_GIVEN_OUT: Final = IPv6Network("2000::/3")
# Routers translate it to any IPv4 address.
_NAT64: Final = IPv6Network("64:ff9b::/96")
# Of IANA's special registries, what the standard library calls global in some of its versions: for
# protocols, for 6to4's relays, for documents. Nobody's server is there.
_SPECIAL: Final = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("3fff::/20"),
)
_PRINTABLE: Final = range(0x21, 0x7F)


def fault_of(url: str, *, development: bool) -> str | None:
    """What is wrong with an endpoint's URL; None when nothing is.

    Args:
        url: As it was sent.
        development: Whether plain http is allowed.
    """
    if not 1 <= len(url) <= MAX_URL or any(ord(letter) not in _PRINTABLE for letter in url):
        return f"write at most {MAX_URL} visible ASCII characters"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it cannot be read"
    if parts.scheme not in ({"https", "http"} if development else {"https"}):
        return "it must begin with https://"
    if not parts.hostname or port == 0:
        return "it names no host"
    if parts.username is not None or parts.password is not None:
        return "it holds a name or a password"
    return "it holds a fragment" if "#" in url else None


def may_connect(address: IPv4Address | IPv6Address, *, development: bool) -> bool:
    """Whether a connection may be made to an address.

    Args:
        address: The one that a connection would go to.
        development: Whether this machine itself is allowed.
    """
    if development and address.is_loopback:
        return True
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return may_connect(IPv4Address(address.packed[-4:]), development=False)
        if address not in _GIVEN_OUT or address.sixtofour:
            return False
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast
