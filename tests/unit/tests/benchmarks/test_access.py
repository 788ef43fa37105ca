from __future__ import annotations

import json
from typing import Any

import pytest

from tests.benchmarks.access import GOALS, KINDS, LEAST, Asked, Found, missed
from tests.benchmarks.asking import Figures, percentile


def asked(rps: float, p50_ms: float, p99_ms: float = 9.0, cpu_us: float = 500.0) -> Asked:
    return Asked(Figures(round(rps * 2), 2.0, p50_ms, p99_ms), cpu_us)


@pytest.fixture
def found() -> Found:
    found = Found(300_000)
    for kind in KINDS:
        found.sides |= {
            f"{kind} empty": [asked(2_000, 1.0, cpu_us=300), asked(1_000, 2.0), asked(4_000, 0.5)],
            f"{kind} check": [asked(1_200, 1.5, cpu_us=600), asked(500, 3.0), asked(2_800, 0.8)],
            f"{kind} grown": [asked(1_000, 1.8), asked(400, 3.0), asked(2_000, 0.9)],
            f"{kind} fixed": [asked(500, 1.0, 4.0), asked(500, 1.0, 90.0), asked(500, 1.0, 5.0)],
        }
    found.rpc = [Figures(10, 1.0, 0.6, 1.0), Figures(10, 1.0, 0.4, 1.0), Figures(10, 1.0, 0.5, 1.0)]
    found.revoked_s = [0.2, 0.7, 0.3]
    return found


def test_the_last_line_has_the_middle_of_the_rounds(found: Found) -> None:
    told: dict[str, Any] = json.loads(json.dumps(found.told()))

    assert list(told) == ["seats", *KINDS, "empty_rps", "rpc_p50_ms", "revoke_p99_ms"]
    assert told["sqlite"] == {
        "p50_ms": 1.5,
        "p99_ms": 5.0,
        "rps": 1_200,
        # Of the rounds' 0.6, 0.5 and 0.7.
        "share": 0.6,
        "ratio_10x_seats": 1.2,
        "cpu_us": 500,
        "cpu_share": 1.0,
    }
    assert (told["empty_rps"], told["rpc_p50_ms"], told["revoke_p99_ms"]) == (2_000, 0.5, 700)


def test_every_goal_that_is_missed_is_said(found: Found) -> None:
    assert not list(missed(found.told()))

    found.revoked_s = [1.001]
    found.sides["postgres check"] = found.sides["postgres grown"] = [asked(100, 9.0)] * 3
    said = list(missed(found.told()))

    assert [one.split(" is ")[0] for one in said] == [
        "postgres p50_ms",
        "revoke_p99_ms",
        "postgres share",
    ]
    assert len(GOALS) + len(LEAST) == 9


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([float(one) for one in range(200, 0, -1)], 99) == 198
