"""The JSON of products.

Owns the shapes. Refuses words that are not the mentor's: what stands in `text`, titles and tiers'
names is what they published, and never markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from api.catalogue.dated import Dated, Levelled
from api.catalogue.names import STATES, State
from api.catalogue.programme_bodies import ProductAnswer
from api.wire import Account, Moment, Uint256Out, WireModel, moment
from marketplace.domain.drop import DropState

if TYPE_CHECKING:
    from datetime import datetime

    from api.catalogue.product_shelf import OnSale, Standing, Whole
    from api.market.looking import Page
    from api.programme.products import ProductPlace
    from indexer.queries import SoldBetween, TierState


class TierPrice(WireModel):
    """What a seat of a tier costs."""

    tier: int
    name: str
    """What the mentor calls it."""

    list_price_wei: Uint256Out
    """What a seat costs at most in any phase, in the smallest unit of the drop's currency, as
    decimal digits."""

    @classmethod
    def of(cls, tier: TierState, drop: OnSale) -> Self:
        """Write it."""
        return cls(
            tier=tier.tier,
            name=drop.programme.terms.tiers[tier.tier].name,
            list_price_wei=tier.list_price,
        )


class ProductTier(TierPrice):
    """A tier of a product, and what its seats contain."""

    includes: list[str]
    """What its seats contain, in the mentor's own words."""


class DropOfProduct(WireModel):
    """One sale of a product."""

    drop: int
    state: State
    terms_hash: str
    opens_at: Moment
    """When the first of its phases begins to sell, in UTC."""

    closes_at: Moment
    """When the last of them ends, in UTC."""

    starts_at: Moment
    ends_at: Moment
    currency: Account
    """What its seats are paid in; the zero address: ETH."""

    prices: list[TierPrice]

    @classmethod
    def of(cls, drop: OnSale) -> Self:
        """Write it."""
        state = drop.mirrored.drop
        return cls(
            drop=state.drop_id,
            state=STATES[DropState(state.state)],
            terms_hash=state.terms_hash,
            opens_at=moment(min(one.opens for one in drop.mirrored.phases)),
            closes_at=moment(max(one.closes for one in drop.mirrored.phases)),
            starts_at=moment(state.starts_at),
            ends_at=moment(state.ends_at),
            currency=drop.mirrored.currency,
            prices=[TierPrice.of(one, drop) for one in drop.mirrored.tiers],
        )


class SoldDrop(DropOfProduct):
    """One sale of a product, and when it sold. Seats that were granted do not count."""

    first_sold_at: Moment | None
    """When its first seat was minted, in UTC; null: none was yet."""

    last_sold_at: Moment | None
    """When its last seat so far was minted, in UTC; null: none was yet."""

    @classmethod
    def dated(cls, drop: OnSale, sold: SoldBetween | None) -> Self:
        """Write it."""
        return cls(
            **dict(DropOfProduct.of(drop)),
            first_sold_at=None if sold is None else moment(sold.first),
            last_sold_at=None if sold is None else moment(sold.last),
        )


class ProductSummary(WireModel):
    """A product in a list."""

    product: str
    mentor: Account
    format: str
    title: str
    newest: DropOfProduct
    """The newest drop of the text that was published last."""

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Write it."""
        says = standing.newest.programme.terms.product
        return cls(
            product=standing.listed.product,
            mentor=standing.listed.mentor,
            format=says.format,
            title=says.title,
            newest=DropOfProduct.of(standing.newest),
        )


class ProductsAnswer(Dated):
    """Products, the last listed first."""

    products: list[ProductSummary]
    """A page of them; it may be shorter than asked for and still have a next."""

    next: str | None
    """The next page's `after`; null: this is the last."""


class WholeProductAnswer(Levelled):
    """A product: what it is, by the text published last, and what sold it."""

    product: str
    mentor: Account
    format: str
    title: str
    text: ProductAnswer
    """What the text says that was published last."""

    tiers: list[ProductTier]
    """What its seats are, by the text that was published last."""

    drops: list[SoldDrop]
    """Its newest 50 drops, by falling number."""

    first_sold_at: Moment | None
    """When the first seat of these and its first 50 drops was minted, in UTC; null: none was yet.
    Granted seats do not count."""

    last_sold_at: Moment | None
    """When the last seat of the same was minted, in UTC; null: none was yet."""

    @classmethod
    def of(cls, found: Whole) -> Self:
        """Write it."""
        terms = found.text.programme.terms
        sold, seen = found.sold, found.seen
        return cls(
            product=found.listed.product,
            mentor=found.listed.mentor,
            format=terms.product.format,
            title=terms.product.title,
            text=ProductAnswer.of(terms.product),
            tiers=[
                ProductTier(
                    **dict(TierPrice.of(one, found.text)),
                    includes=list(terms.tiers[one.tier].includes),
                )
                for one in found.text.mirrored.tiers
            ],
            drops=[SoldDrop.dated(one, sold.get(one.mirrored.drop.drop_id)) for one in found.drops],
            first_sold_at=_moment(min((one.first for one in sold.values()), default=None)),
            last_sold_at=_moment(max((one.last for one in sold.values()), default=None)),
            level=seen.level,
            as_of_block=seen.at.number,
            block_hash=seen.at.hash,
        )


def products_answer(page: Page[Standing, ProductPlace], behind: str | None) -> ProductsAnswer:
    """Write a page; `behind` is the next page's cursor."""
    return ProductsAnswer(
        products=[ProductSummary.of(one) for one in page.found],
        next=behind,
        as_of_block=page.moment.number,
        block_hash=page.moment.hash,
    )


def _moment(second: int | None) -> datetime | None:
    return None if second is None else moment(second)
