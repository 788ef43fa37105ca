"""Which numbers of drops and seats a mirror can hold at all.

Owns that bound: the mirror's integers have 64 bits with a sign, the contract's ids have more.
Refuses to say whether such a drop or seat exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.domain.ids import SEATS_PER_DROP

if TYPE_CHECKING:
    from marketplace.domain.ids import DropId

MAX_MIRRORED_SEAT: Final = 2**63 - 1
MAX_MIRRORED_DROP: Final = MAX_MIRRORED_SEAT // SEATS_PER_DROP - 1
"""All seats of this drop, and the first number after them, fit."""


def is_mirrored(drop: DropId) -> bool:
    """Whether a mirror could hold this drop and its seats."""
    return 1 <= drop <= MAX_MIRRORED_DROP
