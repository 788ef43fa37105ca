"""An API key that a client shows in the place of a session.

Owns its form. Refuses to repeat a text that is none: it may be a secret of something else.
"""

from __future__ import annotations

import re
from typing import Final

from marketplace.client.errors import ApiKeyUnusable

_KEY: Final = re.compile("seats_key_[A-Za-z0-9_-]{43}")


def checked_key(text: str | None) -> str | None:
    """Give a key as it is, or none. Raises ApiKeyUnusable."""
    if text is not None and _KEY.fullmatch(text) is None:
        raise ApiKeyUnusable("it is none: one is seats_key_ and 43 letters, with nothing around it")
    return text
