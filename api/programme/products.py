"""Products that mentors have published: what each is, and by which texts.

Owns what makes two texts one product, and the statements. Refuses to say that a product is there:
that takes a drop on the chain which carries one of its texts, and the mirror is asked for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from api.store.product_tables import product_texts, products
from marketplace.domain.ids import MAX_UINT256

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.launch.published import PublishedProduct
    from marketplace.launch.schema import Format

_PLACE: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,78})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LAST_US: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND


def product_id(mentor: ChecksumAddress, product: PublishedProduct) -> str:
    """What names a product: 0x and 64 hex digits.

    The same for every text of one mentor with one format and one title, as they are written, on
    whatever chain. Nobody's text can have the name of another mentor's product.
    """
    said = f"seatmarket product 1\n{mentor.lower()}\n{product.format}\n{product.title}"
    return f"0x{sha256(said.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class ProductPlace:
    """Where a product stands in a list: who was listed last comes first.

    Attributes:
        listed_us: Microseconds since 1970.
        product: Its id as a number, between those of one moment.
    """

    listed_us: int
    product: int

    @property
    def cursor(self) -> str:
        """The place as text."""
        return f"{self.listed_us}-{self.product}"

    @property
    def listed_at(self) -> datetime:
        """When it was listed."""
        return _EPOCH + self.listed_us * _MICROSECOND

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a cursor; None when it names no place."""
        match = _PLACE.fullmatch(text)
        if match is None:
            return None
        listed_us, product = (int(part) for part in match.groups())
        return None if listed_us > _LAST_US or product > MAX_UINT256 else cls(listed_us, product)


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """A product that a mentor has published something of, whatever became of the drops."""

    product: str
    mentor: ChecksumAddress
    listed_at: datetime

    @property
    def place(self) -> ProductPlace:
        """Where it stands."""
        return ProductPlace((self.listed_at - _EPOCH) // _MICROSECOND, int(self.product, 16))


def keep_product(
    connection: Connection,
    mentor: ChecksumAddress,
    product: PublishedProduct,
    terms_hash: str,
    now: datetime,
) -> None:
    """Note that a kept text is of a product; once more changes nothing.

    Args:
        connection: In the transaction that keeps the text.
        mentor: Of a drop that carries it.
        product: As the text says.
        terms_hash: Of the text.
        now: Since when it is published by this mentor.
    """
    named = product_id(mentor, product)
    listed = {
        "product": named,
        "mentor": mentor,
        "format": product.format,
        "title": product.title,
        "listed_at": now,
    }
    text = {"product": named, "terms_hash": terms_hash, "published_at": now}
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for table, row in ((products, listed), (product_texts, text)):
        connection.execute(insert(table).values(row).on_conflict_do_nothing())


def products_listed(
    connection: Connection,
    *,
    mentor: ChecksumAddress | None = None,
    of_format: Format | None = None,
    after: ProductPlace | None = None,
    limit: int,
) -> tuple[ListedProduct, ...]:
    """A page of products, of one mentor or format or of all, the last listed first."""
    columns = products.c
    statement = (
        select(products).order_by(columns.listed_at.desc(), columns.product.desc()).limit(limit)
    )
    if mentor is not None:
        statement = statement.where(columns.mentor == mentor)
    if of_format is not None:
        statement = statement.where(columns.format == of_format)
    if after is not None:
        place = (after.listed_at, f"0x{after.product:064x}")
        statement = statement.where(tuple_(columns.listed_at, columns.product) < place)
    return tuple(_listed(row) for row in connection.execute(statement).mappings())


def product_named(connection: Connection, product: str) -> ListedProduct | None:
    """One of them; None: nobody has published anything of it."""
    found = connection.execute(select(products).filter_by(product=product)).mappings().one_or_none()
    return None if found is None else _listed(found)


def last_texts(
    connection: Connection, named: Collection[str], most: int
) -> Mapping[str, Sequence[str]]:
    """The hashes of so many texts of each of some products, the last published first."""
    text = product_texts.alias("text")
    # One look into the index for each: of a product with hundreds of texts no more are read.
    nth = [
        select(text.c.terms_hash)
        .where(text.c.product == products.c.product)
        .order_by(text.c.published_at.desc(), text.c.terms_hash.desc())
        .limit(1)
        .offset(number)
        .scalar_subquery()
        .label(f"text_{number}")
        for number in range(most)
    ]
    rows = connection.execute(select(products.c.product, *nth).where(products.c.product.in_(named)))
    return {product: [one for one in texts if one is not None] for product, *texts in rows}


def texts_of(
    connection: Connection, product: str, most: int, *, first: bool = False
) -> tuple[str, ...]:
    """The hashes of so many texts of a product, the last published first, or the `first`."""
    columns = product_texts.c
    by_age = (columns.published_at, columns.terms_hash)
    return tuple(
        connection.scalars(
            select(columns.terms_hash)
            .filter_by(product=product)
            .order_by(*(by_age if first else (one.desc() for one in by_age)))
            .limit(most)
        )
    )


def _listed(row: RowMapping) -> ListedProduct:
    return ListedProduct(row["product"], row["mentor"], row["listed_at"])
