"""One HTTP connection to a node, kept open.

Owns connecting, posting and what an HTTP status means. Refuses redirects (a node that moves is a
node to be named anew), proxies of the environment, and retries other than on a connection that the
other side closed while it was idle: everything asked here is a question and may be asked twice.
Refuses an answer without an end, whether in time or in size: a node that gives a byte now and then
is never silent, and would hold the loop for ever.
"""

from __future__ import annotations

import io
import re
import zlib
from base64 import b64encode
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from indexer.rpc.errors import AnswerMalformed, NodeOverloaded, NodeRefused, NodeSilent
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.web_addresses import parts_of

if TYPE_CHECKING:
    from socket import SocketIO, socket

    from _typeshed import WriteableBuffer

_SCHEMES: Final = frozenset({"http", "https"})
_TARGET: Final = re.compile(r"[!-~]+")
_OK: Final = 200
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500
_WHOLE: Final = 6
"""How many times as long as a silence a whole answer may take."""
LARGEST: Final = 256 * 2**20
"""Bytes of an answer, as it comes and unpacked; a block full of nothing but logs has a quarter."""
_GZIP: Final = 31
"""What zlib calls a window of any size with gzip's header around it."""


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
        parts = parts_of(url, _SCHEMES)
        if parts is None:
            raise NodeAddressInvalid(
                "it does not begin with http:// or https:// and a host, or what follows as a port "
                "is none (in a password / is written %2F)"
            )
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port, self._timeout_s = parts.hostname or "", parts.port, timeout_s
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not _TARGET.fullmatch(self._target):
            raise NodeAddressInvalid("what follows its host is not of visible ASCII alone")
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        if parts.username is not None:
            told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {b64encode(told.encode()).decode()}"
        self._open: HTTPConnection | None = None
        self._dated: str | None = None

    @property
    def answered_at(self) -> int | None:
        """The Unix second of the last answer by its `Date`; None where it has none that is one."""
        try:
            return None if self._dated is None else int(_moment(self._dated))
        except (ValueError, OverflowError):
            return None

    def post(self, body: bytes) -> bytes:
        """Post a body and give the answer's.

        Raises:
            NodeSilent: no connection, no answer in time, or a cut one.
            NodeOverloaded: status 429 or above 499.
            NodeRefused: any other status than 200.
            AnswerMalformed: more than anybody asked for.
        """
        try:
            if self._open is not None:
                try:
                    return self._post(self._open, body)
                except (ConnectionError, HTTPException):
                    self.close()
            self._open = self._kind(self._host, self._port, timeout=self._timeout_s)
            self._open.response_class = _Response
            return self._post(self._open, body)
        except AnswerMalformed:
            # What is left of it must not be taken for the next answer.
            self.close()
            raise
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
        self._dated = answer.headers["Date"]
        content = answer.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise _too_large()
        if answer.length:
            raise EOFError
        if answer.status == _TOO_MANY or answer.status >= _SERVER_FAULT:
            raise NodeOverloaded(answer.status)
        if answer.status != _OK:
            raise NodeRefused("HTTP", answer.status, answer.reason)
        return _unpacked(content) if answer.headers["Content-Encoding"] == "gzip" else content


class _Response(HTTPResponse):
    """An answer that has come to its end in time, or fails."""

    def __init__(
        self, sock: socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        silence_s = sock.gettimeout()
        if silence_s is not None:
            self.fp.close()
            raw = _InTime(sock, sock.makefile("rb", buffering=0), silence_s)
            self.fp = io.BufferedReader(raw)


class _InTime(io.RawIOBase):
    """Reads a socket; no read waits longer than a silence may last, nor beyond the whole's end."""

    def __init__(self, sock: socket, file: SocketIO, silence_s: float) -> None:
        self._sock = sock
        self._file = file
        self._silence_s = silence_s
        self._ends_at = monotonic() + _WHOLE * silence_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        left_s = self._ends_at - monotonic()
        if left_s <= 0:
            raise TimeoutError
        if left_s < self._silence_s:
            self._sock.settimeout(left_s)
        return self._file.readinto(buffer)

    def close(self) -> None:
        # The next answer of this connection has as long for itself.
        if not self.closed and self._sock.fileno() >= 0:
            self._sock.settimeout(self._silence_s)
        self._file.close()
        super().close()


def _unpacked(content: bytes) -> bytes:
    unpacking = zlib.decompressobj(_GZIP)
    found = unpacking.decompress(content, LARGEST + 1)
    if len(found) > LARGEST:
        raise _too_large()
    if not unpacking.eof:
        raise EOFError
    return found


def _moment(dated: str) -> float:
    moment = parsedate_to_datetime(dated)
    # "-0000" is UTC too, and read as of no zone.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _too_large() -> AnswerMalformed:
    return AnswerMalformed("a question", f"it is larger than {LARGEST} bytes")


def _short(error: BaseException) -> str:
    """Name a failure without its text, which may hold the node's address."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
