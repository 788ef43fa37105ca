from __future__ import annotations

import re
from pathlib import Path

import pytest

from marketplace.client import SeatmarketClient, errors
from marketplace.client.routes import ROUTES
from marketplace.domain.errors import SeatmarketError

GUIDE = (Path(__file__).parents[4] / "docs" / "client.md").read_text("utf-8")
ASKING = {
    name
    for kind in SeatmarketClient.__mro__[:-1]
    for name, member in vars(kind).items()
    if callable(member) and not name.startswith("_") and name != "close"
}


def column(heading: str) -> set[str]:
    """The names in the first column of a section's table."""
    _, _, section = GUIDE.partition(f"## {heading}\n")
    rows = re.findall(r"^\| (`.*?) \|", section.partition("\n## ")[0], re.MULTILINE)
    return set(re.findall(r"`(\w+)`", " ".join(rows)))


def test_the_guide_has_every_method() -> None:
    assert column("Methods") == ASKING


def test_the_guide_has_every_error() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type)
        and issubclass(kind, SeatmarketError)
        and kind.__module__ == errors.__name__
    }
    assert column("Errors") == kinds


SHARING = {"sign_and_list", "check"}
"""What asks the addresses of others: `check` is `check_access` with a question as a value."""


@pytest.mark.parametrize("method", sorted(ASKING - SHARING))
def test_every_method_asks_an_address_of_its_own(method: str) -> None:
    assert method in {route.by for route in ROUTES}
