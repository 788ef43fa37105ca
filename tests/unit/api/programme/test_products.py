from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.programme.products import ListedProduct, ProductPlace, product_id
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.launch.published import PublishedProduct

ADA = ChecksumAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
SESSION = PublishedProduct(
    format="drop session",
    title="One evening",
    mentor="Ada",
    summary="What it is.",
    contains=("an evening",),
    success=("It took place.",),
)


def test_a_product_is_its_mentor_its_format_and_its_title() -> None:
    named = product_id(ADA, SESSION)
    same = replace(SESSION, mentor="A. L.", summary="Anew.", contains=("two",), success=("All.",))
    assert product_id(ADA, same) == named
    others = (
        (ZERO_ADDRESS, SESSION),
        (ADA, replace(SESSION, format="sprint cohort")),
        (ADA, replace(SESSION, title="One Evening")),
        (ADA, replace(SESSION, title="One evening drop session")),
    )
    assert len({named, *(product_id(*one) for one in others)}) == 1 + len(others)


def test_the_id_is_the_documented_digest() -> None:
    # Reckoned apart from this program, over four lines: what it is, mentor, format, title.
    assert product_id(ADA, SESSION) == (
        "0xb51e200e0cfe2ce37349cd3171ef335191f680aaa2736acd3f91fe56378012ac"
    )


def test_a_place_is_read_as_it_was_written() -> None:
    listed = ListedProduct("0x" + "0f" * 32, ADA, datetime(2027, 3, 1, 18, 0, 0, 123456, UTC))
    place = ProductPlace.parse(listed.place.cursor)
    assert place == listed.place
    assert place is not None
    assert place.listed_at == listed.listed_at
    assert f"0x{place.product:064x}" == listed.product


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "-1-2", "1-2-3", " 1-2", "1-x", f"1-{2**256}", "9" * 18 + "-1"]
)
def test_what_names_no_place_is_none(text: str) -> None:
    assert ProductPlace.parse(text) is None
