"""For whom a request counts: an account or an API key that this process has seen, or an address.

Owns what a process remembers of credentials: whose each was when it was last shown and good. It is
found out by whoever finds the caller of a request, and never here: a credential that nobody has
looked at counts for its address, so that making them up brings nothing. Refuses to let anybody in.
"""

from __future__ import annotations

from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final

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


def _shown_in(scope: Scope) -> bytes | None:
    # As for `api.auth.caller`: the first header counts, and a cookie beside it is ignored. Other
    # cookies come and go with a session's; then it is learnt anew.
    cookie = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            return sha256(value).digest()
        if name == b"cookie" and cookie is None:
            cookie = value
    return None if cookie is None else sha256(cookie).digest()
