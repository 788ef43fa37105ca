from __future__ import annotations

from tests.benchmarks.scale import Size, Stage, told


def stage(events: int, rows: int, table: int, indexes: int) -> Stage:
    return Stage(
        events=events,
        seats=events // 4,
        inserted_per_s=10_000,
        sizes={"events": Size(rows=rows, table=table, indexes=indexes)},
        lookups_us={"owner": 1.0},
        rollback_64_ms=2.0,
    )


def test_a_further_event_costs_what_lies_between_two_measurements() -> None:
    # What an empty table takes is in both.
    found = told([stage(100, 100, 8_000, 8_000), stage(1_100, 1_100, 408_000, 58_000)])

    assert found["bytes_per_event"] == {"events": 450.0, "all": 450.0}
    assert found["worked_out_1e9_events_gb"] == 450
    assert found["worked_out_1e9_events_days"] == 1.2
