"""The word that says how a drop ends.

Owns `contracts/types/ClosingWord.sol`. Refuses other layouts by `WordError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from marketplace.domain.money import Bps, Wei
from marketplace.domain.words.bits import WordReader, pack


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingWord:
    """How a drop ends; zero while it is LIVE.

    Attributes:
        asserted_at: When the mentor said that everything was delivered; 0: not yet.
        disputed_at: When a dispute began; 0: never.
        open_face: The face under objection while the drop is ASSERTED; from its dispute or its end
            on, what the drop still owes its seats.
        split: The holders' share of a dispute that was decided.
    """

    asserted_at: int
    disputed_at: int
    open_face: Wei
    split: Bps

    @classmethod
    def decode(cls, word: int) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word)
        decoded = cls(
            asserted_at=bits.take(40),
            disputed_at=bits.take(40),
            open_face=Wei(bits.take(104)),
            split=Bps(bits.take(16)),
        )
        bits.end()
        return decoded

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack(
            (self.asserted_at, 40), (self.disputed_at, 40), (self.open_face, 104), (self.split, 16)
        )
