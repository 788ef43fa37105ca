from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import delete, insert

from api.programme.documents import hash_of, keep_document
from api.programme.products import (
    keep_product,
    last_texts,
    product_id,
    product_named,
    products_listed,
    texts_of,
)
from api.store.history import API
from api.store.product_tables import product_texts, products
from api.store.tables import published_terms
from marketplace.launch.published import PublishedProduct
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.test_drop_reads import steps
from tests.integration.indexer.test_mentor_reads import person
from tests.integration.rows import NOON, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from marketplace.launch.schema import Format

FORMATS: Final[tuple[Format, Format]] = ("drop session", "sprint cohort")
TEXTS: Final = 4


def at(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


def filled(engine: Engine, many: int) -> Engine:
    """So many products of four texts each; every third is of the first mentor.

    Formats take turns. Product n is listed in minute n, two in each minute.
    """
    rows = [
        {
            "product": word(number),
            "mentor": person(1 if number % 3 == 0 else number + 1),
            "format": FORMATS[number % 2],
            "title": f"Part {number}",
            "listed_at": at(number // 2),
        }
        for number in range(many)
    ]
    texts = [
        {
            "product": word(number),
            "terms_hash": word(TEXTS * number + nth),
            "published_at": at(number // 2 + nth),
        }
        for number in range(many)
        for nth in range(TEXTS)
    ]
    kept = [
        {
            "terms_hash": one["terms_hash"],
            "document": "{}\n",
            "published_by": person(1),
            "published_at": one["published_at"],
        }
        for one in texts
    ]
    with writing(engine) as connection:
        connection.execute(insert(published_terms), kept)
        connection.execute(insert(products), rows)
        connection.execute(insert(product_texts), texts)
    return engine


def store(path: Path, many: int) -> Engine:
    engine = open_engine(f"sqlite:///{path / f'{many}.sqlite'}")
    API.upgrade(engine)
    return filled(engine, many)


def test_a_page_takes_the_same_time_however_many_products_there_are(tmp_path: Path) -> None:
    def page(connection: Connection, wish: Mapping[str, str]) -> None:
        first = products_listed(connection, limit=2, **wish)  # type: ignore[arg-type] # by name
        after = first[-1].place
        found = products_listed(connection, limit=2, after=after, **wish)  # type: ignore[arg-type] # by name
        assert len(found) == 2
        assert len(last_texts(connection, [one.product for one in found], 3)) == 2

    def one(connection: Connection) -> None:
        assert product_named(connection, word(7)) is not None
        assert len(texts_of(connection, word(7), 100)) == TEXTS

    few, many = store(tmp_path, 20), store(tmp_path, 2_000)
    for wish in (
        {},
        {"mentor": person(1)},
        {"of_format": FORMATS[0]},
        {"mentor": person(1), "of_format": FORMATS[0]},
    ):
        read = partial(page, wish=wish)
        assert often(many, read) < 2 * often(few, read), wish
    assert often(many, one) < 2 * often(few, one)


def often(engine: Engine, read: Callable[[Connection], None]) -> int:
    """The steps of fifty such reads: of one there are too few to compare."""

    def repeated(connection: Connection) -> None:
        for _ in range(50):
            read(connection)

    spent = steps(engine, repeated)
    assert spent > 10
    return spent


def test_with_a_text_its_place_in_a_product_goes(database: Engine) -> None:
    filled(database, 3)
    with writing(database) as connection:
        connection.execute(delete(published_terms).filter_by(terms_hash=word(11)))
    with reading(database) as connection:
        assert texts_of(connection, word(2), 2) == (word(10), word(9))


def test_two_texts_of_one_product_that_come_at_once_are_both_kept(database: Engine) -> None:
    product = PublishedProduct(
        format=FORMATS[0], title="Twice", mentor="Ada", summary="-", contains=("-",), success=("-",)
    )
    documents = ("one\n", "another\n")

    def keep(connection: Connection, document: str) -> None:
        keep_document(connection, document, person(1), NOON)
        keep_product(connection, person(1), product, hash_of(document), NOON)

    def apart(document: str) -> None:
        with writing(database) as connection:
            keep(connection, document)

    with ThreadPoolExecutor(1) as pool:
        with writing(database) as connection:
            keep(connection, documents[0])
            second = pool.submit(apart, documents[1])
            with pytest.raises(TimeoutError):
                second.result(0.3)
        second.result(30)
    named = product_id(person(1), product)
    with reading(database) as connection:
        assert listed(connection, {}) == [named]
        assert set(texts_of(connection, named, 3)) == {hash_of(one) for one in documents}


def listed(connection: Connection, wish: Mapping[str, str]) -> list[str]:
    found, after = [], None
    while page := products_listed(connection, after=after, limit=3, **wish):  # type: ignore[arg-type] # by name
        found += [one.product for one in page]
        after = page[-1].place
    return found


def test_pages_name_each_product_once_the_last_listed_first(database: Engine) -> None:
    filled(database, 20)
    falling = [word(number) for number in range(19, -1, -1)]
    with reading(database) as connection:
        assert listed(connection, {}) == falling
        assert listed(connection, {"mentor": person(1)}) == falling[1::3]
        assert listed(connection, {"of_format": FORMATS[1]}) == falling[::2]
        both = {"mentor": person(1), "of_format": FORMATS[1]}
        assert listed(connection, both) == [word(number) for number in (15, 9, 3)]


def test_texts_come_from_either_end(database: Engine) -> None:
    filled(database, 3)
    with reading(database) as connection:
        assert texts_of(connection, word(2), 2) == (word(11), word(10))
        assert texts_of(connection, word(2), 2, first=True) == (word(8), word(9))
        assert texts_of(connection, word(9), 2) == ()
        assert last_texts(connection, [word(1), word(2), word(9)], 2) == {
            word(1): [word(7), word(6)],
            word(2): [word(11), word(10)],
        }
        assert last_texts(connection, [word(1)], TEXTS + 1)[word(1)] == [
            word(number) for number in (7, 6, 5, 4)
        ]
        assert product_named(connection, word(9)) is None
