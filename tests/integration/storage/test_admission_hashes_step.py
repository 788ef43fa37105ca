"""The step that keeps with an admission the hash of the block that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, MetaData, Table, insert, select, text

from api.store.history import API
from api.store.tables import admissions
from marketplace.storage.transactions import reading, writing
from tests.integration.rows import NOON, ROWS, word

if TYPE_CHECKING:
    from sqlalchemy import Engine

BEFORE: Final = "api_0025"
THE_STEP: Final = "api_0026"


def test_who_was_in_before_stays_without_a_hash_and_stays_both_ways(empty_database: Engine) -> None:
    API.upgrade(empty_database, BEFORE)
    kept = {name: value for name, value in ROWS[admissions].items() if name != "block_hash"}
    old = Table("admissions", MetaData(), *(Column(name, admissions.c[name].type) for name in kept))
    with writing(empty_database) as connection:
        connection.execute(insert(old).values(**kept))

    API.upgrade(empty_database, THE_STEP)

    over = kept | {"token_hash": word(801), "ended_at": NOON, "ended_by": "replaced"}
    with writing(empty_database) as connection:
        (row,) = connection.execute(select(admissions)).mappings()
        assert dict(row) == kept | {"block_hash": None}
        connection.execute(insert(admissions).values(**over, block_hash=word(7)))

    API.downgrade(empty_database, BEFORE)

    with reading(empty_database) as connection:
        rows = connection.execute(select(old).order_by(old.c.token_hash)).mappings()
        assert [dict(row) for row in rows] == [kept, over]
        if connection.dialect.name == "sqlite":
            strict = text("SELECT strict FROM pragma_table_list WHERE name = 'admissions'")
            assert connection.scalar(strict) == 1
