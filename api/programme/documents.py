"""Documents that mentors have published, by the hash that drops carry.

Owns the statements. Refuses transactions, and documents whose bytes do not have the hash that they
are kept or asked for under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from api.store.tables import published_terms
from marketplace.launch.canonical import terms_hash

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from marketplace.domain.addresses import ChecksumAddress


def document_of(connection: Connection, wanted: str) -> str | None:
    """The document of a hash (0x and 64 hex digits); None when there is none to be believed."""
    found: str | None = connection.scalar(
        select(published_terms.c.document).where(published_terms.c.terms_hash == wanted)
    )
    return found if found is not None and hash_of(found) == wanted else None


def keep_document(
    connection: Connection, document: str, published_by: ChecksumAddress, now: datetime
) -> None:
    """Keep a document under its own hash. IntegrityError when there is one already."""
    connection.execute(
        insert(published_terms).values(
            terms_hash=hash_of(document),
            document=document,
            published_by=published_by,
            published_at=now,
        )
    )


def hash_of(document: str) -> str:
    """keccak256 of a document's UTF-8 bytes: 0x and 64 hex digits."""
    return f"0x{terms_hash(document).hex()}"
