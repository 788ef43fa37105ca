"""Which lives are lived where."""

from __future__ import annotations

from collections import Counter

from tests.simulation.__main__ import DEFAULT_SEEDS
from tests.simulation.running import DATABASES, lives_of


def test_as_many_lives_on_one_database_as_on_the_other() -> None:
    lives = lives_of(range(DEFAULT_SEEDS), ())
    assert Counter(database for _, database in lives) == dict.fromkeys(
        DATABASES, DEFAULT_SEEDS // 2
    )
    assert len(lives_of(range(3), DATABASES)) == 6
    assert lives_of(range(2), ["sqlite"]) == [(0, "sqlite"), (1, "sqlite")]
