from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.queries import drop_terms, seat
from marketplace.storage.transactions import reading
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.world import browser
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from tests.integration.api.live import Live


def test_both_examples_are_launched_and_mirrored(live: Live) -> None:
    live.mirror()
    with reading(live.parts.reads) as connection:
        for drop in (SESSION, COHORT):
            found = drop_terms(connection, live.parts.mirror_id, drop)
            assert found is not None
            assert found.drop.mentor == address_of("mentor")
            assert bytes.fromhex(found.drop.terms_hash[2:]) == (
                live.files[drop].drop.terms.terms_hash
            )


def test_a_resale_reaches_the_mirror(live: Live) -> None:
    bought = live.mint(SESSION, "ada")
    live.resell(bought, "ada", "bo")
    live.mirror()
    with reading(live.parts.reads) as connection:
        found = seat(connection, live.parts.mirror_id, bought)
    assert found is not None
    assert found.owner == address_of("bo")


def test_a_test_finds_the_chain_as_it_was_launched(live: Live) -> None:
    head = live.mirror()
    live.mint(SESSION, "ada")
    assert live.mirror() == head + 1
    ready = live.api.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["block"] == head + 1


def test_a_named_account_signs_in(live: Live) -> None:
    answer = live.client("ada").get("/v1/auth/session")
    assert answer.json()["account"] == address_of("ada")


def test_an_api_that_is_told_another_contract_than_the_mirrors_is_not_ready(live: Live) -> None:
    live.mirror()
    elsewhere = live.parts.settings.model_copy(update={"contract": address_of("ada")})
    with browser(replace(live.parts, settings=elsewhere)) as api:
        answer = api.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]) == (
        503,
        [{"name": "contract", "fault": "the mirror is of another contract than is set"}],
    )
