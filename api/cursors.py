"""Cursors of pages: signed, so that only those are taken which this API has given for this list.

Owns the signature and the key behind it, which is made once, kept in the database and the same for
every process. Refuses to know what a place is. A cursor is no secret and lets nobody in: it names a
place in a list that is judged anew, and refused is only what somebody made themselves.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Query
from sqlalchemy import select

from api.errors import FieldFault, InvalidRequest
from api.store.tables import signing_keys
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api.parts import Parts

MAX_CURSOR: Final = 400
"""Characters of a cursor, at most."""

CURSORS: Final = "cursors"
"""The name of the key."""

CursorGiven = Annotated[str | None, Query(max_length=MAX_CURSOR)]
"""`?after=`: the `next` of the page before."""

_MARK_BYTES: Final = 18
"""Of the signature: 24 characters, and 144 bits to guess."""


def sealed(parts: Parts, kind: str, text: str | None) -> str | None:
    """A place as a cursor of one list; None where there is no place.

    Args:
        parts: With the store.
        kind: Names the list with everything that its order depends on.
        text: The place.
    """
    return None if text is None else f"{text}.{_mark(parts, kind, text)}"


def opened(parts: Parts, kind: str, cursor: str) -> str:
    """The place of a cursor that was given for this list. Raises InvalidRequest."""
    text, _, mark = cursor.rpartition(".")
    if not hmac.compare_digest(mark.encode(), _mark(parts, kind, text).encode()):
        raise not_a_cursor()
    return text


def not_a_cursor() -> InvalidRequest:
    """What a cursor is refused with that was not given for this list."""
    return InvalidRequest((FieldFault("/query/after", "it is no `next` of such a list"),))


def _mark(parts: Parts, kind: str, text: str) -> str:
    mirror = parts.mirror_id.columns
    said = "\n".join((*(str(one) for one in mirror.values()), kind, text))
    signature = hmac.digest(_key(parts.store), said.encode(), "sha256")
    return urlsafe_b64encode(signature[:_MARK_BYTES]).decode()


def _key(store: Engine) -> bytes:
    # The migration has made it: no process can be the first, and none can differ.
    with reading(store) as connection:
        kept = select(signing_keys.c.secret).filter_by(name=CURSORS)
        return bytes(connection.execute(kept).scalar_one())
