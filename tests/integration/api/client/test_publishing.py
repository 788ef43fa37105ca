from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.client.errors import ApiRefused
from marketplace.domain.ids import DropId, SeatId
from tests.integration.api.client.people import People, signer
from tests.integration.api.live import COHORT, SESSION

if TYPE_CHECKING:
    from tests.integration.api.live import Live


def test_the_mentor_publishes_the_terms_that_the_drop_carries(live: Live) -> None:
    live.mirror()
    people = People(live)
    document = live.files[COHORT].document
    with pytest.raises(ApiRefused) as unpublished:
        people.nobody().terms(COHORT)
    assert unpublished.value.problem.code == "terms_unpublished"
    assert people.nobody().drop(COHORT).product is None
    published = people("mentor").publish_terms(COHORT, document)
    assert people("mentor").publish_terms(COHORT, document) == published
    text = people.nobody().terms(COHORT)
    assert (text.document, text.terms_hash) == (document, published.terms_hash)


def test_others_publish_nothing(live: Live) -> None:
    live.mirror()
    people = People(live)
    with pytest.raises(ApiRefused) as refused:
        people("ada").publish_terms(COHORT, live.files[COHORT].document)
    assert refused.value.problem.code == "mentor_required"
    with pytest.raises(ApiRefused) as refused:
        people("mentor").publish_terms(COHORT, live.files[SESSION].document)
    assert refused.value.problem.code == "terms_differ"


def test_a_drop_says_what_its_mentor_published(people: People) -> None:
    drop = people.nobody().drop(COHORT)
    assert drop.product is not None
    assert drop.product.mentor == "Inês Calado"
    assert drop.sessions is not None
    office_hours = drop.sessions[1]
    assert (office_hours.session, office_hours.title) == (2, "Office hours")
    named = [drop.tiers[tier].name for tier in office_hours.tiers]
    assert named == ["Practice", "Impact"]
    assert drop.audience == (SESSION,)
    assert people.nobody().drop(SESSION, level="latest").audience == "anyone"
    (summary, _) = people.nobody().drops(mentor=signer("mentor").address).drops
    assert summary.title == "Evals that catch regressions before your users do"


def test_what_a_mentor_sells_is_listed_and_shown(live: Live) -> None:
    live.mirror()
    people = People(live)
    for drop in (SESSION, COHORT):
        people("mentor").publish_terms(drop, live.files[drop].document)
    mentor = signer("mentor").address
    first = people.nobody().products(mentor=mentor, limit=1)
    rest = people.nobody().products(mentor=mentor, after=first.next, limit=1)
    (cohort,), (session,) = first.products, rest.products
    assert (cohort.newest.drop, session.newest.drop, rest.next) == (COHORT, SESSION, None)
    assert people.nobody().products(of_format="drop session").products == (session,)
    whole = people.nobody().product(session.product, level="latest")
    assert (whole.title, whole.mentor, whole.text.mentor) == (session.title, mentor, "Inês Calado")
    assert [one.drop for one in whole.drops] == [SESSION]
    assert whole.tiers[0].list_price_wei == live.files[SESSION].drop.tiers[0].list_price
    with pytest.raises(ApiRefused) as refused:
        people.nobody().product("0x" + "00" * 32)
    assert refused.value.problem.code == "not_found"


def test_the_chain_is_named_with_its_levels(people: People) -> None:
    status = people.nobody().chain_status()
    assert (status.chain_id, status.contract) == (31337, people.market.contract)
    assert status.head.number >= status.safe.number >= status.finalized.number
    ready = people.nobody().ready()
    assert (ready.block, ready.block_hash) == (status.head.number, status.head.hash)
    people.nobody().live()


def test_a_seats_metadata_and_picture_are_the_contracts(people: People) -> None:
    seat = people.live.mint(SESSION, "ada")
    people.live.mirror()
    metadata, image = people.nobody().metadata(seat), people.nobody().image(seat)
    assert (metadata.media_type, image.media_type) == ("application/json", "image/svg+xml")
    assert image.content.startswith(b"<svg")
    assert metadata.as_of_block == image.as_of_block
    with pytest.raises(ApiRefused) as refused:
        people.nobody().metadata(SeatId(seat + 1))
    assert refused.value.problem.code == "not_found"


def test_what_is_not_there_is_not_found(people: People) -> None:
    with pytest.raises(ApiRefused) as refused:
        people.nobody().drop(DropId(99))
    assert refused.value.problem.code == "not_found"
    rows = {one.code: one.status for one in people.nobody().problems().problems}
    assert people.nobody().problem("not_found").status == rows["not_found"] == 404
