from __future__ import annotations

import json

import pytest

from tests.benchmarks.revocation import last_line, percentile


@pytest.mark.parametrize(
    ("count", "share", "value"), [(1, 50, 1), (4, 50, 2), (5, 50, 3), (50, 99, 50), (200, 99, 198)]
)
def test_a_percentile_is_a_value_that_was_measured(count: int, share: int, value: int) -> None:
    assert percentile([float(one) for one in range(count, 0, -1)], share) == value


def test_the_last_line_has_milliseconds_by_database() -> None:
    seconds = {"sqlite": [0.25, 0.1, 0.9], "postgresql": [0.2, 0.3, 0.31]}

    assert json.loads(last_line(seconds)) == {
        "sales": 3,
        "sqlite_p50_ms": 250,
        "sqlite_p99_ms": 900,
        "postgresql_p50_ms": 300,
        "postgresql_p99_ms": 310,
    }
