"""Create products, and make those whose texts are kept already.

Of a text it is known who published it first. Who published the very same text after them publishes
it again.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "api_0018"
down_revision = "api_0017"

_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_LONGEST_FORMAT = 40
_LONGEST_TITLE = 120
_AT_ONCE = 100
"""Texts that are read together: each may have a megabyte."""

_KEPT = sa.table(
    "published_terms",
    sa.column("terms_hash", sa.LargeBinary()),
    sa.column("document", _TEXT),
    sa.column("published_by", sa.LargeBinary()),
    sa.column("published_at", _TIME),
)
_PRODUCTS = sa.table(
    "products",
    sa.column("product", sa.LargeBinary()),
    sa.column("mentor", sa.LargeBinary()),
    sa.column("format", _TEXT),
    sa.column("title", _TEXT),
    sa.column("listed_at", _TIME),
)
_TEXTS = sa.table(
    "product_texts",
    sa.column("product", sa.LargeBinary()),
    sa.column("terms_hash", sa.LargeBinary()),
    sa.column("published_at", _TIME),
)


def upgrade() -> None:
    """Create the tables and fill them from the kept texts."""
    op.create_table(
        "products",
        sa.Column("product", sa.LargeBinary(), nullable=False),
        sa.Column("mentor", sa.LargeBinary(), nullable=False),
        sa.Column("format", _TEXT, nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("listed_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("product"),
        sa.CheckConstraint("length(product) = 32", name="product"),
        sa.CheckConstraint("length(mentor) = 20", name="mentor"),
        sa.CheckConstraint("length(format) BETWEEN 1 AND 40", name="format"),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 120", name="title"),
        sqlite_strict=True,
    )
    op.create_table(
        "product_texts",
        sa.Column("product", sa.LargeBinary(), nullable=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("product", "terms_hash"),
        sa.ForeignKeyConstraint(["product"], ["products.product"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["terms_hash"], ["published_terms.terms_hash"], ondelete="CASCADE"),
        sqlite_strict=True,
    )
    for first in ((), ("mentor",), ("format",), ("mentor", "format")):
        op.create_index(None, "products", [*first, "listed_at", "product"])
    op.create_index(None, "product_texts", ["product", "published_at", "terms_hash"])
    op.create_index(None, "product_texts", ["terms_hash"])
    _fill()


def downgrade() -> None:
    """Drop them; the texts stay, and make them again."""
    op.drop_table("product_texts")
    op.drop_table("products")


def _fill() -> None:
    connection = op.get_bind()
    # By age: the first text of a product says since when it is listed.
    rows = connection.execute(
        sa.select(_KEPT).order_by(_KEPT.c.published_at, _KEPT.c.terms_hash),
        execution_options={"yield_per": _AT_ONCE},
    )
    # No document is held, and nothing is written before the last was read.
    found = [one for one in map(_read, rows) if one is not None]
    listed: dict[bytes, dict[str, Any]] = {}
    for product, _ in found:
        listed.setdefault(product["product"], product)
    if found:
        connection.execute(sa.insert(_PRODUCTS), list(listed.values()))
        connection.execute(sa.insert(_TEXTS), [text for _, text in found])


def _read(row: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:  # noqa: ANN401 - a row
    """The product of a kept text, and its place in it; None: nobody would be shown such a text."""
    mentor = bytes(row.published_by)
    try:
        said = json.loads(row.document)["product"]
        name, title = said["format"], said["title"]
        named = f"seatmarket product 1\n0x{mentor.hex()}\n{name}\n{title}".encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if not isinstance(name, str) or not isinstance(title, str):
        return None
    if not 1 <= len(name) <= _LONGEST_FORMAT or not 1 <= len(title) <= _LONGEST_TITLE:
        return None
    product = hashlib.sha256(named).digest()
    return (
        {
            "product": product,
            "mentor": mentor,
            "format": name,
            "title": title,
            "listed_at": row.published_at,
        },
        {
            "product": product,
            "terms_hash": bytes(row.terms_hash),
            "published_at": row.published_at,
        },
    )
