from __future__ import annotations

import pytest

from marketplace.launch.faults import LaunchFileInvalid
from marketplace.launch.file import judge_source
from marketplace.launch.offers import NOBODY_YET
from marketplace.launch.premises import CurrencyFacts, Premises
from marketplace.launch.source import parse_source
from tests.unit.marketplace.launch.texts import LAUNCH, SMALL, WIDE


def premises(drops: int, *, allowed: bool = True, decimals: int | None = 6) -> Premises:
    """A contract with so many drops, and what it says of every currency."""
    return Premises(drops, lambda _: CurrencyFacts(allowed=allowed, decimals=decimals))


@pytest.mark.parametrize(
    ("said", "place", "told"),
    [
        (premises(3, allowed=False), "terms.currency", "the platform takes no new drops in 0x5FbD"),
        (premises(3, decimals=None), "terms.currency", "does not say how many decimals it has"),
        (premises(3, decimals=18), "terms.currency", "has 18 decimals, and the file says 6"),
        (premises(2), "phases[1].gate", "there is no drop 3: the contract has 2 so far"),
        (premises(0), "phases[1].gate", "there is no drop 3: the contract has none so far"),
    ],
)
def test_what_is_not_so_on_the_contract_is_named(said: Premises, place: str, told: str) -> None:
    source = parse_source("drop.toml", WIDE.encode())
    with pytest.raises(LaunchFileInvalid) as caught:
        judge_source(source, LAUNCH, NOBODY_YET, said)
    (fault,) = caught.value.faults
    assert (fault.field, told in fault.why) == (place, True), str(fault)


def test_what_is_so_on_the_contract_is_no_fault() -> None:
    source = parse_source("drop.toml", WIDE.encode())
    assert judge_source(source, LAUNCH, NOBODY_YET, premises(3)).paid_in.decimals == 6


def test_of_ether_nothing_is_asked() -> None:
    source = parse_source("drop.toml", SMALL.encode())
    said = premises(0, allowed=False, decimals=None)
    assert judge_source(source, LAUNCH, NOBODY_YET, said).paid_in.is_ether
