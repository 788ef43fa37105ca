"""A seat's metadata and picture, out of the `data:` address that `tokenURI` gives (RFC 2397).

Owns the decoding. Refuses every other kind of address: nothing is fetched for a contract.
"""

from __future__ import annotations

import base64
import json
from typing import Final

from marketplace.domain.errors import MirrorInconsistent, typed_error

_JSON: Final = "data:application/json;base64,"
_SVG: Final = "data:image/svg+xml;base64,"


@typed_error
class PictureUnreadable(MirrorInconsistent):
    """The contract gave no metadata, or no picture, of the kind that this version gives."""

    code = "picture_unreadable"

    what: str

    def _sentence(self) -> str:
        return (
            f"The contract gave no {self.what} where one was due: it is of another version than "
            "this program."
        )


def metadata_of(token_uri: str) -> str:
    """The JSON inside a seat's `data:` address. Raises PictureUnreadable."""
    return _decoded(token_uri, _JSON)


def image_of(metadata: str) -> str:
    """The SVG inside a seat's metadata. Raises PictureUnreadable."""
    try:
        address = json.loads(metadata)["image"]
    except (ValueError, TypeError, KeyError) as error:
        raise PictureUnreadable("image/svg+xml") from error
    return _decoded(str(address), _SVG)


def _decoded(address: str, kind: str) -> str:
    what = kind.removeprefix("data:").partition(";")[0]
    if not address.startswith(kind):
        raise PictureUnreadable(what)
    try:
        return base64.b64decode(address.removeprefix(kind), validate=True).decode()
    except ValueError as error:
        # Of base64 and of UTF-8 alike.
        raise PictureUnreadable(what) from error
