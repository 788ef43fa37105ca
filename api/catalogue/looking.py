"""One look at the mirror: a transaction, and the block that everything seen in it is of.

Owns how a level becomes a block, once for all reads of an answer. Refuses reads of its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.queries import Level, mirror_status
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from api.parts import Parts
    from indexer.queries import MirrorId, Moment


@dataclass(frozen=True, slots=True)
class Look:
    """What a read takes.

    Attributes:
        connection: In a transaction that sees one moment.
        mirror: Which one.
        level: That was asked for.
        at: That level's block at this moment.
    """

    connection: Connection
    mirror: MirrorId
    level: Level
    at: Moment


@contextmanager
def look(parts: Parts, level: Level = Level.LATEST) -> Iterator[Look]:
    """Look at the mirror.

    Raises:
        MirrorMissing: there is none yet.
        StorageError: the mirror's database does not answer.
    """
    with reading(parts.reads) as connection:
        at = mirror_status(connection, parts.mirror_id).at(level)
        yield Look(connection, parts.mirror_id, level, at)
