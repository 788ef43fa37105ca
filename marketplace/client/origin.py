"""Where the API is: the one origin that requests and the bearer token go to.

Owns reading the address. Refuses plain http beyond the loopback, and addresses with a path, a
query or a password in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from marketplace.client.errors import ApiAddressInvalid

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ApiOrigin:
    """Scheme, host and port, in lower case and without the scheme's own port.

    Attributes:
        authority: Host and port, as a signed message names them (EIP-4361).
    """

    scheme: str
    authority: str

    @property
    def url(self) -> str:
        """The origin as one text."""
        return f"{self.scheme}://{self.authority}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `https://seats.example` or `http://127.0.0.1:8000`. Raises ApiAddressInvalid."""
        try:
            parts = urlsplit(text.strip())
            port = parts.port
        except ValueError:
            raise ApiAddressInvalid("it is no web address") from None
        host, scheme = parts.hostname, parts.scheme
        if scheme not in _DEFAULT_PORTS or not host or not host.isascii():
            raise ApiAddressInvalid("it does not begin with http:// or https:// and a host")
        if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
            raise ApiAddressInvalid("it holds more than scheme, host and port")
        if scheme == "http" and host not in _LOOPBACK:
            raise ApiAddressInvalid("http would carry the token in clear")
        named = f"[{host}]" if ":" in host else host
        given = "" if port is None or port == _DEFAULT_PORTS[scheme] else f":{port}"
        return cls(scheme, f"{named}{given}")
