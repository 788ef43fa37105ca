"""What is left to sell: caps, numbers, supplies and reserves.

Owns how many seats a phase may still mint and a mentor may still grant. Refuses gates, limits per
wallet and prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.domain.ids import MAX_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Reserve:
    """Seats that a phase holds back from others until it closes: `supply` less `sold`."""

    supply: int
    sold: int
    closes: int


def held_back(reserves: Iterable[Reserve], now: int) -> int:
    """What these reserves still hold back; a phase that is closed holds nothing."""
    return sum(one.supply - one.sold for one in reserves if now <= one.closes)


def left_of_tier(cap: int, live: int, issued: int, held: int) -> int:
    """What cap and unused numbers of a tier leave, less what is held back."""
    return max(min(cap - live, MAX_NUMBER - issued) - held, 0)


def left_of_phase(of_tier: int, supply: int, sold: int) -> int:
    """What a phase may sell of what its tier leaves; a supply of 0 bounds nothing."""
    return min(of_tier, supply - sold) if supply else of_tier


def is_open(opens: int, closes: int, now: int) -> bool:
    """Whether a phase sells: from its first to its last second."""
    return opens <= now <= closes
