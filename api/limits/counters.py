"""Buckets that all processes share, as rows.

Owns the statements and their transaction. Taking one is one statement whose condition is the
decision, so that of two at once the second sees the first. Refuses to wait for the disk where the
database lets it: a crash that forgets the last counts forgives a few requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import case, delete, select, text
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite

from api.limits.quotas import Taken, begun_at
from api.store.request_tables import rate_buckets as buckets
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from api.limits.quotas import Quota

_FORGOTTEN_AT_ONCE: Final = 200


def take(store: Engine, quota: Quota, name: str, now: int) -> Taken:
    """Count a request of somebody, at a moment in microseconds. Raises StorageError.

    The name says on which chain: rows of other chains may be in the same database.
    """
    named = f"{quota.name} {name}"
    with writing(store) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL synchronous_commit TO OFF"))
        full_at = _moved(connection, quota, named, now)
        if full_at is not None:
            return Taken(allowed=True, full_in=full_at - now, quota=quota)
        kept = connection.execute(select(buckets.c.full_at).filter_by(name=named)).scalar_one()
    return Taken(allowed=False, full_in=begun_at(kept, now, quota) - now, quota=quota)


def forget_full(store: Engine, now: int) -> None:
    """Forget some buckets that are full: there is nothing to know of them. Raises StorageError."""
    full = select(buckets.c.name).where(buckets.c.full_at < now).order_by(buckets.c.full_at)
    with writing(store) as connection:
        some = full.limit(_FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
        found = connection.scalars(some).all()
        if found:
            # One of them may be in use again by now.
            gone = buckets.c.name.in_(found), buckets.c.full_at < now
            connection.execute(delete(buckets).where(*gone))


def _moved(connection: Connection, quota: Quota, name: str, now: int) -> int | None:
    kept = buckets.c.full_at
    # As `begun_at` says it.
    begun = case((kept < now, now), (kept > now + quota.beyond, now), else_=kept)
    postgresql = connection.dialect.name == "postgresql"
    into = insert_into_postgresql(buckets) if postgresql else insert_into_sqlite(buckets)
    moved = (
        into.values(name=name, full_at=now + quota.interval)
        .on_conflict_do_update(
            index_elements=[buckets.c.name],
            set_={"full_at": begun + quota.interval},
            where=begun + quota.interval <= now + quota.depth,
        )
        .returning(kept)
    )
    return connection.execute(moved).scalar_one_or_none()
