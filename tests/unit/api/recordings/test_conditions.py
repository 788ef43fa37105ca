from __future__ import annotations

import pytest

from api.recordings.conditions import is_another, range_counts

TAG = '"0xabc"'


@pytest.mark.parametrize(
    ("headers", "another"),
    [
        ([], False),
        ([TAG], False),
        (["*"], False),
        (['"other", "0xabc"'], False),
        (['"other"', TAG], False),
        (['"other"'], True),
        ([f"W/{TAG}"], True),
        (["0xabc"], True),
        ([""], True),
    ],
)
def test_if_match_names_the_file_that_is_wanted(headers: list[str], another: bool) -> None:  # noqa: FBT001 - a row of the table
    assert is_another(headers, TAG) is another


@pytest.mark.parametrize(
    ("headers", "counts"),
    [
        ([], True),
        ([TAG], True),
        ([f"W/{TAG}"], False),
        (['"other"'], False),
        (["Mon, 01 Mar 2027 18:00:00 GMT"], False),
        ([TAG, TAG], False),
        (["*"], False),
    ],
)
def test_a_range_counts_only_for_the_very_same_file(headers: list[str], counts: bool) -> None:  # noqa: FBT001 - a row of the table
    assert range_counts(headers, TAG) is counts
