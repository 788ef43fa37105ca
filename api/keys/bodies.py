"""The JSON of API keys: what comes in and what goes out.

Owns the shapes and bounds. Refuses rules: these objects only carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import AfterValidator, Field

from api.keys.values import Scope
from api.wire import Moment, WireModel
from marketplace.domain.ids import MAX_DROP

if TYPE_CHECKING:
    from api.keys.keys import MadeKey
    from api.keys.values import StoredKey

MAX_NAME_CHARACTERS: Final = 80
MAX_DROPS: Final = 50
_LEAST_S: Final = 60
_MOST_S: Final = 366 * 86_400


def _one_line(value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise ValueError("write one line of letters that can be seen, with no space around it")
    return value


class KeyRequest(WireModel):
    """Asks for a key."""

    name: Annotated[
        str, Field(min_length=1, max_length=MAX_NAME_CHARACTERS), AfterValidator(_one_line)
    ]
    """What its owner calls it: one line of at most 80 letters."""

    scopes: Annotated[
        list[Annotated[Scope, Field(strict=False)]], Field(min_length=1, max_length=len(Scope))
    ]
    """What it is for, each once."""

    drops: (
        Annotated[
            list[Annotated[int, Field(ge=1, le=MAX_DROP)]],
            Field(min_length=1, max_length=MAX_DROPS),
        ]
        | None
    ) = None
    """Numbers of the drops that it is limited to; left out or null: every drop whose mentor the
    account is."""

    expires_in_s: Annotated[int, Field(ge=_LEAST_S, le=_MOST_S)]
    """Seconds after which it ends: from a minute to 366 days."""


class ListedKey(WireModel):
    """A key, as its owner sees it."""

    id: str
    """Names the key in lists and where it is ended: `key_` and 16 hex digits. It opens nothing."""

    name: str
    """What its owner calls it."""

    scopes: list[str]
    """What it is for, each a scope as it is asked for."""

    drops: list[int] | None
    """Numbers of the drops that it is limited to; null: every drop whose mentor the account is."""

    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None
    """When it was last used, some minutes early at most, in UTC; null: never."""

    @classmethod
    def of(cls, key: StoredKey) -> Self:
        """Write a key."""
        return cls(**_members(key))


class MadeKeyAnswer(ListedKey):
    """A key that has just been made."""

    key: str
    """For `Authorization: Bearer`; shown this once."""

    @classmethod
    def made(cls, made: MadeKey) -> Self:
        """Write a new key, with its text."""
        return cls(**_members(made.kept), key=made.text)


class KeysAnswer(WireModel):
    """All live keys of the account, the newest first; at most `max_api_keys`."""

    keys: list[ListedKey]
    """The keys, without their texts."""


def _members(key: StoredKey) -> dict[str, Any]:
    client = key.client
    return {
        "id": client.id,
        "name": key.name,
        "scopes": sorted(client.scopes),
        "drops": None if client.drops is None else sorted(client.drops),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
    }
