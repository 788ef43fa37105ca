from __future__ import annotations

import pytest

from tests.benchmarks.indexer import GOALS, MOST, OURS, Found, missed
from tests.benchmarks.reactions import Reactions
from tests.benchmarks.sides import Figures

LINE = (
    *("events", "sqlite_live", "postgres_live", "sqlite_bulk", "postgres_bulk", "eventscanner"),
    *("ratio_live", "ratio_bulk", "floor_share"),
    *("cpu_us_sqlite_live", "cpu_us_postgres_live", "cpu_us_sqlite_bulk", "cpu_us_postgres_bulk"),
    *("cpu_us_floor", "cpu_us_eventscanner", "cpu_ratio_live", "cpu_floor_share"),
    *("head_p50_ms", "head_p99_ms"),
    *("rollback_64_ms", "owner_lookup_us", "rss_mb"),
)


@pytest.fixture
def found() -> Found:
    found = Found(100_000)
    for at, name in enumerate((*OURS, "floor", "eventscanner"), start=1):
        found.sides[name] = [
            Figures(1_000 * at, seconds, 0.02 * at, 10.0 * at) for seconds in (4.0, 1.0, 2.0)
        ]
    found.sides["eventscanner"] = [Figures(100, 2.0, 0.03, 900.0)]
    found.reactions = {
        "sqlite": Reactions((1.0, 2.0, 9.0), (100.0, 50.0), 20.0, 3_200),
        "postgres": Reactions((3.0, 3.0, 3.0), (60.0,), 30.0, 3_200),
    }
    return found


def test_the_last_line_has_medians_and_of_two_databases_the_worse(found: Found) -> None:
    told = found.told()

    assert tuple(told) == LINE
    assert (told["sqlite_live"], told["postgres_bulk"]) == (500, 2_000)
    assert (told["ratio_live"], told["ratio_bulk"]) == (10.0, 30.0)
    assert told["floor_share"] == 0.2
    assert (told["cpu_us_floor"], told["cpu_us_eventscanner"]) == (20.0, 300.0)
    assert (told["cpu_ratio_live"], told["cpu_floor_share"]) == (15.0, 1.0)
    assert (told["head_p50_ms"], told["head_p99_ms"]) == (3.0, 9.0)
    assert (told["rollback_64_ms"], told["owner_lookup_us"]) == (75.0, 30)
    assert told["rss_mb"] == 40


def test_every_goal_that_is_missed_is_said(found: Found) -> None:
    reached = {**GOALS, **MOST}

    assert not list(missed(reached))
    assert len(list(missed({**reached, "ratio_live": 14.9, "rollback_64_ms": 151}))) == 2
    assert set(GOALS) | set(MOST) < set(found.told())
