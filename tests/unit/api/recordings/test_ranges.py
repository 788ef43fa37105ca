from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.recordings.ranges import Span, Unsatisfiable, parse_range, whole

SIZE = 10_000


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-499", Span(0, 499)),
        ("bytes=500-999", Span(500, 999)),
        ("bytes=-500", Span(9_500, 9_999)),
        ("bytes=9500-", Span(9_500, 9_999)),
        ("bytes=0-0", Span(0, 0)),
        ("bytes=-1", Span(9_999, 9_999)),
        ("bytes=0-", Span(0, 9_999)),
        ("bytes=9000-99999999999999999999999999", Span(9_000, 9_999)),
        ("bytes=-99999999999999999999999999", Span(0, 9_999)),
        ("BYTES=0-1", Span(0, 1)),
        ("bytes=0000000000000000000000000000-00000000000000000000000007", Span(0, 7)),
        ("bytes= ,\t0-1 , ", Span(0, 1)),
    ],
)
def test_one_range_is_the_part_that_it_names(header: str, span: Span) -> None:
    assert parse_range([header], SIZE) == span


@pytest.mark.parametrize(
    "header", ["bytes=10000-", "bytes=10000-10001", "bytes=-0", "bytes=" + "9" * 5_000 + "-"]
)
def test_a_range_beyond_the_end_has_no_bytes(header: str) -> None:
    assert parse_range([header], SIZE) == Unsatisfiable()


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,5-6",
        "bytes=0-1,0-1,0-1,0-1",
        "bytes=5-4",
        "bytes=-",
        "bytes=",
        "bytes",
        "",
        "bytes=a-b",
        "bytes=0x1-0x2",
        "bytes=--1",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=1.0-2",
        "bytes =0-1",
        "bytes=0 - 1",
        "items=0-1",
        "bytes=\u0661-\u0662",
        "bytes=0-1\n",
    ],
)
def test_whatever_is_not_one_range_in_bytes_is_ignored(header: str) -> None:
    assert parse_range([header], SIZE) is None


def test_two_range_headers_are_several_ranges() -> None:
    assert parse_range(["bytes=0-1", "bytes=5-6"], SIZE) is None
    assert parse_range([], SIZE) is None


@given(st.text(alphabet="bytes=0123456789-, \t", max_size=40), st.integers(1, 2**40))
def test_no_header_leads_outside_the_file(header: str, size: int) -> None:
    found = parse_range([f"bytes={header}"], size)
    if isinstance(found, Span):
        assert 0 <= found.first <= found.last < size


@given(st.data(), st.integers(1, 2**40))
def test_a_range_within_the_file_is_taken_as_it_is(data: st.DataObject, size: int) -> None:
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first, size - 1))
    found = parse_range([f"bytes={first}-{last}"], size)
    assert found == Span(first, last)
    assert found.length == last - first + 1
    assert found.content_range(size) == f"bytes {first}-{last}/{size}"


def test_the_whole_is_every_byte() -> None:
    assert whole(1) == Span(0, 0)
    assert whole(SIZE).length == SIZE
