"""The packed words that the contract stores and publishes, in both directions.

Owns the layouts of `contracts/types/*Word*.sol`, low bits first. Refuses a word whose spare bits
are set and a value that does not fit its field: either belongs to another version of the contract.
Addresses get their checksum from the caller, because this package has no keccak.
"""

from __future__ import annotations

from marketplace.domain.words.bits import WordError
from marketplace.domain.words.closing import ClosingWord
from marketplace.domain.words.sales import PhaseWord, TierWord
from marketplace.domain.words.seats import HeldWord, PlatformWord, SeatFlag, SeatWord
from marketplace.domain.words.terms import ArbitrationWord, DropWords, RulesWord, ScheduleWord

__all__ = [
    "ArbitrationWord",
    "ClosingWord",
    "DropWords",
    "HeldWord",
    "PhaseWord",
    "PlatformWord",
    "RulesWord",
    "ScheduleWord",
    "SeatFlag",
    "SeatWord",
    "TierWord",
    "WordError",
]
