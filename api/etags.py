"""Entity tags: whether a client has these bytes already (RFC 9110, 8.8.3 and 13.1).

Owns reading `If-None-Match`. Refuses to make tags: whoever has the bytes knows their hash.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Header

TagKept = Annotated[str | None, Header(description="ETags of what you have already, or `*`.")]
"""The header `If-None-Match`, for a parameter of that name."""

_TAG: Final = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def quoted(text: str) -> str:
    """A strong entity tag of a text without quotes and spaces, such as a hash."""
    return f'"{text}"'


def has_current(if_none_match: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names a strong tag; compared weakly, as the RFC wants for GET."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)
