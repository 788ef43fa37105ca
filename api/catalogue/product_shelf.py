"""Products that are there: a drop on the chain carries a text that its mentor has published.

Owns finding them, of one moment of the mirror. Refuses a text that `programmes_of` would not
believe of the drop, and one that is another product's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.catalogue.looking import look
from api.errors import NotFound
from api.market.looking import Page, page_of
from api.programme.products import (
    last_texts,
    product_id,
    product_named,
    products_listed,
    texts_of,
)
from api.programme.programmes import programmes_of
from indexer.queries import Promise, carriers, drops_named, newest_carriers, sold_between
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.catalogue.looking import Look
    from api.parts import Parts
    from api.programme.products import ListedProduct, ProductPlace
    from api.programme.values import Programme
    from indexer.queries import DropTerms, Level, SoldBetween
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId
    from marketplace.launch.schema import Format

TEXTS_TRIED: Final = 5
"""Texts of a product that a list looks for on the chain, the last published first. A product is
missing in lists, and is shown by itself, when all of them were taken back by reorganisations."""

DROPS_TRIED: Final = 2
"""Drops of a product that a list reads: the second stands in where the first is not believed."""

MOST: Final = 50
"""Texts of a product, and drops, that are looked at from each end."""


@dataclass(frozen=True, slots=True)
class OnSale:
    """A drop, and its programme, which says that it is of the product."""

    mirrored: DropTerms
    programme: Programme


@dataclass(frozen=True, slots=True)
class Standing:
    """A product that is there, with the newest drop of the text published last."""

    listed: ListedProduct
    newest: OnSale


@dataclass(frozen=True, slots=True)
class Whole:
    """A product with its drops, the newest first, when each sold, and when all of them did.

    Attributes:
        text: The newest drop of the text published last.
        drops: The newest `MOST`.
        sold: By drop; who sold no seat is missing.
    """

    listed: ListedProduct
    text: OnSale
    drops: Sequence[OnSale]
    sold: Mapping[DropId, SoldBetween]
    seen: Look


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the shelf is asked for."""

    mentor: ChecksumAddress | None
    of_format: Format | None
    after: ProductPlace | None
    limit: int


def shelf(parts: Parts, asked: Asked) -> Page[Standing, ProductPlace]:
    """Read a page; it may be short where drops were taken back, and says where to go on.

    Raises MirrorMissing, StorageError.
    """

    def looked(after: ProductPlace | None, limit: int) -> Page[Standing, ProductPlace]:
        with reading(parts.store) as connection:
            rows = products_listed(
                connection,
                mentor=asked.mentor,
                of_format=asked.of_format,
                after=after,
                limit=limit + 1,
            )
            shown = rows[:limit]
            texts = last_texts(connection, {one.product for one in shown}, TEXTS_TRIED)
        with look(parts) as seen:
            promises = [Promise(one.mentor, text) for one in shown for text in texts[one.product]]
            carried = newest_carriers(seen.connection, seen.mirror, promises, seen.at.number)
            tried = {
                one: [
                    carried[promise]
                    for text in texts[one.product]
                    if (promise := Promise(one.mentor, text)) in carried
                ][:DROPS_TRIED]
                for one in shown
            }
            numbers = tuple({number for one in tried.values() for number in one})
            drops = drops_named(seen.connection, seen.mirror, numbers, seen.at.number)
        standing = _standing(parts, tried, {one.drop.drop_id: one for one in drops})
        behind = shown[-1].place if len(rows) > limit else None
        return Page(standing, seen.at, behind)

    return page_of(looked, asked.after, asked.limit)


def whole_product(parts: Parts, product: str, level: Level) -> Whole:
    """Read a product as it was at a level.

    Raises:
        NotFound: nothing was published of it, or no drop carried that then.
        MirrorMissing, StorageError: nothing can be read.
    """
    with reading(parts.store) as connection:
        listed = product_named(connection, product)
        if listed is None:
            raise NotFound("product")
        texts = texts_of(connection, product, MOST)
        first_texts = texts_of(connection, product, MOST, first=True)
    with look(parts, level) as seen:
        newest = _carriers(seen, listed, texts)
        more = MOST in {len(texts), len(newest)}
        oldest = _carriers(seen, listed, first_texts, first=True) if more else ()
        numbers = {one.drop.drop_id for one in (*newest, *oldest)}
        sold = sold_between(seen.connection, seen.mirror, numbers, seen.at.number)
    believed = _believed(parts, (*newest, *oldest))
    ours = {number: one for number, one in believed.items() if _is_of(listed, one)}
    drops = [ours[one.drop.drop_id] for one in newest if one.drop.drop_id in ours]
    by_text = {one.mirrored.drop.terms_hash: one for one in reversed(drops)}
    text = next((by_text[one] for one in texts if one in by_text), None)
    if text is None:
        raise NotFound("product")
    return Whole(listed, text, drops, {one: sold[one] for one in ours if one in sold}, seen)


def _standing(
    parts: Parts,
    tried: Mapping[ListedProduct, Sequence[DropId]],
    drops: Mapping[DropId, DropTerms],
) -> tuple[Standing, ...]:
    """Those of some products that stand, in their order, by the first drop that is believed."""
    found: dict[ListedProduct, OnSale] = {}
    for nth in range(DROPS_TRIED):
        # Texts are read a drop at a time: of almost all products the first does.
        left = {
            one: drops[numbers[nth]]
            for one, numbers in tried.items()
            if one not in found and len(numbers) > nth
        }
        believed = _believed(parts, tuple(left.values())) if left else {}
        for one, mirrored in left.items():
            drop = believed.get(mirrored.drop.drop_id)
            if drop is not None and _is_of(one, drop):
                found[one] = drop
    return tuple(Standing(one, found[one]) for one in tried if one in found)


def _carriers(
    seen: Look, listed: ListedProduct, texts: Sequence[str], *, first: bool = False
) -> tuple[DropTerms, ...]:
    at = seen.at.number
    return carriers(seen.connection, seen.mirror, listed.mentor, texts, at, limit=MOST, first=first)


def _believed(parts: Parts, mirrored: Sequence[DropTerms]) -> dict[DropId, OnSale]:
    programmes = programmes_of(parts, mirrored)
    return {
        number: OnSale(one, programmes[number])
        for one in mirrored
        if (number := one.drop.drop_id) in programmes
    }


def _is_of(listed: ListedProduct, drop: OnSale) -> bool:
    mentor, says = drop.mirrored.drop.mentor, drop.programme.terms.product
    return product_id(mentor, says) == listed.product
