"""The step that keeps with a signed listing whether the chain kept it already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, MetaData, Table, insert, select, text

from api.store.history import API
from api.store.tables import listings
from marketplace.storage.transactions import reading, writing
from tests.integration.rows import ROWS, word

if TYPE_CHECKING:
    from sqlalchemy import Engine

BEFORE: Final = "api_0024"
THE_STEP: Final = "api_0025"


def test_what_was_kept_before_stands_where_it_was_signed_and_stays_both_ways(
    empty_database: Engine,
) -> None:
    API.upgrade(empty_database, BEFORE)
    kept = {name: value for name, value in ROWS[listings].items() if name != "stored_first"}
    old = Table("listings", MetaData(), *(Column(name, listings.c[name].type) for name in kept))
    with writing(empty_database) as connection:
        connection.execute(insert(old).values(**kept))

    API.upgrade(empty_database, THE_STEP)

    later = kept | {"digest": word(600), "stored_first": 1}
    with writing(empty_database) as connection:
        (row,) = connection.execute(select(listings)).mappings()
        assert dict(row) == kept | {"stored_first": 0}
        connection.execute(insert(listings).values(**later))

    API.downgrade(empty_database, BEFORE)

    with reading(empty_database) as connection:
        rows = connection.execute(select(old).order_by(old.c.digest)).mappings()
        digests = (kept["digest"], later["digest"])
        assert [dict(row) for row in rows] == [kept | {"digest": one} for one in digests]
        if connection.dialect.name == "sqlite":
            strict = text("SELECT strict FROM pragma_table_list WHERE name = 'listings'")
            assert connection.scalar(strict) == 1
