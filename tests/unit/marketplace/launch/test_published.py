from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from marketplace.domain.money import Bps, Wei
from marketplace.launch.file import read_launch_file
from marketplace.launch.published import NO_TURNS, TermsUnreadable, read_terms
from tests.unit.marketplace.launch.texts import (
    EARLIER,
    LAUNCH,
    SMALL,
    parse,
    with_line,
    with_practice,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[4]
FILES = sorted(
    path
    for folder in ("scripts/examples", "marketplace/launch/templates")
    for path in (ROOT / folder).glob("*.toml")
)
TWO_SESSIONS = with_line('[[tiers]]\nname = "Access"', f'{EARLIER}\nname = "Access"', SMALL)

WAITING = with_line(
    'gift_cooldown = "1 day"',
    'gift_cooldown = "1 day"\naudience = "wait_list"\nturn = "30 minutes"',
)


def written(document: dict[str, Any]) -> str:
    """Lay a document out as the canonical terms are."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def refused(document: str) -> TermsUnreadable:
    with pytest.raises(TermsUnreadable) as caught:
        read_terms(document)
    return caught.value


def changed(change: Callable[[dict[str, Any]], object], text: str = SMALL) -> TermsUnreadable:
    """What is said about the canonical terms of a file after a change."""
    document = json.loads(parse(text).document)
    change(document)
    return refused(written(document))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_launch_file_of_ours_is_read_back(path: Path) -> None:
    file = read_launch_file(path, LAUNCH)
    terms = read_terms(file.document)
    drop = file.drop
    assert [tier.price for tier in terms.tiers] == [tier.list_price for tier in drop.tiers]
    assert [terms.tier_index(one.tier) for one in terms.phases] == [one.tier for one in drop.phases]
    assert [one.opens for one in terms.phases] == [one.opens for one in drop.phases]
    assert min(one.starts for one in terms.sessions) == drop.terms.starts_at
    assert max(one.ends for one in terms.sessions) == drop.terms.ends_at
    assert terms.resale.royalty == drop.terms.royalty
    assert terms.product.title == file.product.title


def test_values_come_back_as_values() -> None:
    terms = read_terms(parse(SMALL).document)
    assert terms.tiers[0].price == Wei(5 * 10**16)
    assert terms.resale.royalty == Bps(1_000)
    assert terms.resale.gift_cooldown == 86_400
    assert terms.resale.audience == "anyone"
    assert terms.terms.payout is None
    assert terms.phases[0].seats is None
    assert terms.sessions[0].starts == 1_894_381_200


def test_a_session_opens_to_the_tiers_that_it_names() -> None:
    terms = read_terms(parse(with_practice(TWO_SESSIONS)).document)
    assert [terms.tiers_of(one) for one in terms.sessions] == [{0, 1}, {1}]


@pytest.mark.parametrize(
    ("line", "audience"), [('"holders"', "holders"), ("[5, 1]", (1, 5)), ('"anyone"', "anyone")]
)
def test_the_resale_audience_is_read(line: str, audience: object) -> None:
    text = with_line('gift_cooldown = "1 day"', f'gift_cooldown = "1 day"\naudience = {line}')
    assert read_terms(parse(text).document).resale.audience == audience


def test_the_turns_of_a_wait_list_are_read_as_seconds() -> None:
    resale = read_terms(parse(WAITING).document).resale
    assert (resale.audience, resale.turn) == ("wait_list", 1_800)
    assert read_terms(parse(SMALL).document).resale.turn == NO_TURNS


@pytest.mark.parametrize(
    "turn", [None, 0, 1_800, "", "0 seconds", "60 minutes", "1 minute", "3 days", "0.5 hours"]
)
def test_a_turn_of_another_kind_is_refused(turn: object) -> None:
    assert changed(lambda one: one["resale"].update(turn=turn), WAITING).place == "resale.turn"


def test_turns_without_a_wait_list_and_a_wait_list_without_turns_are_refused() -> None:
    assert changed(lambda one: one["resale"].update(turn="30 minutes")).place == "resale.turn"
    assert changed(lambda one: one["resale"].pop("turn"), WAITING).place == "resale.turn"


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{", '"terms"', "1e999", "NaN", "[" * 10_000, "9" * 5_000, "\udc00", "\x00"],
    ids=lambda text: text[:4].encode("unicode_escape").decode(),
)
def test_what_is_no_document_is_refused(text: str) -> None:
    refused(text)


def test_what_nests_deep_does_not_reach_a_decoder_that_goes_as_deep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached: list[str] = []
    monkeypatch.setattr("marketplace.launch.published.json.loads", reached.append)
    assert "recursion limit" in str(refused("[" * 300 + "]" * 300))
    assert reached == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("  ", "\t"),
        lambda text: json.dumps(json.loads(text), sort_keys=True),
        lambda text: text.replace("Ada", "\\u0041da"),
        lambda text: text.replace('"seats": 8', '"seats": 9,\n      "seats": 8'),
        lambda text: f"\ufeff{text}",
    ],
)
def test_another_layout_is_another_document(spoil: Callable[[str], str]) -> None:
    refused(spoil(parse(SMALL).document))


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("form", lambda one: one.update(form="seatmarket terms 2")),
        ("extra", lambda one: one.update(extra=1)),
        ("product.title", lambda one: one["product"].pop("title")),
        ("product.title", lambda one: one["product"].update(title=" One evening")),
        ("product.title", lambda one: one["product"].update(title="One\nevening")),
        ("product.summary", lambda one: one["product"].update(summary="e\u0301")),
        ("product.summary", lambda one: one["product"].update(summary="\u202eevening")),
        ("product.contains", lambda one: one["product"].update(contains=[])),
        ("product.format", lambda one: one["product"].update(format="party")),
        ("tiers[1].price", lambda one: one["tiers"][0].update(price="0.050 ETH")),
        ("tiers[1].price", lambda one: one["tiers"][0].update(price=0.05)),
        ("tiers[1].seats", lambda one: one["tiers"][0].update(seats="8")),
        ("tiers[1].seats", lambda one: one["tiers"][0].update(seats=True)),
        ("tiers[1].seats", lambda one: one["tiers"][0].update(seats=100_000)),
        ("phases[1].opens", lambda one: one["phases"][0].update(opens="2030-01-01T12:00:00")),
        ("phases[1].opens", lambda one: one["phases"][0].update(opens="2030-01-01T13:00:00+01:00")),
        ("phases[1].opens", lambda one: one["phases"][0].update(opens="9999-13-01T12:00:00Z")),
        ("phases[1].tier", lambda one: one["phases"][0].update(tier="Practice")),
        ("phases[1].reserved", lambda one: one["phases"][0].update(reserved=0)),
        ("resale.royalty", lambda one: one["resale"].update(royalty="10.0%")),
        ("resale.royalty", lambda one: one["resale"].update(royalty=1_000)),
        ("resale.gift_cooldown", lambda one: one["resale"].update(gift_cooldown="24 hours")),
        ("dispute.resolver", lambda one: one["dispute"].update(resolver="0x" + "ab" * 20)),
        ("sessions[1].tiers", lambda one: one["sessions"][0].update(tiers=["Nobody"])),
        ("sessions[1].tiers", lambda one: one["sessions"][0].update(tiers=["Access", "Access"])),
        ("sessions[1].tiers", lambda one: one["sessions"][0].update(tiers=[])),
        ("sessions[1].ends", lambda one: one["sessions"][0].update(ends="2030-01-11T16:59:59Z")),
        ("tiers", lambda one: one["tiers"].append(one["tiers"][0])),
        ("tiers", lambda one: one.update(tiers=one["tiers"] * 11)),
    ],
)
def test_a_spoiled_document_is_refused_at_its_place(
    place: str, change: Callable[[dict[str, Any]], object]
) -> None:
    error = changed(change)
    assert error.place == place
    assert f" at {place}: " in error.sentence


@pytest.mark.parametrize(
    "audience", ["everyone", [], [0], [1, 1], [2**64], ["1"], [True], list(range(1, 18)), 1, None]
)
def test_an_audience_of_another_kind_is_refused(audience: object) -> None:
    error = changed(lambda one: one["resale"].update(audience=audience))
    assert error.place.startswith("resale.audience")
