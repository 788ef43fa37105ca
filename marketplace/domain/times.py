"""Unix seconds as people read them.

Owns the one way in which the market writes a time. Refuses time zones other than UTC, and clocks.
"""

from __future__ import annotations

from datetime import UTC, datetime


def utc_text(seconds: int) -> str:
    """Write a Unix second as ISO 8601 in UTC: `2027-01-31T18:00:00Z`.

    A chain may name seconds beyond the year 9999, which no calendar here reaches: those stay
    numbers.
    """
    try:
        moment = datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return f"second {seconds}"
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
