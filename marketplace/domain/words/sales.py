"""The words that minting writes: a tier and a phase.

Owns `contracts/types/TierWord.sol` and `PhaseWord.sol`. Refuses other layouts by `WordError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from marketplace.domain.drop import Gate
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import Wei
from marketplace.domain.words.bits import WordReader, known, pack


@dataclass(frozen=True, slots=True, kw_only=True)
class TierWord:
    """One tier and its sales; `contracts/types/TierWord.sol`."""

    list_price: Wei
    escrowed: Wei
    cap: int
    issued: int
    live: int

    @classmethod
    def decode(cls, word: int) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word)
        return cls(
            list_price=Wei(bits.take(80)),
            escrowed=Wei(bits.take(104)),
            cap=bits.take(24),
            issued=bits.take(24),
            live=bits.take(24),
        )

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack(
            (self.list_price, 80),
            (self.escrowed, 104),
            (self.cap, 24),
            (self.issued, 24),
            (self.live, 24),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseWord:
    """One phase and its sales; `contracts/types/PhaseWord.sol`.

    `sold` is counted only where `supply` bounds it. Bit j of `reserves` is set when phase j holds
    back seats of the same tier.
    """

    price: Wei
    opens: int
    closes: int
    supply: int
    sold: int
    wallet_limit: int
    tier: TierIndex
    gate: Gate
    reserves: int

    @classmethod
    def decode(cls, word: int) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word)
        return cls(
            price=Wei(bits.take(80)),
            opens=bits.take(40),
            closes=bits.take(40),
            supply=bits.take(24),
            sold=bits.take(24),
            wallet_limit=bits.take(16),
            tier=TierIndex(bits.take(8)),
            gate=Gate(known(bits.take(8), len(Gate))),
            reserves=bits.take(16),
        )

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack(
            (self.price, 80),
            (self.opens, 40),
            (self.closes, 40),
            (self.supply, 24),
            (self.sold, 24),
            (self.wallet_limit, 16),
            (self.tier, 8),
            (self.gate, 8),
            (self.reserves, 16),
        )
