"""The words of a seat, of what waits with it, and of the platform.

Owns `contracts/types/SeatWord.sol`, `HeldWord.sol` and `PlatformWord.sol`. Refuses other layouts
by `WordError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag, unique
from typing import TYPE_CHECKING, Final, Self

from marketplace.domain.ids import DropId, PhaseIndex
from marketplace.domain.money import Bps, Wei
from marketplace.domain.words.bits import WordError, WordReader, number_of, pack

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress, ToAddress

_SEAT_BITS: Final = 96


@unique
class SeatFlag(IntFlag):
    """What has happened to a seat; CHECKED_IN and OBJECTED lock it, GRANTED is never sold."""

    CHECKED_IN = 1
    GRANTED = 2
    SPONSORED = 4
    OBJECTED = 8
    CLAIMED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatWord:
    """The 96 bits beside a seat's owner; `contracts/types/SeatWord.sol`."""

    moved_at: int
    epoch: int
    phase: PhaseIndex
    flags: SeatFlag

    @classmethod
    def decode(cls, word: int) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word, _SEAT_BITS)
        moved_at, epoch, phase = bits.take(40), bits.take(32), PhaseIndex(bits.take(8))
        flags = bits.take(8)
        bits.end()
        if flags & ~sum(SeatFlag):
            raise WordError(f"{flags:#x} holds a flag of another version of the contract.")
        return cls(moved_at=moved_at, epoch=epoch, phase=phase, flags=SeatFlag(flags))

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack((self.moved_at, 40), (self.epoch, 32), (self.phase, 8), (self.flags, 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldWord:
    """What waits with a seat, and whom it pays; `contracts/types/HeldWord.sol`."""

    amount: Wei
    beneficiary: ChecksumAddress

    @classmethod
    def decode(cls, word: int, checksum: ToAddress) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word)
        return cls(amount=Wei(bits.take(96)), beneficiary=bits.address(checksum))

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack((self.amount, 96), (number_of(self.beneficiary), 160))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformWord:
    """Treasury, fee of the next drop, number of drops; `contracts/types/PlatformWord.sol`."""

    treasury: ChecksumAddress
    fee: Bps
    drop_count: DropId

    @classmethod
    def decode(cls, word: int, checksum: ToAddress) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word)
        decoded = cls(
            treasury=bits.address(checksum),
            fee=Bps(bits.take(16)),
            drop_count=DropId(bits.take(64)),
        )
        bits.end()
        return decoded

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack((number_of(self.treasury), 160), (self.fee, 16), (self.drop_count, 64))
