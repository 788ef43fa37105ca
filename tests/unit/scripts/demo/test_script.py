from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest

from marketplace.domain.money import Bps, Wei
from marketplace.launch.faults import LaunchFileInvalid
from marketplace.launch.file import LaunchFile, parse_launch_file
from scripts.demo.script import (
    COHORT_FILE,
    EVENING_FILE,
    EXAMPLES,
    WORKSHOPS,
    Text,
    demo_script,
    smoke_script,
    varied_text,
)

NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
FILES = [EVENING_FILE, COHORT_FILE]
MOST = 2**80 - 1


def read(text: Text) -> LaunchFile:
    return parse_launch_file(text.name, text.octets, NOW)


@pytest.mark.parametrize("price", [1, 7, 10**18, MOST])
@pytest.mark.parametrize("royalty", [0, 1, 3, 750, 2_000])
def test_price_and_royalty_arrive_to_the_unit(price: int, royalty: int) -> None:
    script = smoke_script(1, Wei(price), Bps(royalty))
    for file in (read(script.evening), read(script.cohort)):
        assert {phase.price for phase in file.drop.phases} == {price}
        assert {tier.list_price for tier in file.drop.tiers} == {price}
        assert file.drop.terms.royalty == royalty


@pytest.mark.parametrize("royalty", [0, 1, 3, 750, 2_000])
def test_no_resale_at_the_price_pays_the_toll_instead_of_the_royalty(royalty: int) -> None:
    script = smoke_script(1, Wei(10**18), Bps(royalty))
    assert read(script.cohort).drop.terms.toll <= royalty


@pytest.mark.parametrize("name", FILES)
def test_nothing_else_in_a_file_changes(name: str) -> None:
    before = tomllib.loads((EXAMPLES / name).read_text("utf-8"))
    after = tomllib.loads(varied_text((EXAMPLES / name).read_text("utf-8"), Wei(5), Bps(5)))
    for table in (*before["tiers"], *before["phases"], *after["tiers"], *after["phases"]):
        table.pop("price")
    for resale in (before["resale"], after["resale"]):
        resale.pop("royalty")
        resale.pop("toll")
    assert before == after


@pytest.mark.parametrize(
    ("price", "royalty", "said"),
    [(MOST + 1, 5, "price"), (5, 2_001, "royalty"), (5, -1, "share"), (-1, 5, "amount")],
)
def test_what_does_not_fit_is_the_readers_fault_with_the_given_values(
    price: int, royalty: int, said: str
) -> None:
    with pytest.raises(LaunchFileInvalid, match=said) as told:
        read(smoke_script(1, Wei(price), Bps(royalty)).cohort)
    assert f"a price of {price} wei and a royalty of {royalty} basis points" in str(told.value)


def test_a_seed_decides_everything_else() -> None:
    played = [smoke_script(seed, Wei(5), Bps(5)) for seed in range(40)]
    assert played[7] == smoke_script(7, Wei(5), Bps(5))
    assert len({(one.seller, one.buyer, one.keeper, one.stranger) for one in played}) > 20
    assert {one.session for one in played} == set(WORKSHOPS)
    assert {one.evening_seats + one.keeper_seats for one in played} == {2, 3, 4}


def test_nobody_plays_two_parts() -> None:
    for one in [demo_script(), *(smoke_script(seed, Wei(5), Bps(5)) for seed in range(40))]:
        assert len({one.seller, one.buyer, one.keeper, one.stranger}) == 4


def test_the_demo_plays_the_examples_as_they_are() -> None:
    for text, name in zip((demo_script().evening, demo_script().cohort), FILES, strict=True):
        assert text.octets == (EXAMPLES / name).read_bytes()
        read(text)


def test_every_tier_opens_the_workshops_that_are_played() -> None:
    sessions = tomllib.loads(demo_script().cohort.octets.decode())["sessions"]
    for number in WORKSHOPS:
        assert sessions[number - 1]["kind"] == "workshop"
        assert "tiers" not in sessions[number - 1]
