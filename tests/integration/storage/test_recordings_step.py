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
FIRST, SECOND, THIRD, HELPER, STRANGER, ALONE = (person(number) for number in range(1, 7))
"""Three mentors of the very same terms, of whom the third has published nothing; a co-host of the
first; somebody whom a mentor has named and removed since; the one mentor of other terms."""
OF_ALL, OF_ONE, OF_ONE_WHO_SELLS, OF_SOMEBODY_ELSE = (word(number) for number in range(400, 404))
"""What the hashes of terms are: the last was published by one, and another has named co-hosts."""
KEPT: Final = {name: value for name, value in ROWS[recordings].items() if name != "mentor"}
OLD: Final = Table(
    "recordings", MetaData(), *(Column(name, recordings.c[name].type) for name in KEPT)
)
WHOSE: Final = {
    "by_the_first": (7, OF_ALL, FIRST, FIRST),
    "by_the_second": (8, OF_ALL, SECOND, None),
    "by_one_removed_who_sells_it_too": (9, OF_ALL, SECOND, None),
    "by_the_third": (9, OF_ALL, THIRD, None),
    "by_the_thirds_own_word": (10, OF_ALL, THIRD, THIRD),
    "by_a_helper": (7, OF_ALL, HELPER, FIRST),
    "by_a_helper_elsewhere": (8, OF_ALL, HELPER, None),
    "by_a_helper_of_two": (11, OF_ALL, HELPER, None),
    "by_one_of_two_who_lead": (11, OF_ALL, SECOND, None),
    "by_a_mentor_as_helper": (12, OF_ALL, SECOND, FIRST),
    "by_a_stranger": (7, OF_ALL, STRANGER, None),
    "by_the_only_mentor": (13, OF_ONE, ALONE, ALONE),
    "by_a_stranger_to_the_only_mentor": (13, OF_ONE, STRANGER, None),
    "by_the_only_mentor_who_sells_it": (14, OF_ONE_WHO_SELLS, ALONE, ALONE),
    "by_the_only_publisher_beside_a_mentor": (15, OF_SOMEBODY_ELSE, ALONE, None),
}
"""The drop of each recording, its terms, who has uploaded it, and whose it is found to be."""


def fill_before(connection: Connection) -> None:
    """What there was: texts, one of them published by two mentors, names, and files."""
    for terms, mentor in (
        (OF_ALL, FIRST),
        (OF_ONE, ALONE),
        (OF_ONE_WHO_SELLS, ALONE),
        (OF_SOMEBODY_ELSE, ALONE),
    ):
        kept = {**ROWS[published_terms], "terms_hash": terms, "published_by": mentor}
        connection.execute(insert(published_terms).values(**kept))
    for terms, mentor, product in ((OF_ALL, SECOND, 1), (OF_ONE_WHO_SELLS, ALONE, 2)):
        sold = {**ROWS[products], "mentor": mentor, "product": word(product)}
        connection.execute(insert(products).values(**sold))
        text = {"product": word(product), "terms_hash": terms, "published_at": NOON}
        connection.execute(insert(product_texts).values(**text))
    for drop, terms, mentor, account in (
        (7, OF_ALL, FIRST, HELPER),
        (10, OF_ALL, THIRD, HELPER),
        (11, OF_ALL, FIRST, HELPER),
        (11, OF_ALL, SECOND, HELPER),
        (12, OF_ALL, FIRST, SECOND),
        (16, OF_SOMEBODY_ELSE, STRANGER, HELPER),
    ):
        named = {"drop_id": drop, "terms_hash": terms, "mentor": mentor, "account": account}
        connection.execute(insert(co_hosts).values(**{**ROWS[co_hosts], **named}))
    for name, (drop, terms, uploader, _) in WHOSE.items():
        changed = {"id": name, "drop_id": drop, "terms_hash": terms, "uploaded_by": uploader}
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
        name: mentor for name, (*_, mentor) in WHOSE.items()
    }
    assert after == before

    API.downgrade(empty_database, BEFORE)

    with reading(empty_database) as connection:
        assert connection.execute(select(OLD).order_by(OLD.c.id)).all() == before
    API.upgrade(empty_database, THE_STEP)
    with reading(empty_database) as connection:
        assert connection.execute(whose).all() == found
