"""Random lives of a chain and a mirror: after every commit the tables are the chain's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.integration.indexer.simulating import Life

if TYPE_CHECKING:
    from sqlalchemy import Engine

SEEDS = range(int(os.environ.get("SEATS_SIMULATION_SEEDS", "4")))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mirror_is_the_chain_after_every_commit(database: Engine, seed: int) -> None:
    life = Life(database, seed)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when the test fails

    life.run(turns=20)
