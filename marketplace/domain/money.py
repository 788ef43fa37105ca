"""Amounts and shares of amounts, exact to the wei.

Owns the arithmetic of a sale as `contracts/libraries/SaleMath.sol` does it, and how amounts are
read and written by people. Refuses floats, and currencies other than by their smallest unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NewType

from marketplace.domain.addresses import ETH, ChecksumAddress

Wei = NewType("Wei", int)
"""The smallest unit of a drop's currency; for ETH, 10^-18 ETH."""

Bps = NewType("Bps", int)
"""A share in hundredths of a percent: 10,000 is the whole."""

NO_MONEY: Final = Wei(0)
WHOLE_BPS: Final = Bps(10_000)
WEI_PER_ETHER: Final = 10**18
_DECIMALS: Final = 18

_ETHER: Final = re.compile(r"(?P<whole>\d{1,60})(?:\.(?P<part>\d{1,18}))?")


def share_down(amount: Wei, share: Bps) -> Wei:
    """The share of an amount, rounded down: whoever pays the share keeps the odd wei."""
    return Wei(amount * share // WHOLE_BPS)


def toll_of(list_price: Wei, toll: Bps) -> Wei:
    """What giving away a seat of a tier costs, rounded down."""
    return share_down(list_price, toll)


def royalty_of(price: Wei, royalty: Bps, toll: Wei) -> Wei:
    """The mentor's royalty of a resale, rounded down, but never less than the toll.

    Selling for a token price thus costs as much as giving away.
    """
    return max(share_down(price, royalty), toll)


def highest_price(face: Wei, resale_cap: Bps) -> Wei:
    """The highest price that a resale may ask, rounded down; 0 when the cap allows none."""
    return share_down(face, resale_cap)


@dataclass(frozen=True, slots=True)
class PriceBounds:
    """What a resale may ask; nothing fits when `least` is above `most`."""

    least: Wei
    most: Wei

    def allow(self, price: Wei) -> bool:
        """Whether a listing at this price can be bought."""
        return self.least <= price <= self.most


def price_bounds(face: Wei, resale_cap: Bps, toll: Wei) -> PriceBounds:
    """Bound a resale: it pays at least its toll, and is never free."""
    return PriceBounds(least=max(toll, Wei(1)), most=highest_price(face, resale_cap))


@dataclass(frozen=True, slots=True)
class SaleSplit:
    """Where the price of a resale goes; both parts add up to it."""

    royalty: Wei
    seller_net: Wei


def split_sale(price: Wei, royalty: Bps, toll: Wei = NO_MONEY) -> SaleSplit:
    """Split a resale between mentor and seller; the royalty is rounded down.

    The seller therefore never receives less than the listing promised.
    """
    # No bounds are checked here: the market refuses prices below the toll.
    part = royalty_of(price, royalty, toll)
    return SaleSplit(royalty=part, seller_net=Wei(price - part))


def wei_of_ether(text: str) -> Wei:
    """Read an amount of ETH as people write it: `0.05` gives 5 * 10^16.

    Raises ValueError for signs, exponents, more than 18 decimals or anything else but digits.
    """
    match = _ETHER.fullmatch(text.strip())
    if match is None or not text.isascii():
        raise ValueError(
            f"{text!r} is not an amount of ETH: write digits with at most 18 decimals, as in 0.05."
        )
    part = (match["part"] or "").ljust(_DECIMALS, "0")
    return Wei(int(match["whole"]) * WEI_PER_ETHER + int(part))


def ether_text(amount: Wei) -> str:
    """Write an amount of ETH exactly and without needless zeros: `0.05 ETH`."""
    whole, part = divmod(abs(amount), WEI_PER_ETHER)
    decimals = f".{part:018d}".rstrip("0").rstrip(".")
    return f"{'-' if amount < 0 else ''}{whole}{decimals} ETH"


def amount_text(amount: Wei, currency: ChecksumAddress) -> str:
    """Write an amount of a currency: ETH as `ether_text`, an ERC-20 by its smallest units.

    How many decimals an ERC-20 has is its own affair, and nothing here asks it.
    """
    return ether_text(amount) if currency == ETH else f"{amount} units of {currency}"


def either_text(amount: Wei) -> str:
    """Write an amount of a currency that is not known: as ETH, and as units of anything else."""
    return f"{ether_text(amount)} (or {amount} units of another currency)"


def percent_text(share: Bps) -> str:
    """Write a share as a percentage: 750 gives `7.5%`."""
    whole, part = divmod(share, 100)
    decimals = f".{part:02d}".rstrip("0").rstrip(".")
    return f"{whole}{decimals}%"
