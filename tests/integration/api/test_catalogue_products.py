from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import delete, func, update

from api.catalogue.product_shelf import Asked, shelf, whole_product
from api.programme.products import product_id
from api.store.product_tables import product_texts, products
from api.store.tables import published_terms
from indexer.queries import Level
from marketplace.bindings.events import DropCreated
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.money import Wei
from marketplace.launch.file import parse_launch_file
from marketplace.launch.published import read_terms
from marketplace.storage.transactions import writing
from tests.integration.api.live import COHORT, EXAMPLES, SESSION
from tests.integration.api.test_catalogue_drops import shown
from tests.integration.api.test_catalogue_terms import create, put
from tests.integration.api.world import code_of
from tests.integration.marketplace.world import address_of, one
from tests.integration.plans import ends_to_end, plans_of

if TYPE_CHECKING:
    from marketplace.domain.ids import DropId
    from marketplace.launch.file import LaunchFile
    from tests.integration.api.live import Live

TITLE: Final = "Evals that catch regressions before your users do"
NOTHING: Final = "0x" + "00" * 32


def again(live: Live, name: str = "mentor", **instead: str) -> DropId:
    """Launch the drop session as it would be by now, with other words, and publish its terms."""
    text = (EXAMPLES / "drop-session.toml").read_text("utf-8")
    for old, new in instead.items():
        assert WORDS[old] in text
        text = text.replace(WORDS[old], new)
    file = parse_launch_file("again.toml", text.encode(), live.clock(), address_of(name))
    made = live.market.send(name, live.market.contract.create_drop(file.drop))
    drop = one(live.market.contract.events_of(made), DropCreated).drop
    live.files[drop] = file
    live.mirror()
    publish(live, drop, name)
    return drop


WORDS: Final = {
    "title": TITLE,
    "contains": "120 minutes live with at most 12 people",
    "includes": "the playbook and the recording",
    "price": 'price = "0.05"',
}


def publish(live: Live, drop: DropId, name: str = "mentor") -> None:
    assert put(live, drop, live.files[drop].document, name).status_code == 200


def id_of(file: LaunchFile, name: str = "mentor") -> str:
    return product_id(address_of(name), read_terms(file.document).product)


def listed(live: Live, **query: str | int) -> list[str]:
    return [row["product"] for row in shown(live.api, "/v1/products", **query)["products"]]


def product(live: Live, file: LaunchFile, name: str = "mentor", **query: str) -> dict[str, Any]:
    return shown(live.api, f"/v1/products/{id_of(file, name)}", **query)


def is_gone(live: Live, file: LaunchFile, name: str = "mentor", **query: str) -> bool:
    answer = live.api.get(f"/v1/products/{id_of(file, name)}", params=query)
    return answer.status_code == 404 and code_of(answer) == "not_found"


def later(live: Live, seconds: int = 3_600) -> None:
    live.market.steering.travel(live.market.now + seconds)


def moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


def second(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def test_drops_of_one_title_are_one_product(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    later(live)
    second_time = again(live)
    file = live.files[SESSION]
    assert file.document != live.files[second_time].document
    assert id_of(file) == id_of(live.files[second_time])

    found = product(live, file)
    head = live.mirror()

    assert listed(live) == [id_of(file)]
    assert (found["title"], found["format"]) == (TITLE, "drop session")
    assert (found["mentor"], found["text"]["mentor"]) == (address_of("mentor"), "Inês Calado")
    assert found["text"]["success"][0].startswith("The session took place for at least 110")
    assert [one["drop"] for one in found["drops"]] == [second_time, SESSION]
    assert [one["name"] for one in found["tiers"]] == ["Access", "Practice"]
    assert found["tiers"][0]["includes"] == ["the live session", "the playbook and the recording"]
    assert (found["level"], found["as_of_block"]) == ("latest", head)


def test_a_drop_of_a_product_says_what_it_costs_and_when_it_is(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    (drop,) = product(live, live.files[SESSION])["drops"]
    terms = live.files[SESSION].drop.terms
    whole = shown(live.api, "/v1/drops/1")
    assert (drop["state"], drop["currency"]) == ("live", ZERO_ADDRESS)
    assert moment(drop["starts_at"]) == second(terms.starts_at)
    assert moment(drop["ends_at"]) == second(terms.ends_at)
    assert drop["opens_at"] == min(one["opens_at"] for one in whole["phases"])
    assert drop["closes_at"] == max(one["closes_at"] for one in whole["phases"])
    assert drop["prices"] == [
        {"tier": 0, "name": "Access", "list_price_wei": "50000000000000000"},
        {"tier": 1, "name": "Practice", "list_price_wei": "120000000000000000"},
    ]


def test_a_product_says_when_its_first_and_last_seats_were_sold(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    unsold = product(live, live.files[SESSION])
    assert (unsold["first_sold_at"], unsold["drops"][0]["last_sold_at"]) == (None, None)
    later(live)
    live.mint(SESSION, "ada")
    first = live.market.now
    later(live)
    live.mint(SESSION, "bo")
    between = live.market.now
    later(live)
    again(live)
    never = product(live, live.files[SESSION])["drops"][0]
    newest = again(live)
    live.mint(newest, "cleo")
    last = live.market.now
    live.mirror()

    found = product(live, live.files[SESSION])

    assert never["first_sold_at"] is None
    assert (moment(found["first_sold_at"]), moment(found["last_sold_at"])) == (
        second(first),
        second(last),
    )
    oldest = found["drops"][-1]
    assert (moment(oldest["first_sold_at"]), moment(oldest["last_sold_at"])) == (
        second(first),
        second(between),
    )


def test_of_a_product_with_very_many_drops_both_ends_are_looked_at(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.mirror()
    publish(live, SESSION)
    live.mint(SESSION, "ada")
    first = live.market.now
    later(live)
    live.mint(again(live), "bo")
    later(live)
    newest = again(live)
    live.mint(newest, "cleo")
    last = live.market.now
    live.mirror()
    monkeypatch.setattr("api.catalogue.product_shelf.MOST", 1)

    found = product(live, live.files[SESSION])

    assert [one["drop"] for one in found["drops"]] == [newest]
    assert moment(found["first_sold_at"]) == second(first)
    assert moment(found["last_sold_at"]) == second(last)


def test_the_text_that_was_published_last_says_what_a_product_is(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    later(live)
    drop = again(live, contains="Four evenings", includes="a cake", price='price = "0.06"')
    found = product(live, live.files[SESSION])
    assert found["text"]["contains"][0] == "Four evenings"
    assert found["tiers"][0]["includes"] == ["the live session", "a cake"]
    assert found["tiers"][0]["list_price_wei"] == "60000000000000000"
    assert [one["prices"][0]["list_price_wei"] for one in found["drops"]] == [
        "60000000000000000",
        "50000000000000000",
    ]
    row = shown(live.api, "/v1/products")["products"][0]
    assert (row["newest"]["drop"], row["title"]) == (drop, TITLE)
    assert row["newest"]["prices"][0]["list_price_wei"] == "60000000000000000"


def test_another_title_is_another_product(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    later(live)
    drop = again(live, title="Evals, once more")
    assert listed(live) == [id_of(live.files[drop]), id_of(live.files[SESSION])]
    assert [one["drop"] for one in product(live, live.files[drop])["drops"]] == [drop]
    assert [one["drop"] for one in product(live, live.files[SESSION])["drops"]] == [SESSION]


def test_a_reorganisation_takes_a_drop_out_of_its_product_and_the_last_the_product(
    live: Live,
) -> None:
    live.mirror()
    publish(live, SESSION)
    for _ in range(3):
        live.market.send("bo", live.market.contract.bump_counter())
    taken = again(live)
    alone = again(live, title="Gone before it began")
    assert len(product(live, live.files[SESSION])["drops"]) == 2
    assert listed(live) == [id_of(live.files[alone]), id_of(live.files[SESSION])]

    live.reorganise(2, 3)
    live.mirror()

    assert [one["drop"] for one in product(live, live.files[SESSION])["drops"]] == [SESSION]
    assert is_gone(live, live.files[alone])
    assert listed(live) == [id_of(live.files[SESSION])]
    # The text is kept, and what carries it by that number now is another drop.
    other = create(live, live.files[COHORT].drop)
    assert other == taken
    assert [one["drop"] for one in product(live, live.files[SESSION])["drops"]] == [SESSION]
    create(live, live.files[alone].drop)
    assert [one["drop"] for one in product(live, live.files[alone])["drops"]] == [alone]
    assert listed(live, limit=1) == [id_of(live.files[alone])]


def test_a_page_goes_on_behind_what_a_reorganisation_took(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    publish(live, COHORT)
    gone = [again(live, title=f"Gone, part {number}") for number in range(3)]
    live.reorganise(len(gone), len(gone) + 1)
    live.mirror()
    first = shown(live.api, "/v1/products", limit=1)
    assert [row["product"] for row in first["products"]] == [id_of(live.files[COHORT])]
    second = shown(live.api, "/v1/products", limit=1, after=first["next"])
    assert [row["product"] for row in second["products"]] == [id_of(live.files[SESSION])]
    assert second["next"] is None


def test_nobody_puts_a_product_into_anothers_shop(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    file = live.files[SESSION]
    copied = create(live, file.drop, "eve")

    # Her drop carries his text: it is no drop of his, and hers no product while she said nothing.
    assert [one["drop"] for one in product(live, file)["drops"]] == [SESSION]
    assert listed(live, mentor=address_of("eve")) == []
    assert is_gone(live, file, "eve")

    assert put(live, copied, file.document, "eve").status_code == 200
    assert id_of(file, "eve") != id_of(file)
    assert [one["drop"] for one in product(live, file, "eve")["drops"]] == [copied]
    assert [one["drop"] for one in product(live, file)["drops"]] == [SESSION]
    assert listed(live, mentor=address_of("eve")) == [id_of(file, "eve")]
    assert listed(live, mentor=address_of("mentor")) == [id_of(file)]


def test_a_drop_that_only_borrows_the_hash_is_none_of_the_product(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    offer = live.files[SESSION].drop
    dearer = replace(offer.tiers[0], list_price=Wei(offer.tiers[0].list_price * 10))
    create(live, replace(offer, tiers=(dearer, *offer.tiers[1:])))
    assert [one["drop"] for one in product(live, live.files[SESSION])["drops"]] == [SESSION]


def test_a_drop_that_contradicts_its_text_hides_none_that_does_not(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    later(live)
    newest = again(live)
    offer = live.files[newest].drop
    dearer = replace(offer.tiers[0], list_price=Wei(offer.tiers[0].list_price * 10))
    create(live, replace(offer, tiers=(dearer, *offer.tiers[1:])))
    (row,) = shown(live.api, "/v1/products")["products"]
    assert row["newest"]["drop"] == SESSION
    assert [one["drop"] for one in product(live, live.files[SESSION])["drops"]] == [newest, SESSION]


def test_a_text_that_was_damaged_makes_no_product(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    with writing(live.parts.store) as connection:
        damaged = func.replace(published_terms.c.document, "Inês Calado", "Inês Callado")
        connection.execute(update(published_terms).values(document=damaged))
    assert listed(live) == []
    assert is_gone(live, live.files[SESSION])


def test_a_row_of_the_store_cannot_rename_a_product(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    with writing(live.parts.store) as connection:
        connection.execute(delete(product_texts))
        connection.execute(update(products).values(product=NOTHING))
        terms_hash = f"0x{live.files[SESSION].drop.terms.terms_hash.hex()}"
        connection.execute(
            product_texts.insert().values(
                product=NOTHING, terms_hash=terms_hash, published_at=live.clock()
            )
        )
    assert listed(live) == []
    assert code_of(live.api.get(f"/v1/products/{NOTHING}")) == "not_found"


def test_products_are_found_by_mentor_and_format(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    publish(live, COHORT)
    again(live, "eve")
    session, cohort = id_of(live.files[SESSION]), id_of(live.files[COHORT])
    eves = id_of(live.files[SESSION], "eve")
    mentor, eve = address_of("mentor"), address_of("eve")
    assert set(listed(live)) == {session, cohort, eves}
    assert set(listed(live, mentor=mentor)) == {session, cohort}
    assert listed(live, format="sprint cohort") == [cohort]
    assert set(listed(live, format="drop session")) == {session, eves}
    assert listed(live, mentor=mentor, format="drop session") == [session]
    assert listed(live, mentor=eve, format="sprint cohort") == []
    assert code_of(live.api.get("/v1/products", params={"format": "retreat"})) == "invalid_request"


def test_products_come_in_pages_and_the_last_listed_first(live: Live) -> None:
    live.mirror()
    drops = []
    for number in range(5):
        later(live)
        drops.append(again(live, title=f"Part {number}"))
    wanted = [id_of(live.files[drop]) for drop in reversed(drops)]

    seen: list[str] = []
    after: dict[str, Any] = {}
    for size in (2, 2, 1):
        page = shown(live.api, "/v1/products", limit=2, **after)
        assert len(page["products"]) == size
        seen += [row["product"] for row in page["products"]]
        after = {"after": page["next"]}

    assert (seen, after["after"]) == (wanted, None)


def test_a_cursor_of_another_list_is_refused(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    publish(live, COHORT)
    cursor = shown(live.api, "/v1/products", limit=1)["next"]
    changed = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    for query in (
        {"after": cursor, "format": "drop session"},
        {"after": cursor, "mentor": address_of("mentor")},
        {"after": changed},
        {"after": cursor[:-4]},
    ):
        assert code_of(live.api.get("/v1/products", params=query)) == "invalid_request"


def test_publishing_again_lists_nothing_twice(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    before = shown(live.api, "/v1/products")
    later(live)
    publish(live, SESSION)
    live.mirror()
    assert shown(live.api, "/v1/products")["products"] == before["products"]


def test_what_was_at_a_level_is_told_of_it(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    for _ in range(3):
        live.market.send("bo", live.market.contract.bump_counter())
    live.mint(SESSION, "ada")
    live.market.send("mentor", live.market.contract.cancel_drop(SESSION))
    live.mirror()
    latest, safe = (product(live, live.files[SESSION], level=one) for one in ("latest", "safe"))
    assert [one["drops"][0]["state"] for one in (latest, safe)] == ["cancelled", "live"]
    assert [one["first_sold_at"] is None for one in (latest, safe)] == [False, True]
    assert safe["as_of_block"] < latest["as_of_block"]
    alone = again(live, title="Too young")
    assert product(live, live.files[alone])["level"] == "latest"
    assert is_gone(live, live.files[alone], level="safe")


def test_who_has_a_product_is_not_sent_it_again_until_it_changes(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    path = f"/v1/products/{id_of(live.files[SESSION])}"
    answer = live.api.get(path)
    kept = {"If-None-Match": answer.headers["etag"]}
    assert answer.headers["cache-control"] == "no-cache"
    same = live.api.get(path, headers=kept)
    assert (same.status_code, same.content) == (304, b"")
    live.mint(SESSION, "ada")
    live.mirror()
    changed = live.api.get(path, headers=kept)
    assert changed.status_code == 200
    assert changed.headers["etag"] != kept["If-None-Match"]


@pytest.mark.parametrize("name", ["1", "0x12", "0X" + "00" * 32, "0x" + "AB" * 32])
def test_what_is_no_id_of_a_product_is_refused(live: Live, name: str) -> None:
    assert code_of(live.api.get(f"/v1/products/{name}")) == "invalid_request"


def test_no_table_is_read_from_end_to_end(live: Live) -> None:
    live.mirror()
    publish(live, SESSION)
    live.mint(SESSION, "ada")
    live.mirror()
    named, mentor = id_of(live.files[SESSION]), address_of("mentor")
    place = shelf(live.parts, Asked(None, None, None, 1)).found[0].listed.place

    def ask() -> None:
        whole_product(live.parts, named, Level.LATEST)
        for of_mentor in (None, mentor):
            for of_format in (None, "drop session"):
                for after in (None, place):
                    shelf(live.parts, Asked(of_mentor, of_format, after, 1))

    told = plans_of(live.parts.store, ask)
    assert any("drop_states_terms_idx" in line for line in told)
    assert any("mints_first_seat_idx" in line for line in told)
    assert any("products_listed_at_product_idx" in line for line in told)
    assert any("products_mentor_format_listed_at_product_idx" in line for line in told)
    walked = r"asked|tiers|in_tiers|in_drops|places|found|owners|\(subquery"
    assert ends_to_end(told, walked) == []
