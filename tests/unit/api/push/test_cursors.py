from __future__ import annotations

import pytest

from api.push.cursors import Gone, Kept, begin


@pytest.mark.parametrize(
    ("after", "kept", "begins"),
    [
        # Nobody who names no number is told what was before.
        (None, Kept(1, 8), 7),
        (None, Kept(None, 1), 0),
        (0, Kept(1, 8), 0),
        (0, Kept(None, 1), 0),
        (4, Kept(5, 8), 4),
        (7, Kept(5, 8), 7),
        # Nothing is kept, and nothing is missing.
        (7, Kept(None, 8), 7),
    ],
)
def test_a_stream_goes_on_where_nothing_is_missing(
    after: int | None, kept: Kept, begins: int
) -> None:
    assert begin(after, kept) == begins


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (3, Kept(5, 8)),
        (0, Kept(5, 8)),
        (6, Kept(None, 8)),
        # Of a mirror that was longer.
        (8, Kept(1, 8)),
        (1, Kept(None, 1)),
    ],
)
def test_a_gap_is_told_with_where_to_go_on(after: int, kept: Kept) -> None:
    assert begin(after, kept) == Gone(kept.next - 1)
