"""What names a request under a key, and what was answered to it.

Owns the two hashes and the form in which an answer is kept. Refuses clocks and statements.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.queries import MirrorId


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key counts: keys of two places have nothing to do with each other.

    Attributes:
        mirror: The market that is asked for.
        who: The account, the API key or, where nobody need be signed in, the address.
        method: Of the request.
        path: As it was asked for.
        key: The idempotency key.
    """

    mirror: MirrorId
    who: str
    method: str
    path: str
    key: str

    @property
    def hash(self) -> str:
        """The name under which it is kept."""
        mirror = self.mirror.columns.values()
        return hash_of(*map(str, mirror), self.who, self.method, self.path, self.key)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that was given.

    Attributes:
        status: Of it.
        headers: Those that the route has set.
        body: As it was sent.
    """

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def octets(self) -> bytes:
        """The answer as bytes."""
        return json.dumps([self.status, self.body, dict(self.headers)]).encode()

    @classmethod
    def of(cls, octets: bytes) -> Self:
        """Read what `octets` has written."""
        status, body, headers = json.loads(octets)
        return cls(status, body, headers)


def hash_of(*said: str) -> str:
    """The hash of several texts, none of which can pass for a part of the next."""
    return "0x" + sha256(json.dumps(said).encode()).hexdigest()
