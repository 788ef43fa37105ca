"""Owns getting from a path to the parsed TOML of a launch file, and to the lines of its keys.

Refuses what is no launch file before it is parsed (size, encoding), and floats: a number with a
point is kept as `PointNumber`, so that no price ever passes through binary fractions.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.launch.faults import Fault, LaunchFileInvalid, LaunchFileUnreadable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_BYTES: Final = 64 * 1024
MAX_LINES: Final = 1_000
MAX_LINE_LENGTH: Final = 5_000
MAX_BRACKETS: Final = 1_000
"""These bound the work of reading and of finding lines; a mentor's file has about a hundred."""

_POSITION: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class PointNumber:
    """A number that the file writes with a point or an exponent, as its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A launch file's text and what TOML makes of it.

    Attributes:
        path: As it was given, for messages.
        text: With line feeds only, without a byte order mark.
        tables: What TOML says; numbers with a point are `PointNumber`.
    """

    path: str
    text: str
    tables: Mapping[str, object]


def read_source(path: Path) -> Source:
    """Read and parse a launch file.

    Raises:
        LaunchFileUnreadable: If there is no text of reasonable size.
        LaunchFileInvalid: If the text is no TOML.
    """
    return parse_source(str(path), _octets(path))


def parse_source(name: str, octets: bytes) -> Source:
    """Parse the bytes of a launch file that is called `name` in messages.

    Raises:
        LaunchFileUnreadable: If they are no text of reasonable size.
        LaunchFileInvalid: If the text is no TOML.
    """
    text = _text(name, octets)
    # Counted, because how deep the parser may go is a setting of the process, which libraries
    # raise so far that nesting is no error any more but a long wait.
    if text.count("[") + text.count("{") > MAX_BRACKETS:
        raise LaunchFileInvalid(name, [_syntax_fault(RecursionError(), text)])
    try:
        tables = tomllib.loads(text, parse_float=PointNumber)
    except (ValueError, RecursionError) as error:
        # TOMLDecodeError is a ValueError; numbers of thousands of digits raise a plain one.
        raise LaunchFileInvalid(name, [_syntax_fault(error, text)]) from error
    return Source(name, text, tables)


def _octets(path: Path) -> bytes:
    name = str(path)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise LaunchFileUnreadable(
            name, "does not exist", "check the path, or write one with `seats new`"
        ) from error
    except IsADirectoryError as error:
        raise LaunchFileUnreadable(name, "is a folder", "name the file inside it") from error
    except OSError as error:
        why = f"cannot be opened ({error.strerror or error})"
        raise LaunchFileUnreadable(name, why, "check the path and your permissions") from error


def _text(name: str, octets: bytes) -> str:
    if len(octets) > MAX_BYTES:
        why = f"is larger than {MAX_BYTES // 1024} KiB"
        raise LaunchFileUnreadable(
            name, why, "check that it is a launch file, and keep long texts elsewhere"
        )
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        why = f"is not UTF-8 text (line {line}, byte {error.start + 1} of the file)"
        raise LaunchFileUnreadable(name, why, "save it as UTF-8") from error
    text = text.replace("\r\n", "\n")
    if not text.strip():
        raise LaunchFileUnreadable(name, "is empty", "write one with `seats new`")
    if text.count("\n") > MAX_LINES:
        why = f"has more than {MAX_LINES:,} lines"
        raise LaunchFileUnreadable(name, why, "check that it is a launch file")
    for number, row in enumerate(text.split("\n"), start=1):
        if len(row) > MAX_LINE_LENGTH:
            why = f"has more than {MAX_LINE_LENGTH:,} letters in line {number}"
            raise LaunchFileUnreadable(name, why, "break the line")
    return text


def _syntax_fault(error: Exception, text: str) -> Fault:
    message = "too many brackets" if isinstance(error, RecursionError) else str(error)
    found = _POSITION.search(message)
    line = None
    if found is not None:
        line = int(found[1]) if found[1] else text.rstrip().count("\n") + 1
        message = message[: found.start()]
    why = f"TOML does not allow this ({message[:1].lower()}{message[1:]})"
    return Fault(line, (), why, "quote texts, close brackets, and write each key once")
