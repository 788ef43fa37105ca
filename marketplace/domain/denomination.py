"""A currency and the decimals in which people write its amounts.

Owns reading and writing them, exact to the smallest unit. Refuses names and symbols of a currency:
whoever deploys one chooses them, and anybody can choose those of another. Refuses to know how many
decimals a currency has: its contract says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.money import Wei, ether_text, wei_of_ether

MAX_DECIMALS: Final = 36
"""A price has 80 bits at most: with more decimals none could reach a hundredth of one unit."""

_AMOUNT: Final = re.compile(r"(?P<whole>\d{1,60})(?:\.(?P<part>\d{1,36}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Denomination:
    """What amounts are in: ETH, or an ERC-20 by its address with so many decimals."""

    address: ChecksumAddress
    decimals: int

    @property
    def is_ether(self) -> bool:
        """Whether these are amounts of ETH."""
        return self.address == ETH

    def text(self, amount: Wei) -> str:
        """Write an amount exactly and without needless zeros: `0.05 ETH`, and `25.5` of an ERC-20.

        An ERC-20's amounts are bare, since no name of it can be trusted: what they are of is said
        beside them, by its address.
        """
        if self.is_ether:
            return ether_text(amount)
        if not self.decimals:
            return f"{amount}"
        whole, part = divmod(abs(amount), 10**self.decimals)
        decimals = f".{part:0{self.decimals}d}".rstrip("0").rstrip(".")
        return f"{'-' if amount < 0 else ''}{whole}{decimals}"

    def read(self, text: str) -> Wei:
        """Read an amount as people write it, without a unit: `25.5`.

        Raises ValueError for signs, exponents, more decimals than there are, or anything else but
        digits.
        """
        if self.is_ether:
            return wei_of_ether(text)
        match = _AMOUNT.fullmatch(text.strip())
        part = "" if match is None else match["part"] or ""
        if match is None or len(part) > self.decimals:
            raise ValueError(
                f"{text!r} is not an amount of {self.address}: write digits with at most "
                f"{self.decimals} decimals."
            )
        unit = 10**self.decimals
        return Wei(int(match["whole"]) * unit + int(part.ljust(self.decimals, "0") or 0))


ETHER: Final = Denomination(ETH, 18)
