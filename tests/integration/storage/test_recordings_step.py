"""The step that keeps with each recording who the mentor of its drop is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, MetaData, Table, insert, select

from api.store.co_host_tables import co_hosts
from api.store.history import API
from api.store.product_tables import product_texts, products
from api.store.tables import published_terms, recordings
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.test_mentor_reads import person
from tests.integration.rows import NOON, ROWS, word

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BEFORE: Final = "api_0018"
THE_STEP: Final = "api_0019"
FIRST, SECOND, THIRD, HELPER, STRANGER = (person(number) for number in range(1, 6))
"""Three mentors of the very same terms, of whom the third has published nothing; a co-host of the
first; somebody whom a mentor has named and removed since."""
KEPT: Final = {name: value for name, value in ROWS[recordings].items() if name != "mentor"}
OLD: Final = Table(
    "recordings", MetaData(), *(Column(name, recordings.c[name].type) for name in KEPT)
)
WHOSE: Final = {
    "by_the_first": (7, FIRST, FIRST),
    "by_the_second": (8, SECOND, SECOND),
    "by_the_third": (9, THIRD, None),
    "by_the_thirds_own_word": (10, THIRD, THIRD),
    "by_a_helper": (7, HELPER, FIRST),
    "by_a_helper_elsewhere": (8, HELPER, None),
    "by_a_helper_of_two": (11, HELPER, None),
    "by_a_mentor_as_helper": (12, SECOND, FIRST),
    "by_a_stranger": (7, STRANGER, None),
}
"""The drop of each recording, who has uploaded it, and whose it is found to be."""


def fill_before(connection: Connection) -> None:
    """What there was: a text, first published by one mentor and then by another; names; files."""
    kept = {**ROWS[published_terms], "terms_hash": word(400), "published_by": FIRST}
    connection.execute(insert(published_terms).values(**kept))
    sold = {**ROWS[products], "mentor": SECOND}
    connection.execute(insert(products).values(**sold))
    text = {"product": sold["product"], "terms_hash": word(400), "published_at": NOON}
    connection.execute(insert(product_texts).values(**text))
    for drop, mentor, account in (
        (7, FIRST, HELPER),
        (10, THIRD, HELPER),
        (11, FIRST, HELPER),
        (11, SECOND, HELPER),
        (12, FIRST, SECOND),
    ):
        named = {"drop_id": drop, "mentor": mentor, "account": account}
        connection.execute(insert(co_hosts).values(**{**ROWS[co_hosts], **named}))
    for name, (drop, uploader, _) in WHOSE.items():
        changed = {"id": name, "drop_id": drop, "uploaded_by": uploader}
        connection.execute(insert(OLD).values(**KEPT | changed))


def test_each_recording_is_found_to_be_its_mentors_or_stays_as_it_was(
    empty_database: Engine,
) -> None:
    API.upgrade(empty_database, BEFORE)
    with writing(empty_database) as connection:
        fill_before(connection)
        before = connection.execute(select(OLD).order_by(OLD.c.id)).all()

    API.upgrade(empty_database, THE_STEP)

    whose = select(recordings.c.id, recordings.c.mentor).order_by(recordings.c.id)
    with reading(empty_database) as connection:
        found = connection.execute(whose).all()
        after = connection.execute(select(OLD).order_by(OLD.c.id)).all()
    assert {row.id: row.mentor for row in found} == {
        name: mentor for name, (_, _, mentor) in WHOSE.items()
    }
    assert after == before

    API.downgrade(empty_database, BEFORE)

    with reading(empty_database) as connection:
        assert connection.execute(select(OLD).order_by(OLD.c.id)).all() == before
    API.upgrade(empty_database, THE_STEP)
    with reading(empty_database) as connection:
        assert connection.execute(whose).all() == found
