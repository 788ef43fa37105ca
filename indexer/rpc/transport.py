"""One HTTP connection to a node, kept open.

Owns connecting, posting and what an HTTP status means. Refuses redirects (a node that moves is a
node to be named anew), proxies of the environment, and retries other than on a connection that the
other side closed while it was idle: everything asked here is a question and may be asked twice.
"""

from __future__ import annotations

import gzip
import zlib
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import unquote, urlsplit

from indexer.rpc.errors import NodeOverloaded, NodeRefused, NodeSilent
from marketplace.domain.errors import RuleViolated, typed_error

_OK: Final = 200
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500


@typed_error
class NodeAddressInvalid(RuleViolated):
    """The node's address is not one that can be posted to."""

    code = "node_address_invalid"

    why: str

    def _sentence(self) -> str:
        return f"The node's address cannot be used: {self.why}. Write http://HOST:PORT or https://…"


class Transport:
    """Posts bodies to one address. Not for several threads."""

    def __init__(self, url: str, timeout_s: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NodeAddressInvalid("it does not begin with http:// or https:// and a host")
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port, self._timeout_s = parts.hostname, parts.port, timeout_s
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        if parts.username is not None:
            told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {b64encode(told.encode()).decode()}"
        self._open: HTTPConnection | None = None

    def post(self, body: bytes) -> bytes:
        """Post a body and give the answer's.

        Raises:
            NodeSilent: no connection, no answer in time, or a cut one.
            NodeOverloaded: status 429 or above 499.
            NodeRefused: any other status than 200.
        """
        try:
            if self._open is not None:
                try:
                    return self._post(self._open, body)
                except (ConnectionError, HTTPException):
                    self.close()
            self._open = self._kind(self._host, self._port, timeout=self._timeout_s)
            return self._post(self._open, body)
        except (OSError, HTTPException, EOFError, zlib.error) as error:
            self.close()
            raise NodeSilent(_short(error)) from error

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _post(self, connection: HTTPConnection, body: bytes) -> bytes:
        connection.request("POST", self._target, body, self._headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status == _TOO_MANY or answer.status >= _SERVER_FAULT:
            raise NodeOverloaded(answer.status)
        if answer.status != _OK:
            raise NodeRefused("HTTP", answer.status, answer.reason)
        return gzip.decompress(content) if answer.headers["Content-Encoding"] == "gzip" else content


def _short(error: BaseException) -> str:
    """Name a failure without its text, which may hold the node's address."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
