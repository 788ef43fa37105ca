from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from marketplace.launch.faults import LaunchFileInvalid, LaunchFileUnreadable
from marketplace.launch.source import (
    MAX_BYTES,
    MAX_LINE_LENGTH,
    MAX_LINES,
    PointNumber,
    parse_source,
    read_source,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"a = 1\nb = '\xff'", "is not UTF-8 text (line 2, byte 12 of the file)"),
        ("a = 'ä'".encode("utf-16"), "is not UTF-8 text"),
        (b"a" * (MAX_BYTES + 1), "is larger than 64 KiB"),
        (b"\n" * (MAX_LINES + 1) + b"a", "has more than 1,000 lines"),
        (b"a = 1\nb = '" + b"x" * MAX_LINE_LENGTH, "has more than 5,000 letters in line 2"),
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(octets: bytes, why: str) -> None:
    with pytest.raises(LaunchFileUnreadable) as caught:
        parse_source("drop.toml", octets)
    assert str(caught.value).startswith(f"The launch file drop.toml {why}")


@pytest.mark.parametrize(
    ("octets", "line", "why"),
    [
        (b"a = 1\nb = \n", 2, "invalid value"),
        (b"a = 1\na = 2\n", 2, "cannot overwrite a value"),
        (b"a = 1\nb = [1,\n", 2, "invalid value"),
        (b"a = " + (b"[" * 4_900 + b"\n") * 12, None, "too many brackets"),
        (b"a = " + b"9" * 4_990, None, "xceeds the limit"),
        (b"a = 'x\x00y'\n", 1, "invalid character"),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(
    octets: bytes, line: int | None, why: str
) -> None:
    with pytest.raises(LaunchFileInvalid) as caught:
        parse_source("drop.toml", octets)
    (fault,) = caught.value.faults
    assert why.lower() in fault.why.lower()
    assert fault.line == line


def test_brackets_are_bounded_whatever_the_process_may_nest() -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        with pytest.raises(LaunchFileInvalid, match="too many brackets"):
            parse_source("drop.toml", b"a = " + (b"[" * 4_900 + b"\n") * 12)
    finally:
        sys.setrecursionlimit(before)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LaunchFileUnreadable, match=r"does not exist; .*`seats new`"):
        read_source(tmp_path / "nothing.toml")
    with pytest.raises(LaunchFileUnreadable, match="is a folder; name the file inside it"):
        read_source(tmp_path)
    with pytest.raises(LaunchFileUnreadable, match="cannot be opened"):
        read_source(tmp_path / ("x" * 5_000))


def test_a_number_with_a_point_stays_text() -> None:
    assert parse_source("drop.toml", b"a = 0.10").tables == {"a": PointNumber("0.10")}


def test_windows_line_ends_and_a_byte_order_mark_are_let_through() -> None:
    source = parse_source("drop.toml", b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert source.tables == {"a": 1, "b": 2}
    assert source.text == "a = 1\nb = 2\n"
