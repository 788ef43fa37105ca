"""Products as the catalogue shows them: what several drops of one mentor sell again and again.

Owns the shapes. Refuses words of its own: titles and texts are the mentors', and never markup.
"""

from __future__ import annotations

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.answers.drops import Product as ProductText
from marketplace.client.wire import ANSWER, Account, HashText, WeiText
from marketplace.domain.ids import DropId, TierIndex


@dataclass(frozen=True, config=ANSWER)
class TierPrice:
    """What a seat of a tier costs, in its drop's currency."""

    tier: TierIndex
    name: str
    list_price_wei: WeiText


@dataclass(frozen=True, config=ANSWER)
class ProductTier(TierPrice):
    """The same, and what its seats contain."""

    includes: tuple[str, ...]


@dataclass(frozen=True, config=ANSWER)
class DropOfProduct:
    """One sale of a product.

    Attributes:
        opens_at: When the first of its phases begins to sell; `closes_at`: when the last ends.
        currency: What its seats are paid in; the zero address is ETH.
    """

    drop: DropId
    state: str
    terms_hash: HashText
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    currency: Account
    prices: tuple[TierPrice, ...]


@dataclass(frozen=True, config=ANSWER)
class SoldDrop(DropOfProduct):
    """The same, and when its first and last seats were sold; None: none was."""

    first_sold_at: AwareDatetime | None
    last_sold_at: AwareDatetime | None


@dataclass(frozen=True, config=ANSWER)
class ProductSummary:
    """A product in a list; `newest` is the newest drop of the text that was published last."""

    product: HashText
    mentor: Account
    format: str
    title: str
    newest: DropOfProduct


@dataclass(frozen=True, config=ANSWER)
class ProductsPage:
    """Products, the last listed first; `next` goes on, None ends."""

    products: tuple[ProductSummary, ...]
    next: str | None
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class WholeProduct:
    """A product as of one block: what the text published last says, and its newest 50 drops."""

    product: HashText
    mentor: Account
    format: str
    title: str
    text: ProductText
    tiers: tuple[ProductTier, ...]
    drops: tuple[SoldDrop, ...]
    first_sold_at: AwareDatetime | None
    last_sold_at: AwareDatetime | None
    level: str
    as_of_block: int
    block_hash: HashText
