"""The programme of a drop, from its hash in the mirror and the document published here.

Owns that one read. Refuses a document that does not parse: it is as good as none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from api.errors import NotFound
from api.programme.documents import document_of
from api.programme.errors import TermsUnpublished
from api.programme.numbers import is_mirrored
from api.programme.values import Programme
from indexer.queries import drop_terms
from marketplace.launch.published import TermsUnreadable, read_terms
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from api.parts import Parts
    from indexer.queries import DropTerms
    from marketplace.domain.ids import DropId
    from marketplace.launch.published import PublishedTerms


def programme_of(parts: Parts, drop: DropId) -> Programme:
    """Read a drop's programme.

    Raises:
        NotFound: there is no such drop in the mirror.
        TermsUnpublished: nobody has published its terms.
        MirrorMissing, StorageError: nothing can be read.
    """
    if not is_mirrored(drop):
        raise NotFound("drop")
    with reading(parts.reads) as connection:
        mirrored = drop_terms(connection, parts.mirror_id, drop)
    if mirrored is None:
        raise NotFound("drop")
    programme = programme_if_published(parts, mirrored)
    if programme is None:
        raise TermsUnpublished(drop, mirrored.drop.terms_hash)
    return programme


def programme_if_published(parts: Parts, mirrored: DropTerms) -> Programme | None:
    """As `programme_of`, for a drop that was read already; None when nothing is published."""
    wanted = mirrored.drop.terms_hash
    with reading(parts.store) as connection:
        document = document_of(connection, wanted)
    if document is None:
        return None
    try:
        return Programme(mirrored.drop.drop_id, wanted, _parsed(document))
    except TermsUnreadable:
        return None


@lru_cache(maxsize=64)
def _parsed(document: str) -> PublishedTerms:
    # The same text means the same for ever, and sessions ask for it again and again.
    return read_terms(document)
