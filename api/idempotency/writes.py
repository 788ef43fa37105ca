"""What is kept of requests under a key: claims, and the answers that follow them.

Owns the statements. Refuses transactions and clocks: both are the caller's. A claim lasts for a
while and dies by itself, so that nothing has to be cleared away after a process that died. Whoever
has made something keeps the answer only while the claim is still theirs: of two that hold it one
after the other, one makes something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite

from api.store.request_tables import idempotency_keys as kept

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

KEPT: Final = timedelta(days=1)
"""For how long a key is known."""

_FORGOTTEN_AT_ONCE: Final = 100
"""Rows, at most: each request adds one, so the table shrinks whenever more than one is old."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that is about to be done.

    Attributes:
        place: The hash of where its key counts.
        request: The hash of what it asks for.
        token: Chance; tells it from whoever claims the same later.
        begun_at: When.
        until: From when on somebody else may claim it.
    """

    place: str
    request: str
    token: str
    begun_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Before:
    """What there is under a key already; `answer` None: it is under way until `until`."""

    request: str
    answer: bytes | None
    until: datetime


def claim(connection: Connection, wanted: Claim) -> Before | None:
    """Claim a key; what there is under it, where it cannot be claimed."""
    now = wanted.begun_at
    _forget_old(connection, now)
    values = {
        "request_hash": wanted.request,
        "claim": wanted.token,
        "claimed_until": wanted.until,
        "expires_at": now + KEPT,
        "answer": None,
    }
    postgresql = connection.dialect.name == "postgresql"
    into = insert_into_postgresql(kept) if postgresql else insert_into_sqlite(kept)
    added = (
        into.values(place_hash=wanted.place, **values)
        .on_conflict_do_nothing()
        .returning(kept.c.place_hash)
    )
    if connection.execute(added).one_or_none() is not None:
        return None
    row = connection.execute(
        select(kept).where(kept.c.place_hash == wanted.place).with_for_update()
    ).one_or_none()
    if row is None:
        # It was given back at this moment: whoever asks again gets it.
        return Before(wanted.request, None, now)
    before = _before(row, now)
    if before is not None:
        return before
    connection.execute(update(kept).where(kept.c.place_hash == wanted.place).values(**values))
    return None


def found(connection: Connection, wanted: Claim) -> Before | None:
    """What there is under a key, for who looks and claims nothing; None where it can be claimed."""
    row = connection.execute(select(kept).where(kept.c.place_hash == wanted.place)).one_or_none()
    return None if row is None else _before(row, wanted.begun_at)


def keep(connection: Connection, held: Claim, answer: bytes) -> bool:
    """Keep an answer beside what it tells of; False when the claim is somebody else's by now."""
    done = connection.execute(
        update(kept)
        .where(
            kept.c.place_hash == held.place,
            kept.c.claim == held.token,
            kept.c.answer.is_(None),
        )
        .values(answer=answer)
    )
    return done.rowcount == 1


def release(connection: Connection, held: Claim) -> None:
    """Let the key go, where nothing was kept under it."""
    connection.execute(
        delete(kept).where(
            kept.c.place_hash == held.place,
            kept.c.claim == held.token,
            kept.c.answer.is_(None),
        )
    )


def _before(row: Row[*tuple[Any, ...]], now: datetime) -> Before | None:
    over = row.expires_at <= now or (row.answer is None and row.claimed_until <= now)
    return None if over else Before(row.request_hash, row.answer, row.claimed_until)


def _forget_old(connection: Connection, now: datetime) -> None:
    old = select(kept.c.place_hash).where(kept.c.expires_at <= now).order_by(kept.c.expires_at)
    # Two that come at once take different rows.
    some = old.limit(_FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
    found = connection.scalars(some).all()
    if found:
        connection.execute(delete(kept).where(kept.c.place_hash.in_(found)))
