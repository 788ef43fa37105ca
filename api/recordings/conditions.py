"""The conditions that a request for a recording may carry (RFC 9110, 13).

Owns comparing entity tags. Refuses dates: answers carry no Last-Modified, so that a date never
proves that a file is the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_TAG: Final = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def is_unchanged(if_none_match: Sequence[str], etag: str) -> bool:
    """Whether the client has this very file already (weak comparison, 13.1.2)."""
    return _names(if_none_match, etag, weak=True)


def is_another(if_match: Sequence[str], etag: str) -> bool:
    """Whether the client wants another file than this one (strong comparison, 13.1.1)."""
    return bool(if_match) and not _names(if_match, etag, weak=False)


def range_counts(if_range: Sequence[str], etag: str) -> bool:
    """Whether a Range may be looked at: there is no condition, or this is the file it names."""
    return not if_range or list(if_range) == [etag]


def _names(headers: Sequence[str], etag: str, *, weak: bool) -> bool:
    joined = ",".join(headers)
    if joined.strip() == "*":
        return True
    return any(tag == etag and (weak or not mark) for mark, tag in _TAG.findall(joined))
