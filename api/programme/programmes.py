"""The programme of a drop, from its hash in the mirror and the document published here.

Owns that one read. Refuses a document that does not parse, or that says something else than the
drop: it is as good as none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from api.errors import NotFound
from api.programme.agreement import contradiction
from api.programme.documents import documents_of
from api.programme.errors import TermsUnpublished
from api.programme.numbers import is_mirrored
from api.programme.values import Programme, Times
from indexer.queries import drop_terms
from marketplace.launch.published import TermsUnreadable, read_terms
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.parts import Parts
    from indexer.queries import DropTerms
    from marketplace.domain.ids import DropId
    from marketplace.launch.published import PublishedTerms


def mirrored_drop(parts: Parts, drop: DropId) -> DropTerms:
    """Read a drop as it is at the mirror's head. Raises NotFound, MirrorMissing, StorageError."""
    if not is_mirrored(drop):
        raise NotFound("drop")
    with reading(parts.reads) as connection:
        mirrored = drop_terms(connection, parts.mirror_id, drop)
    if mirrored is None:
        raise NotFound("drop")
    return mirrored


def programme_of(parts: Parts, drop: DropId) -> Programme:
    """Read a drop's programme.

    Raises:
        NotFound: there is no such drop in the mirror.
        TermsUnpublished: nobody has published its terms.
        MirrorMissing, StorageError: nothing can be read.
    """
    mirrored = mirrored_drop(parts, drop)
    programme = programmes_of(parts, (mirrored,)).get(drop)
    if programme is None:
        raise TermsUnpublished(drop, mirrored.drop.terms_hash)
    return programme


def programmes_of(parts: Parts, mirrored: Sequence[DropTerms]) -> Mapping[DropId, Programme]:
    """As `programme_of`, for drops that were read already; those without one are missing."""
    with reading(parts.store) as connection:
        documents = documents_of(connection, {one.drop.terms_hash for one in mirrored})
    found = (_believed(documents.get(one.drop.terms_hash), one) for one in mirrored)
    return {one.drop: one for one in found if one is not None}


def _believed(document: str | None, mirrored: DropTerms) -> Programme | None:
    if document is None:
        return None
    try:
        terms = parsed(document)
    except TermsUnreadable:
        return None
    if contradiction(terms, mirrored) is not None:
        return None
    drop = mirrored.drop
    times = Times(drop.starts_at, drop.ends_at) if drop.postponements else None
    return Programme(drop.drop_id, drop.terms_hash, drop.mentor, terms, document, times)


READ_LATELY: Final = 256
"""Documents that stay read. Fewer than two pages of drops, and each page would read all anew."""


@lru_cache(maxsize=READ_LATELY)
def parsed(document: str) -> PublishedTerms:
    """Read a document; its sessions are asked for again and again. Raises TermsUnreadable."""
    return read_terms(document)
