from __future__ import annotations

import pytest

from scripts.toolchain.gas import read_figures
from scripts.toolchain.project import REPOSITORY
from tests.benchmarks.gas import GOALS, REPORTED

COMMITTED = read_figures(REPOSITORY.gas_snapshots)
MOST_BYTES = 24_576
MOST_BYTES_OF_A_CREATION = 49_152


@pytest.mark.parametrize("operation", GOALS)
def test_what_is_committed_reaches_its_goal(operation: str) -> None:
    assert int(COMMITTED["operations"][operation]) <= GOALS[operation]


def test_every_reported_transaction_is_committed() -> None:
    assert set(REPORTED) <= COMMITTED["operations"].keys()


def test_every_contract_fits_the_chain() -> None:
    sizes = {name: int(size) for name, size in COMMITTED["sizes"].items()}
    assert sizes.keys() >= {"Seats", "SeatsExtension", "SeatRenderer", "SeatViews"}
    assert max(sizes.values()) <= MOST_BYTES
    assert int(COMMITTED["creation"]["Seats"]) <= MOST_BYTES_OF_A_CREATION


# The rows of the README's table, and the figures that each shows: ours, then the plain contracts'.
README_ROWS = {
    "mint one, new holder": "mint_one_new",
    "mint one, existing holder": "mint_one_existing",
    "mint five": "mint_five",
    "give away, no toll": "gift_new",
    "buy a signed listing, seat resold before": "buy_signed_warm",
    "buy a signed listing, first resale": "buy_signed_first_resale",
    "list on chain (a signed listing costs nothing)": "list_stored",
    "create a drop": "create_drop",
}
PLAIN = ("solady", "openzeppelin", "erc721a")


def readme_figures() -> dict[str, list[str]]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (REPOSITORY.root / "README.md").read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    return {row[0]: row[1:5] for row in cells if row[0] in README_ROWS}


def test_the_readme_shows_every_goal_with_its_committed_figures() -> None:
    shown = readme_figures()
    assert shown.keys() == README_ROWS.keys()
    for row, operation in README_ROWS.items():
        plain = [COMMITTED["baselines"].get(f"{name}_{operation}") for name in PLAIN]
        figures = [COMMITTED["operations"][operation], *plain]
        assert shown[row] == [f"{int(figure):,}" if figure else "" for figure in figures]
