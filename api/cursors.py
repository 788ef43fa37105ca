"""Cursors of pages: sealed, so that they tell nothing and only those are taken which this API gave.

Owns the cipher (AES-256-SIV, by a library) and the key behind it, which is made once, kept in the
database and the same for every process. Refuses to know what a place is. A place may be of
something that its reader is not shown, as a listing that is held back for somebody's turn: so
nobody reads it, nor its length. A cursor lets nobody in: what follows it is judged anew.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Annotated, Final

from Crypto.Cipher import AES
from Crypto.Util.Padding import pad, unpad
from fastapi import Query
from sqlalchemy import select

from api.errors import FieldFault, InvalidRequest
from api.store.tables import signing_keys
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from Crypto.Cipher._mode_siv import SivMode
    from sqlalchemy import Engine

    from api.parts import Parts

MAX_CURSOR: Final = 400
"""Characters of a cursor, at most."""

CURSORS: Final = "cursors"
"""The name of the key."""

CursorGiven = Annotated[
    str | None,
    Query(max_length=MAX_CURSOR, description="The `next` of the page before, of the same list."),
]
"""`?after=`: the `next` of the page before."""

_TAG_BYTES: Final = 16
_FILLED_BYTES: Final = 64
"""Places are filled up to a multiple of so many bytes."""


def sealed(parts: Parts, kind: str, text: str | None) -> str | None:
    """A place as a cursor of one list, the same each time; None where there is no place.

    Args:
        parts: With the store.
        kind: Names the list with everything that its order depends on.
        text: The place.
    """
    if text is None:
        return None
    filled = pad(text.encode(), _FILLED_BYTES)
    octets, tag = _cipher(parts, kind).encrypt_and_digest(filled)
    return _written(tag + octets)


def opened(parts: Parts, kind: str, cursor: str) -> str:
    """The place of a cursor that was given for this list. Raises InvalidRequest."""
    try:
        octets = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        tag, rest = octets[:_TAG_BYTES], octets[_TAG_BYTES:]
        # What is decoded may be written in other ways; a cursor has one.
        if not rest or _written(octets) != cursor:
            raise not_a_cursor()
        filled = _cipher(parts, kind).decrypt_and_verify(rest, tag)
        return unpad(filled, _FILLED_BYTES).decode()
    except ValueError:
        raise not_a_cursor() from None


def not_a_cursor() -> InvalidRequest:
    """What a cursor is refused with that was not given for this list."""
    return InvalidRequest((FieldFault("/query/after", "it is no `next` of such a list"),))


def _written(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _cipher(parts: Parts, kind: str) -> SivMode:
    # It needs no chance, of which two cursors might have the same.
    cipher = AES.new(hmac.digest(_secret(parts.store), b"sealed cursors", "sha512"), AES.MODE_SIV)
    mirror = parts.mirror_id.columns
    cipher.update("\n".join((*(str(one) for one in mirror.values()), kind)).encode())
    return cipher


def _secret(store: Engine) -> bytes:
    # The migration has made it: no process can be the first, and none can differ.
    with reading(store) as connection:
        kept = select(signing_keys.c.secret).filter_by(name=CURSORS)
        return bytes(connection.execute(kept).scalar_one())
