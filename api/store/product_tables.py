"""The API's tables of products: what several drops of one mentor sell again and again.

It owns their shape and the constraints that the database itself holds; it refuses reads and writes.
A row says that a mentor has published such a text here, and nothing about the chain: whether a drop
carries the text is asked of the mirror at each look.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
)

from api.store.tables import METADATA
from marketplace.storage.columns import TEXT, Address, Bytes32, UtcTime

products: Final = Table(
    "products",
    METADATA,
    Column("product", Bytes32, nullable=False, doc="SHA-256 of mentor, format and title"),
    Column("mentor", Address, nullable=False, doc="who published it, for a drop of their own"),
    Column("format", TEXT, nullable=False),
    Column("title", TEXT, nullable=False),
    Column("listed_at", UtcTime, nullable=False, doc="when its first text was published"),
    PrimaryKeyConstraint("product"),
    CheckConstraint("length(product) = 32", name="product"),
    CheckConstraint("length(mentor) = 20", name="mentor"),
    CheckConstraint("length(format) BETWEEN 1 AND 40", name="format"),
    CheckConstraint("length(title) BETWEEN 1 AND 120", name="title"),
    # A page has one order, of everything or of one mentor or format or both.
    Index(None, "listed_at", "product"),
    Index(None, "mentor", "listed_at", "product"),
    Index(None, "format", "listed_at", "product"),
    Index(None, "mentor", "format", "listed_at", "product"),
    sqlite_strict=True,
)

product_texts: Final = Table(
    "product_texts",
    METADATA,
    Column("product", Bytes32, nullable=False),
    Column("terms_hash", Bytes32, nullable=False),
    Column("published_at", UtcTime, nullable=False, doc="by this mentor"),
    PrimaryKeyConstraint("product", "terms_hash"),
    ForeignKeyConstraint(["product"], ["products.product"], ondelete="CASCADE"),
    ForeignKeyConstraint(["terms_hash"], ["published_terms.terms_hash"], ondelete="CASCADE"),
    # The last published is looked for first.
    Index(None, "product", "published_at", "terms_hash"),
    # What is deleted with a text is found by it.
    Index(None, "terms_hash"),
    sqlite_strict=True,
)
