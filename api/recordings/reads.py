"""What is known of recordings.

Owns the statements. Refuses transactions, and whatever is not available: an upload that is under
way, or was broken off, does not exist for readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, or_, select

from api.etags import quoted
from api.recordings.digests import HASH_BYTES
from api.store.tables import recordings
from marketplace.storage.single import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Engine, Row

    from api.programme.values import Programme
    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

MAX_PER_SESSION: Final = 50
"""Recordings of one session."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that is there, twice.

    Attributes:
        session: Its number in the terms.
        terms_hash: Of the drop that it was made for; under another hash the drop is another.
        mentor: Of that drop; None where it is older than the column, and nobody knows.
        sha256: `0x` and 64 hex digits.
    """

    id: str
    drop: DropId
    terms_hash: str
    mentor: ChecksumAddress | None
    session: int
    title: str
    media_type: str
    size_bytes: int
    sha256: str
    available_at: datetime
    uploaded_by: ChecksumAddress

    @property
    def etag(self) -> str:
        """The entity tag of its bytes."""
        return quoted(self.sha256)

    def is_of(self, programme: Programme) -> bool:
        """Whether it was made for the drop that this programme is of.

        A reorganisation can give the drop's number to another drop, and anybody can put its terms
        hash on one of their own.
        """
        return (
            self.drop == programme.drop
            and self.terms_hash == programme.terms_hash
            and self.mentor in {None, programme.mentor}
        )


def recording(connection: Connection, mirror: MirrorId, recording_id: str) -> Recording | None:
    """Find a recording of one market; None when there is none."""
    row = connection.execute(
        _COLUMNS.where(recordings.c.id == recording_id, *_of(mirror))
    ).one_or_none()
    return None if row is None else _recording(row)


def is_there(engine: Engine, recording_id: str) -> bool:
    """Whether a recording that was found has not been taken back since.

    It is a single question: raises what `marketplace.storage.single.rows_of` does.
    """
    return bool(rows_of(engine, _THERE, {"id": recording_id}))


def recordings_of(
    connection: Connection, mirror: MirrorId, programme: Programme, session: int
) -> tuple[Recording, ...]:
    """The recordings of a session, the oldest first; MAX_PER_SESSION at most."""
    rows = connection.execute(
        _COLUMNS.where(
            *_of(mirror),
            recordings.c.drop_id == programme.drop,
            recordings.c.session == session,
            recordings.c.terms_hash == programme.terms_hash,
            of_mentor(programme.mentor),
        )
        .order_by(recordings.c.available_at, recordings.c.id)
        .limit(MAX_PER_SESSION)
    )
    return tuple(_recording(row) for row in rows)


def counts_of(
    connection: Connection,
    mirror: MirrorId,
    programmes: Mapping[DropId, Programme],
    until: datetime | None = None,
) -> Mapping[DropId, Mapping[int, int]]:
    """How many recordings there are of each session of some drops; sessions without are missing.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        programmes: Of the drops.
        until: What became available later is left out; None: nothing is. What was taken back since
            is counted at no moment: nothing is kept of it.
    """
    there = recordings.c.available_at
    statement = (
        select(
            recordings.c.drop_id,
            recordings.c.terms_hash,
            recordings.c.mentor,
            recordings.c.session,
            func.count(),
        )
        .where(
            *_of(mirror),
            recordings.c.drop_id.in_(programmes),
            there.is_not(None) if until is None else there <= until,
        )
        .group_by(
            recordings.c.drop_id,
            recordings.c.terms_hash,
            recordings.c.mentor,
            recordings.c.session,
        )
    )
    found: dict[DropId, dict[int, int]] = {}
    for drop, terms_hash, mentor, session, count in connection.execute(statement):
        programme = programmes[drop]
        if terms_hash == programme.terms_hash and mentor in {None, programme.mentor}:
            of_drop = found.setdefault(drop, {})
            of_drop[session] = of_drop.get(session, 0) + count
    return found


def block_hashes(
    connection: Connection, recording_id: str, first: int, count: int
) -> tuple[bytes, ...]:
    """The SHA-256 of some blocks, from block `first`, counted from 0; fewer at the end."""
    piece = func.substr(recordings.c.block_hashes, first * HASH_BYTES + 1, count * HASH_BYTES)
    found = connection.scalar(
        select(piece).where(recordings.c.id == recording_id, recordings.c.available_at.is_not(None))
    )
    joined = bytes(found or b"")
    return tuple(joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))


def of_mentor(mentor: ChecksumAddress) -> ColumnElement[bool]:
    """Rows of a mentor's drop, and those of which nobody knows whose it was."""
    return or_(recordings.c.mentor == mentor, recordings.c.mentor.is_(None))


_COLUMNS = select(
    recordings.c.id,
    recordings.c.drop_id,
    recordings.c.terms_hash,
    recordings.c.mentor,
    recordings.c.session,
    recordings.c.title,
    recordings.c.media_type,
    recordings.c.size_bytes,
    recordings.c.sha256,
    recordings.c.available_at,
    recordings.c.uploaded_by,
).where(recordings.c.available_at.is_not(None))

_THERE: Final = select(recordings.c.id).where(
    recordings.c.id == bindparam("id", type_=recordings.c.id.type),
    recordings.c.available_at.is_not(None),
)


def _of(mirror: MirrorId) -> tuple[Any, Any]:
    return (
        recordings.c.chain_id == mirror.chain_id,
        recordings.c.contract_set == mirror.contract_set,
    )


def _recording(row: Row[*tuple[Any, ...]]) -> Recording:
    return Recording(*row)
