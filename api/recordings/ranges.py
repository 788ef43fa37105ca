"""Which part of a recording a request asks for (RFC 9110, 14).

Owns reading the header. Refuses to fail on one: what is not a single range in bytes is ignored, as
the RFC allows, and the whole is sent. Several ranges are never answered as several parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGE: Final = re.compile(r"[bB][yY][tT][eE][sS]=[ \t,]*([0-9]*)-([0-9]*)[ \t,]*")
_FAR: Final = 10**18
"""Beyond the end of any file; numbers with more digits are not worked out."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some bytes of a file: from `first` to `last`, both included, counted from 0."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1

    def content_range(self, size: int) -> str:
        """The Content-Range of an answer that holds these bytes of a file."""
        return f"bytes {self.first}-{self.last}/{size}"


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """No byte of the file lies in the range that is asked for."""


def whole(size: int) -> Span:
    """All bytes of a file that has some."""
    return Span(0, size - 1)


def parse_range(headers: Sequence[str], size: int) -> Span | Unsatisfiable | None:
    """Read the Range headers of a GET.

    Args:
        headers: Each field line of that name.
        size: Of the file, in bytes; at least 1.

    Returns:
        The part that is asked for, cut at the file's end; None when the whole is to be sent.
    """
    match = _RANGE.fullmatch(headers[0]) if len(headers) == 1 else None
    if match is None:
        return None
    first, last = (_number(text) for text in match.groups())
    if first is None:
        return None if last is None else _suffix(last, size)
    if last is not None and last < first:
        return None
    if first >= size:
        return Unsatisfiable()
    return Span(first, size - 1 if last is None else min(last, size - 1))


def _suffix(length: int, size: int) -> Span | Unsatisfiable:
    return Span(max(0, size - length), size - 1) if length else Unsatisfiable()


def _number(text: str) -> int | None:
    if not text:
        return None
    digits = text.lstrip("0")
    return _FAR if len(digits) >= len(str(_FAR)) else int(digits or "0")
