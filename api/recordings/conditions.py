"""The conditions under which a part of a recording is wanted (RFC 9110, 13).

Owns If-Match and If-Range, which compare strongly. Refuses dates: answers carry no Last-Modified,
so that a date never proves that a file is the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_TAG: Final = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def is_another(if_match: Sequence[str], etag: str) -> bool:
    """Whether the client wants another file than the one of this strong tag (13.1.1)."""
    if not if_match:
        return False
    joined = ",".join(if_match)
    strong = (tag for weak, tag in _TAG.findall(joined) if not weak)
    return joined.strip() != "*" and etag not in strong


def range_counts(if_range: Sequence[str], etag: str) -> bool:
    """Whether a Range may be looked at: there is no condition, or this is the file it names."""
    return not if_range or list(if_range) == [etag]
