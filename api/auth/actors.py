"""Who does something: somebody who is signed in, or a program with a key.

Owns these values. Refuses to read them out of requests, which `api.auth.caller` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from api.keys.values import ApiClient

if TYPE_CHECKING:
    from api.auth.reads import StoredSession
    from api.auth.tokens import SessionToken
    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is signed in, and the token that shows it."""

    session: StoredSession
    token: SessionToken

    @property
    def account(self) -> ChecksumAddress:
        """Who it is."""
        return self.session.account


Actor: TypeAlias = Caller | ApiClient
"""Who does something for an account: it itself, signed in, or a program with one of its keys."""
