"""The step that keeps with each signed order whether a contract wallet took its signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select, text

from api.store.history import API
from api.store.tables import listings, offers
from marketplace.storage.transactions import reading, writing
from tests.integration.rows import NOON, ROWS, word

if TYPE_CHECKING:
    from sqlalchemy import Engine

BEFORE: Final = "api_0021"
THE_STEP: Final = "api_0022"
SINCE: Final = frozenset({"wallet_asked_at", "stored_first"})
"""Columns that came by this step or later."""


def table_of(table: Table, *names: str) -> Table:
    """The table as it is or was with these columns alone."""
    return Table(table.name, MetaData(), *(Column(name, table.c[name].type) for name in names))


@pytest.mark.parametrize("table", [listings, offers], ids=lambda table: table.name)
def test_what_keys_signed_stays_and_what_wallets_signed_goes_down_no_way(
    empty_database: Engine, table: Table
) -> None:
    API.upgrade(empty_database, BEFORE)
    kept = {name: value for name, value in ROWS[table].items() if name not in SINCE}
    old = table_of(table, *kept)
    new = table_of(table, *kept, "wallet_asked_at")
    with writing(empty_database) as connection:
        connection.execute(insert(old).values(**kept))

    API.upgrade(empty_database, THE_STEP)

    with writing(empty_database) as connection:
        (row,) = connection.execute(select(new)).mappings()
        assert dict(row) == kept | {"wallet_asked_at": None}
        for number, signature in enumerate((b"", b"s" * 65, b"s" * 4_096), start=600):
            signed = {"digest": word(number), "signature": signature, "wallet_asked_at": NOON}
            connection.execute(insert(new).values(**kept | signed))

    API.downgrade(empty_database, BEFORE)

    with reading(empty_database) as connection:
        (row,) = connection.execute(select(old)).mappings()
        assert dict(row) == kept
        if connection.dialect.name == "sqlite":
            strict = text("SELECT strict FROM pragma_table_list WHERE name = :it")
            assert connection.scalar(strict, {"it": table.name}) == 1
