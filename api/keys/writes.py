"""What is written of API keys.

Owns the statements. Refuses transactions and clocks: both are the caller's. No moment is written
that is earlier than the row's own: clocks of two machines may differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, delete, insert, literal, select, update

from api.auth.proofs import counts_on
from api.store.tables import api_key_drops, api_keys
from marketplace.storage.columns import UtcTime

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

_KEPT_AFTER_THE_END: Final = timedelta(days=30)
_FORGOTTEN_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be kept; `drops` are the terms hashes that it is limited to, None: to none."""

    id: str
    key_hash: str
    name: str
    owner: ChecksumAddress
    scopes: frozenset[str]
    drops: Mapping[DropId, str] | None
    created_at: datetime
    expires_at: datetime


def keep_key(connection: Connection, mirror: MirrorId, key: NewKey) -> None:
    """Keep a key and what it is limited to."""
    connection.execute(
        insert(api_keys).values(
            id=key.id,
            key_hash=key.key_hash,
            name=key.name,
            owner=key.owner,
            scopes=key.scopes,
            limited=int(key.drops is not None),
            created_at=key.created_at,
            expires_at=key.expires_at,
        )
    )
    for drop, terms_hash in (key.drops or {}).items():
        connection.execute(
            insert(api_key_drops).values(
                key_id=key.id, **mirror.columns, drop_id=drop, terms_hash=terms_hash
            )
        )


def touch_key(connection: Connection, key_id: str, now: datetime) -> None:
    """Note that a key is in use; never takes the note back."""
    keys = api_keys.c
    before = case((keys.last_used_at.is_(None), keys.created_at), else_=keys.last_used_at)
    connection.execute(
        update(api_keys)
        .where(keys.id == key_id, keys.revoked_at.is_(None), before < now)
        .values(last_used_at=now)
    )


def revoke_key(
    connection: Connection, mirror: MirrorId, owner: ChecksumAddress, key_id: str, now: datetime
) -> bool:
    """End a key of an account; False when it has none like that that counts here and is alive."""
    keys, given = api_keys.c, literal(now, UtcTime())
    ended = connection.execute(
        update(api_keys)
        .where(
            keys.id == key_id,
            keys.owner == owner,
            counts_on(keys.key_hash, mirror.chain_id),
            keys.revoked_at.is_(None),
            keys.expires_at > now,
        )
        .values(revoked_at=case((keys.created_at > given, keys.created_at), else_=given))
    )
    return ended.rowcount == 1


def forget_ended_keys(connection: Connection, now: datetime) -> None:
    """Forget some keys whose time was over a month ago, with what they were limited to."""
    keys = api_keys.c
    old = (
        select(keys.id)
        .where(keys.expires_at < now - _KEPT_AFTER_THE_END)
        .order_by(keys.expires_at)
        .limit(_FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = connection.scalars(old).all()
    if found:
        connection.execute(delete(api_key_drops).where(api_key_drops.c.key_id.in_(found)))
        connection.execute(delete(api_keys).where(keys.id.in_(found)))
