"""Documents that mentors have published, by the hash that drops carry.

Owns the statements. Refuses transactions, and documents whose bytes do not have the hash that they
are kept or asked for under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from api.store.tables import published_terms
from marketplace.launch.canonical import terms_hash

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from marketplace.domain.addresses import ChecksumAddress


def documents_of(connection: Connection, wanted: Collection[str]) -> Mapping[str, str]:
    """The documents of some hashes (0x and 64 hex digits); what is not to be believed is missing.

    The bytes are hashed again: what a database gives back is no proof of what was put in.
    """
    rows = connection.execute(
        select(published_terms.c.terms_hash, published_terms.c.document).where(
            published_terms.c.terms_hash.in_(wanted)
        )
    )
    return {row.terms_hash: row.document for row in rows if hash_of(row.document) == row.terms_hash}


def keep_document(
    connection: Connection, document: str, published_by: ChecksumAddress, now: datetime
) -> None:
    """Keep a document under its own hash; once more is as good as once."""
    given = {
        "terms_hash": hash_of(document),
        "document": document,
        "published_by": published_by,
        "published_at": now,
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(published_terms).values(given)
    connection.execute(
        # Who was first stays; the text is put right where it was damaged.
        statement.on_conflict_do_update(
            index_elements=["terms_hash"], set_={"document": statement.excluded.document}
        )
    )


def hash_of(document: str) -> str:
    """keccak256 of a document's UTF-8 bytes: 0x and 64 hex digits."""
    return f"0x{terms_hash(document).hex()}"
