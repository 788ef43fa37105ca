"""For whom a request counts: an account or an API key that this process has seen, or an address.

Owns what a process remembers of credentials: whose each was when it was last shown and good. It is
found out by whoever finds the caller of a request, and never here: a credential that nobody has
looked at counts for its address, with all others that are shown there, so that making them up
brings nothing. One credential is one however it is sent: what a client may write beside it makes it
no other. Refuses to let anybody in.
"""

from __future__ import annotations

from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final

from api.auth.cookies import SESSION, values_in

if TYPE_CHECKING:
    from starlette.types import Scope

MAX_CALLERS: Final = 20_000
"""Credentials that a process remembers; the one that was learnt first goes first."""

_PLACE: Final = "seats.callers"


class Callers:
    """The callers that a process knows. Asked on the event loop, taught by any thread."""

    def __init__(self, most: int = MAX_CALLERS) -> None:
        self._most = most
        self._names: dict[bytes, str] = {}
        self._teaching = Lock()

    def __len__(self) -> int:
        return len(self._names)

    def name_of(self, scope: Scope) -> str | None:
        """Who shows this credential, as far as it is known; the request is asked to tell more."""
        shown = _shown_in(scope)
        if shown is None:
            return None
        scope[_PLACE] = self
        return self._names.get(shown)

    def learn(self, scope: Scope, name: str) -> None:
        """Remember whose the credential of a request is."""
        shown = _shown_in(scope)
        if shown is None or self._names.get(shown) == name:
            return
        with self._teaching:
            self._names[shown] = name
            if len(self._names) > self._most:
                del self._names[next(iter(self._names))]

    def forget(self, scope: Scope) -> None:
        """Forget a credential that was refused."""
        shown = _shown_in(scope)
        if shown is not None:
            with self._teaching:
                self._names.pop(shown, None)


def learn_caller(scope: Scope, name: str) -> None:
    """Tell whoever counts requests, if anybody does, whose the credential of this one is."""
    callers: Callers | None = scope.get(_PLACE)
    if callers is not None:
        callers.learn(scope, name)


def shows_something(scope: Scope) -> bool:
    """Whether a request shows a credential, whosever it is and whether or not it is good."""
    return _shown_in(scope) is not None


def _shown_in(scope: Scope) -> bytes | None:
    # As `api.auth.caller` reads it: the first header counts, in whichever case its scheme is, and
    # cookies beside it are ignored, as are other cookies beside a session's.
    lines = []
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, given = value.partition(b" ")
            return _hash(b"bearer", given) if scheme.lower() == b"bearer" else None
        if name == b"cookie":
            lines.append(value.decode("latin-1"))
    values = values_in(lines, SESSION)
    return _hash(b"cookie", values[0].encode("latin-1")) if len(values) == 1 else None


def _hash(kind: bytes, given: bytes) -> bytes:
    return sha256(kind + b" " + given).digest()
