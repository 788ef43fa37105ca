"""What taking in a recording writes, and taking it back.

Owns the statements, and with them the life of a row: begun, then either available or abandoned, as
is what was available and is taken back. An abandoned row counts for nothing, and stays until its
files are gone, so that whatever dies in between is taken up again.
Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from api.recordings.errors import RecordingsFull
from api.recordings.reads import MAX_PER_SESSION, of_mentor
from api.store.tables import recordings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from api.recordings.digests import Digest
    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


@dataclass(frozen=True, slots=True)
class Draft:
    """A recording whose bytes are still to come.

    Attributes:
        terms_hash: Of the drop, as it was when its uploader was let in.
        mentor: Of the drop, then.
        by_co_host: Whether it was a co-host of the drop, who can be removed while the bytes come.
    """

    id: str
    mirror: MirrorId
    drop: DropId
    terms_hash: str
    mentor: ChecksumAddress
    session: int
    title: str
    media_type: str
    uploaded_by: ChecksumAddress
    begun_at: datetime
    by_co_host: bool = False


def begin(connection: Connection, draft: Draft) -> None:
    """Note that a recording comes in.

    Raises:
        RecordingsFull: the session has as many as it may, those under way counted.
    """
    _hold_drop(connection, draft)
    count = connection.scalar(
        select(func.count())
        .select_from(recordings)
        .where(
            *_of_drop(draft),
            recordings.c.session == draft.session,
            recordings.c.abandoned_at.is_(None),
        )
    )
    if (count or 0) >= MAX_PER_SESSION:
        raise RecordingsFull(f"a session has at most {MAX_PER_SESSION} recordings")
    connection.execute(
        insert(recordings).values(
            **draft.mirror.columns,
            id=draft.id,
            drop_id=draft.drop,
            terms_hash=draft.terms_hash,
            mentor=draft.mentor,
            session=draft.session,
            title=draft.title,
            media_type=draft.media_type,
            uploaded_by=draft.uploaded_by,
            begun_at=draft.begun_at,
        )
    )


def finish(
    connection: Connection, draft: Draft, digest: Digest, now: datetime, most_bytes: int
) -> bool:
    """Make a recording available; False when it was abandoned meanwhile.

    Args:
        connection: Of a transaction that writes.
        draft: As it was begun.
        digest: Of both copies.
        now: Not before it was begun.
        most_bytes: What all recordings of a drop may have together.

    Raises:
        RecordingsFull: with it the drop would have more.
    """
    _hold_drop(connection, draft)
    kept = connection.scalar(
        select(func.sum(recordings.c.size_bytes)).where(
            *_of_drop(draft), recordings.c.available_at.is_not(None)
        )
    )
    if int(kept or 0) + digest.size_bytes > most_bytes:
        raise RecordingsFull(f"the recordings of a drop have at most {most_bytes} bytes together")
    finished = connection.execute(
        update(recordings)
        .where(
            recordings.c.id == draft.id,
            recordings.c.available_at.is_(None),
            recordings.c.abandoned_at.is_(None),
        )
        .values(
            size_bytes=digest.size_bytes,
            sha256=digest.sha256,
            block_hashes=digest.block_hashes,
            available_at=now,
        )
    )
    return finished.rowcount == 1


def abandon(connection: Connection, recording_id: str, now: datetime) -> bool:
    """Give up a recording: from now on it can never become available; False when it is."""
    given_up = connection.execute(
        update(recordings)
        .where(recordings.c.id == recording_id, recordings.c.available_at.is_(None))
        .values(abandoned_at=now)
    )
    return given_up.rowcount == 1


def take_back(connection: Connection, recording_id: str, now: datetime) -> bool:
    """Give up a recording that is available: it counts for nothing now. False when it is not."""
    taken = connection.execute(
        update(recordings)
        .where(recordings.c.id == recording_id, recordings.c.available_at.is_not(None))
        .values(available_at=None, abandoned_at=now)
    )
    return taken.rowcount == 1


def unfinished(
    connection: Connection, mirror: MirrorId, before: datetime, limit: int
) -> Sequence[str]:
    """What was begun of a market before a moment and is not available, the oldest first."""
    return connection.scalars(
        select(recordings.c.id)
        .where(
            recordings.c.chain_id == mirror.chain_id,
            recordings.c.contract_set == mirror.contract_set,
            recordings.c.available_at.is_(None),
            recordings.c.begun_at < before,
        )
        .order_by(recordings.c.begun_at)
        .limit(limit)
    ).all()


def forget(connection: Connection, recording_id: str) -> None:
    """Remove the row of a recording that was given up; its files are gone."""
    connection.execute(
        delete(recordings).where(
            recordings.c.id == recording_id, recordings.c.abandoned_at.is_not(None)
        )
    )


def _of_drop(draft: Draft) -> tuple[ColumnElement[bool], ...]:
    columns = recordings.c
    return (
        columns.chain_id == draft.mirror.chain_id,
        columns.contract_set == draft.mirror.contract_set,
        columns.drop_id == draft.drop,
        columns.terms_hash == draft.terms_hash,
        of_mentor(draft.mentor),
    )


def _hold_drop(connection: Connection, draft: Draft) -> None:
    # SQLite has one writer at a time anyway.
    if connection.dialect.name == "postgresql":
        key = func.hashtextextended(f"recordings of {draft.terms_hash}", 0)
        connection.execute(select(func.pg_advisory_xact_lock(key)))
