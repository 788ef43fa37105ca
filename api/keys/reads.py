"""What is read of API keys: those that are alive.

Owns the statements and what "alive" means. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, select

from api.auth.proofs import counts_on, stands_on
from api.keys.values import ApiClient, StoredKey
from api.store.tables import api_key_drops, api_keys, wallet_proofs
from marketplace.domain.ids import DropId
from marketplace.storage.columns import BIG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress


def live_key(
    connection: Connection, mirror: MirrorId, key_hash: str, now: datetime
) -> StoredKey | None:
    """Find a key that counts here and has not ended.

    What it is limited to in other mirrors opens nothing here.
    """
    here = stands_on(literal(mirror.chain_id, BIG))
    row = connection.execute(
        _COLUMNS.where(api_keys.c.key_hash == key_hash, here, *_alive(now))
    ).one_or_none()
    return None if row is None else _key(connection, mirror, row)


def live_keys(
    connection: Connection, mirror: MirrorId, owner: ChecksumAddress, now: datetime
) -> tuple[StoredKey, ...]:
    """All keys of an account that count here and have not ended, the newest first."""
    here = stands_on(literal(mirror.chain_id, BIG))
    rows = connection.execute(
        _COLUMNS.where(api_keys.c.owner == owner, here, *_alive(now)).order_by(
            api_keys.c.created_at.desc(), api_keys.c.id
        )
    ).all()
    return tuple(_key(connection, mirror, row) for row in rows)


def count_live(
    connection: Connection, mirror: MirrorId, owner: ChecksumAddress, now: datetime
) -> int:
    """How many keys of an account count here and have not ended."""
    here = counts_on(api_keys.c.key_hash, mirror.chain_id)
    counted = select(func.count()).where(api_keys.c.owner == owner, here, *_alive(now))
    return int(connection.scalar(counted) or 0)


_COLUMNS = select(
    api_keys.c.id,
    api_keys.c.owner,
    api_keys.c.scopes,
    api_keys.c.limited,
    api_keys.c.name,
    api_keys.c.created_at,
    api_keys.c.expires_at,
    api_keys.c.last_used_at,
    wallet_proofs.c.checked_at,
).outerjoin_from(api_keys, wallet_proofs, api_keys.c.key_hash == wallet_proofs.c.credential_hash)


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (api_keys.c.revoked_at.is_(None), api_keys.c.expires_at > now)


def _drops_of(connection: Connection, mirror: MirrorId, key_id: str) -> Mapping[DropId, str]:
    drops = api_key_drops.c
    rows = connection.execute(
        select(drops.drop_id, drops.terms_hash).where(
            drops.key_id == key_id,
            drops.chain_id == mirror.chain_id,
            drops.contract_set == mirror.contract_set,
        )
    )
    return {DropId(row.drop_id): row.terms_hash for row in rows}


def _key(connection: Connection, mirror: MirrorId, row: Row[*tuple[Any, ...]]) -> StoredKey:
    # A limited key whose drops are gone is good for none, and never for all.
    limits = _drops_of(connection, mirror, row.id) if row.limited else None
    client = ApiClient(row.id, row.owner, row.scopes, limits)
    times = (row.created_at, row.expires_at, row.last_used_at, row.checked_at)
    return StoredKey(client, row.name, *times)
