"""API keys, as their owner sees them.

Owns the answers. Refuses to show a key's text: it is read once and kept out of every repr.
"""

from __future__ import annotations

from pydantic import AwareDatetime, Field
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER
from marketplace.domain.ids import DropId


@dataclass(frozen=True, config=ANSWER)
class ApiKey:
    """A key; `drops` None: every drop whose mentor the account is."""

    id: str
    name: str
    scopes: tuple[str, ...]
    drops: tuple[DropId, ...] | None
    created_at: AwareDatetime
    expires_at: AwareDatetime
    last_used_at: AwareDatetime | None


@dataclass(frozen=True, config=ANSWER)
class MadeApiKey:
    """A key that has just been made; `key` is its text, for `Authorization: Bearer`."""

    id: str
    name: str
    scopes: tuple[str, ...]
    drops: tuple[DropId, ...] | None
    created_at: AwareDatetime
    expires_at: AwareDatetime
    last_used_at: AwareDatetime | None
    key: str = Field(repr=False)


@dataclass(frozen=True, config=ANSWER)
class ApiKeys:
    """The live keys of an account, the newest first."""

    keys: tuple[ApiKey, ...]
