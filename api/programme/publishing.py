"""Publishing a drop's terms: only its mentor, only the very text, only once it can be read.

Owns the order of the checks. Refuses to keep anything that `programmes_of` would not believe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.programme.agreement import contradiction
from api.programme.documents import hash_of, keep_document
from api.programme.errors import MentorRequired, TermsContradict, TermsDiffer
from api.programme.products import keep_product
from api.programme.programmes import mirrored_drop, parsed
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from api.parts import Parts
    from indexer.queries import DropTerms
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.denomination import Denomination
    from marketplace.domain.ids import DropId


def _require_decimals(parts: Parts, drop: DropId, paid_in: Denomination) -> None:
    """Refuse a text whose amounts people would misread: the chain's prices have no point.

    Asked once, when the text comes: the mirror does not know it, and who reads terms may not wait
    for a node. Raises TermsContradict, ChainUnavailable, WrongNode.
    """
    if paid_in.is_ether:
        return
    with parts.chain.turn():
        decimals = parts.chain.currency(paid_in.address).decimals()
    if decimals != paid_in.decimals:
        raise TermsContradict(drop, "terms.currency.decimals")


def mentored_drop(parts: Parts, drop: DropId, account: ChecksumAddress) -> DropTerms:
    """Read a drop for its mentor.

    Raises:
        NotFound: there is no such drop in the mirror.
        MentorRequired: somebody else than its mentor asks.
        MirrorMissing, StorageError: nothing can be read.
    """
    mirrored = mirrored_drop(parts, drop)
    if mirrored.drop.mentor != account:
        raise MentorRequired(drop, mirrored.drop.mentor)
    return mirrored


def publish(parts: Parts, mirrored: DropTerms, account: ChecksumAddress, document: str) -> str:
    """Keep the terms of a drop that `mentored_drop` gave, and its product; gives their hash.

    Doing it again changes nothing.

    Raises:
        TermsDiffer: the drop carries another hash.
        TermsUnreadable: the hash is right, and the text is no launch file's terms.
        TermsContradict: it says something else than the drop, or its currency other decimals than
            the currency.
        ChainUnavailable, WrongNode: nobody can say how many those are.
        StorageError: nothing can be kept.
    """
    drop, wanted, sent = mirrored.drop.drop_id, mirrored.drop.terms_hash, hash_of(document)
    if sent != wanted:
        raise TermsDiffer(drop, wanted, sent)
    terms = parsed(document)
    place = contradiction(terms, mirrored)
    if place is not None:
        raise TermsContradict(drop, place)
    _require_decimals(parts, drop, terms.terms.currency)
    now = parts.clock()
    with writing(parts.store) as connection:
        keep_document(connection, document, account, now)
        keep_product(connection, account, terms.product, sent, now)
    return sent
