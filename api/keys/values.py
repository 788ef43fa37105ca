"""What a key is good for: its scopes, its account, its drops.

Owns the values and the rules on them, as functions of values. Refuses to look anything up: who the
mentor of a drop is now is asked of the mirror when the key is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


@unique
class Scope(StrEnum):
    """One thing that a key can be for; a route that names none takes no key."""

    ACCESS_CHECK = "access:check"
    """Ask whether any account gets in."""

    RECORDINGS_WRITE = "recordings:write"
    """Add recordings."""

    RECORDINGS_REMOVE = "recordings:remove"
    """Take recordings back: their bytes are gone. No key has it by having the one for adding."""

    WEBHOOKS_MANAGE = "webhooks:manage"
    """Say where messages go, and look at what was sent."""

    EVENTS_READ = "events:read"
    """Hear what concerns the account."""

    RESALES_READ = "resales:read"
    """See the listings and offers of every drop; in a key of an account that runs the platform."""


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A program that has shown a live key. It acts for the account that made it.

    Attributes:
        id: Public; names the key in lists and logs.
        account: Who made it.
        scopes: What it is for, as kept: a name that is no `Scope` any more opens nothing.
        drops: The terms hashes of the drops that it is limited to, by number; None: to none. A
            drop's number can be another drop's after a reorganisation: with another hash, or with
            the same hash and another mentor, for whom the key does not act.
    """

    id: str
    account: ChecksumAddress
    scopes: frozenset[str]
    drops: Mapping[DropId, str] | None

    def has(self, scope: Scope) -> bool:
        """Whether it is for this."""
        return scope in self.scopes

    def covers(self, drop: DropId, terms_hash: str) -> bool:
        """Whether it is not limited to other drops; who the drop's mentor is, is not asked."""
        return self.drops is None or self.drops.get(drop) == terms_hash


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key as it is kept, with what its owner is shown of it."""

    client: ApiClient
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    wallet_checked_at: datetime | None = None
    """When the contract wallet of its account was asked last; None: it is none."""
