"""Where people reach this API: the one origin that cookies, messages and checks name.

Owns reading it from configuration. Refuses to learn it from a request: `Host` and forwarded
headers are whatever the sender writes. Refuses plain http everywhere but on the loopback.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

_ORIGIN: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[::1\])(?::(?P<port>[1-9]\d{0,4}))?"
)
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_LARGEST_PORT: Final = 65_535
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port as browsers write them: lower case, no default port, no path.

    Attributes:
        scheme: `https`, or `http` on the loopback.
        authority: Host and, unless it is the scheme's own, port; EIP-4361's domain.
    """

    scheme: str
    authority: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `https://seats.example` or `http://127.0.0.1:8000`.

        Raises:
            ValueError: anything else, with a sentence that says why and repeats nothing of it: it
                may be the address of a database.
        """
        match = _ORIGIN.fullmatch(text)
        if match is None:
            raise ValueError(
                "this is not an origin: write scheme, host and port in lower case and without a "
                "path, as in https://seats.example."
            )
        scheme, host, port = match["scheme"], match["host"], match["port"]
        if scheme == "http" and host not in LOOPBACK:
            raise ValueError(
                "http would carry sessions in clear and is for the loopback alone: use https."
            )
        if port is not None and (int(port) > _LARGEST_PORT or port == _DEFAULT_PORTS[scheme]):
            raise ValueError("this names a port that browsers would not write: leave it out.")
        return cls(scheme, host if port is None else f"{host}:{port}")

    @property
    def url(self) -> str:
        """The origin as one text, which is also EIP-4361's URI."""
        return f"{self.scheme}://{self.authority}"
