"""Names of things on the chain: drops, tiers, phases, seats.

Owns how a seat's token id is made and read, as `contracts/types/SeatId.sol` does it. Refuses to
say whether such a drop or seat exists: only the chain knows.
"""

from __future__ import annotations

from typing import Final, NewType, Self

DropId = NewType("DropId", int)
"""Drops count from 1 in the order of their creation; 0 is no drop."""

TierIndex = NewType("TierIndex", int)
"""Place of a tier in its drop, 0 to 9."""

PhaseIndex = NewType("PhaseIndex", int)
"""Place of a phase in its drop, 0 to 15."""

SEATS_PER_DROP: Final = 1_000_000
SEATS_PER_TIER: Final = 100_000
MAX_NUMBER: Final = SEATS_PER_TIER - 1
"""Largest number inside a tier; numbers start at 1 and are never given out twice."""

MAX_DROP: Final = 2**64 - 1
"""The contract counts drops in 64 bits."""

MAX_TIER: Final = 9
MAX_UINT256: Final = 2**256 - 1


class SeatId(int):
    """The ERC-721 token id of a seat: `drop * 1_000_000 + tier * 100_000 + number`.

    Readable by a person: 7_200_013 is drop 7, tier 2, seat 13. Any uint256 is a `SeatId`, because
    the contract's errors name ids that somebody asked for and that no seat has; `of` makes only
    those that a seat can have.
    """

    __slots__ = ()

    def __new__(cls, token_id: int) -> Self:
        """Take a token id as it stands; ValueError outside uint256."""
        if not 0 <= token_id <= MAX_UINT256:
            raise ValueError(f"{token_id} is not a token id: ids lie between 0 and 2^256 - 1.")
        return super().__new__(cls, token_id)

    @classmethod
    def of(cls, drop: DropId, tier: TierIndex, number: int) -> Self:
        """Name the seat `number` of a tier; ValueError when no seat can have that name."""
        for what, value, least, most in (
            ("drop", drop, 1, MAX_DROP),
            ("tier", tier, 0, MAX_TIER),
            ("number", number, 1, MAX_NUMBER),
        ):
            if not least <= value <= most:
                raise ValueError(f"A seat's {what} lies between {least} and {most}, not {value}.")
        return cls(drop * SEATS_PER_DROP + tier * SEATS_PER_TIER + number)

    @property
    def drop(self) -> DropId:
        """The drop that the seat belongs to."""
        return DropId(self // SEATS_PER_DROP)

    @property
    def tier(self) -> TierIndex:
        """The tier inside that drop."""
        return TierIndex(self % SEATS_PER_DROP // SEATS_PER_TIER)

    @property
    def number(self) -> int:
        """The number inside that tier."""
        return self % SEATS_PER_TIER
