from __future__ import annotations

from marketplace.domain.times import utc_text


def test_a_second_is_written_in_utc() -> None:
    assert utc_text(1_800_000_000) == "2027-01-15T08:00:00Z"


def test_a_second_beyond_the_calendar_stays_a_number() -> None:
    assert utc_text(2**256 - 1) == f"second {2**256 - 1}"
