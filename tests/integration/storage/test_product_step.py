"""The step that makes products of the texts that are kept already."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select

from api.programme.documents import hash_of
from api.programme.products import product_id
from api.store.history import API
from api.store.product_tables import product_texts, products
from api.store.tables import published_terms
from marketplace.launch.file import parse_launch_file
from marketplace.launch.published import read_terms
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import EXAMPLES
from tests.integration.indexer.test_mentor_reads import person
from tests.integration.rows import NOON

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from marketplace.domain.addresses import ChecksumAddress

BEFORE: Final = "api_0017"
THE_STEP: Final = "api_0018"
OTHERS: Final = ("{", "{}\n", '{"product": 1}', '{"product": {"format": "", "title": "x"}}')
"""Texts that no product can be read from; an older program may have kept them."""


def document(days: int = 0, example: str = "drop-session") -> str:
    octets = (EXAMPLES / f"{example}.toml").read_bytes()
    moment = datetime(2027, 3, 1, tzinfo=UTC) + timedelta(days=days)
    return parse_launch_file("kept.toml", octets, moment, person(1)).document


def kept(connection: Connection) -> list[tuple[str, ChecksumAddress, datetime]]:
    """Texts by age, with who published them: one mentor's session twice, another's, a cohort."""
    texts = [
        (document(3), person(1), NOON + timedelta(days=3)),
        (document(1), person(1), NOON + timedelta(days=1)),
        (document(2), person(2), NOON + timedelta(days=2)),
        (document(4, "sprint-cohort"), person(1), NOON + timedelta(days=4)),
    ]
    rows = [*texts, *((one, person(3), NOON) for one in OTHERS)]
    for text, mentor, moment in rows:
        connection.execute(
            insert(published_terms).values(
                terms_hash=hash_of(text),
                document=text,
                published_by=mentor,
                published_at=moment,
            )
        )
    return sorted(texts, key=lambda one: one[2])


def test_kept_texts_make_their_products_and_stay_when_these_go(empty_database: Engine) -> None:
    API.upgrade(empty_database, BEFORE)
    with writing(empty_database) as connection:
        texts = kept(connection)

    API.upgrade(empty_database, THE_STEP)

    with reading(empty_database) as connection:
        rows = connection.execute(select(products)).all()
        of_texts = {tuple(row) for row in connection.execute(select(product_texts))}
    wanted = {product_id(mentor, read_terms(text).product) for text, mentor, _ in texts}
    assert {row.product for row in rows} == wanted
    assert len(rows) == len(wanted) == 3
    assert of_texts == {
        (product_id(mentor, read_terms(text).product), hash_of(text), moment)
        for text, mentor, moment in texts
    }
    session = json.loads(texts[0][0])["product"]
    of_session = product_id(person(1), read_terms(texts[0][0]).product)
    (first,) = (row for row in rows if row.product == of_session)
    assert (first.mentor, first.format, first.title, first.listed_at) == (
        person(1),
        session["format"],
        session["title"],
        texts[0][2],
    )

    API.downgrade(empty_database, BEFORE)

    with reading(empty_database) as connection:
        assert len(connection.execute(select(published_terms)).all()) == len(texts) + len(OTHERS)
    API.upgrade(empty_database, THE_STEP)
    with reading(empty_database) as connection:
        assert connection.execute(select(products)).all() == rows
