"""A page of products among very many, with its drops and texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import insert, select

from api.catalogue.product_shelf import Asked, shelf, whole_product
from api.programme.documents import hash_of, keep_document
from api.programme.products import keep_product, product_id
from indexer.queries import Level
from indexer.store.fold_tables import drop_states, phase_states, tier_states
from marketplace.launch.published import read_terms
from marketplace.storage.transactions import writing
from tests.integration.api.live import SESSION
from tests.integration.indexer.test_drop_reads import steps
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.api.live import Live

FIRST: Final = 100
"""The number of the first drop that is made."""


def sell(live: Live, numbers: range) -> None:
    """For each number a product: a drop as the first is, and a text that differs by its title."""
    document, mentor = live.files[SESSION].document, address_of("mentor")
    says = read_terms(document).product
    titles = {number: f"Part {number}" for number in numbers}
    texts = {
        number: document.replace(f'"title": "{says.title}"', f'"title": "{title}"')
        for number, title in titles.items()
    }
    hashes = {number: hash_of(text) for number, text in texts.items()}
    with writing(live.parts.store) as connection:
        for table in (drop_states, tier_states, phase_states):
            found = connection.execute(select(table).filter_by(drop_id=SESSION)).mappings().all()
            rows: list[dict[str, Any]] = []
            for number in numbers:
                hashed = {"terms_hash": hashes[number]} if table is drop_states else {}
                rows += [{**one, "drop_id": FIRST + number, **hashed} for one in found]
            connection.execute(insert(table), rows)
        for number, text in texts.items():
            now = live.clock() + timedelta(seconds=number)
            keep_document(connection, text, mentor, now)
            keep_product(
                connection, mentor, replace(says, title=titles[number]), hashes[number], now
            )


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_page_takes_the_same_time_however_many_products_there_are(live: Live) -> None:
    live.mirror()
    says = read_terms(live.files[SESSION].document).product
    one = product_id(address_of("mentor"), replace(says, title="Part 7"))
    wishes = [
        Asked(mentor, of_format, None, 5)
        for mentor in (None, address_of("mentor"))
        for of_format in (None, says.format)
    ]

    def spent() -> list[int]:
        pages = [partial(page, live, wish) for wish in wishes]
        return [counted(live, read) for read in (*pages, partial(whole, live, one))]

    sell(live, range(20))
    few = spent()
    sell(live, range(20, 2_000))
    many = spent()

    assert all(more < 2 * less for more, less in zip(many, few, strict=True)), (few, many)


def counted(live: Live, read: Callable[[], None]) -> int:
    """The steps of a read; it opens connections of its own, which are counted."""
    return steps(live.parts.store, lambda _: read())


def page(live: Live, wish: Asked) -> None:
    first = shelf(live.parts, wish)
    second = shelf(live.parts, replace(wish, after=first.behind))
    assert [len(one.found) for one in (first, second)] == [5, 5]


def whole(live: Live, product: str) -> None:
    found = whole_product(live.parts, product, Level.LATEST)
    assert [one.mirrored.drop.drop_id for one in found.drops] == [FIRST + 7]


def test_pages_name_every_product_once(live: Live) -> None:
    live.mirror()
    sell(live, range(250))
    names, after = [], None
    while True:
        found = shelf(live.parts, Asked(address_of("mentor"), None, after, 100))
        names += [one.newest.programme.terms.product.title for one in found.found]
        if (after := found.behind) is None:
            break
    assert names == [f"Part {number}" for number in range(249, -1, -1)]
