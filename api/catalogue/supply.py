"""How many seats a phase can sell now, and whether it sells at all.

Owns the arithmetic, as the contract does it in `SeatDrops`. Refuses wallets: their limits are the
contract's to count, and a courtesy in a public phase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.drop import DropState
from marketplace.domain.ids import MAX_NUMBER

if TYPE_CHECKING:
    from indexer.queries import DropTerms, PhaseState


def is_open(mirrored: DropTerms, phase: PhaseState, now: int) -> bool:
    """Whether the contract lets seats be minted in a phase, as long as some are left.

    Args:
        mirrored: The phase's drop.
        phase: One of its phases.
        now: Unix second.
    """
    drop = mirrored.drop
    selling = drop.state == DropState.LIVE and now > drop.paused_until
    return selling and phase.opens <= now <= phase.closes


def left_in(mirrored: DropTerms, phase: PhaseState, now: int) -> int:
    """How many seats of a phase's tier are left for this phase.

    What the cap and unused numbers leave, less what other phases hold back until they close, and
    at most what the phase's own supply leaves.
    """
    tier = mirrored.tiers[phase.tier]
    held_back = sum(
        other.supply - other.sold
        for other in mirrored.phases
        if other.phase != phase.phase and phase.reserves >> other.phase & 1 and now <= other.closes
    )
    left = max(0, min(tier.cap - tier.live, MAX_NUMBER - tier.issued) - held_back)
    return left if phase.supply == 0 else min(left, phase.supply - phase.sold)
