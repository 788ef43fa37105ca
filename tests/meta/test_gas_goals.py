from __future__ import annotations

import pytest

from scripts.toolchain.gas import read_figures
from scripts.toolchain.project import REPOSITORY
from tests.benchmarks.gas import GOALS, REPORTED

COMMITTED = read_figures(REPOSITORY.gas_snapshots)
MOST_BYTES = 24_576


@pytest.mark.parametrize("operation", GOALS)
def test_what_is_committed_reaches_its_goal(operation: str) -> None:
    assert int(COMMITTED["operations"][operation]) <= GOALS[operation]


def test_every_reported_transaction_is_committed() -> None:
    assert set(REPORTED) <= COMMITTED["operations"].keys()


def test_every_contract_fits_the_chain() -> None:
    sizes = {name: int(size) for name, size in COMMITTED["sizes"].items()}
    assert sizes.keys() >= {"Seats", "SeatRenderer", "SeatViews"}
    assert max(sizes.values()) <= MOST_BYTES
