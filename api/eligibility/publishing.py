"""Publishing the allowlist of a phase: only its mentor, only the very list.

Owns the order of the checks. Refuses to keep a list of another root than the phase's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.catalogue.names import GATES
from api.eligibility import lists
from api.eligibility.errors import AllowlistDiffers, PhaseWithoutList
from api.errors import NotFound
from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.domain.drop import Gate
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.parts import Parts
    from indexer.queries import DropTerms, PhaseState
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import PhaseIndex


def listed_phase(mirrored: DropTerms, phase: PhaseIndex) -> PhaseState:
    """A phase that a list opens. Raises NotFound, PhaseWithoutList."""
    if phase >= len(mirrored.phases):
        raise NotFound("phase")
    found = mirrored.phases[phase]
    gate = Gate(found.gate)
    if gate is not Gate.ALLOWLIST:
        raise PhaseWithoutList(mirrored.drop.drop_id, phase, GATES[gate])
    return found


def publish(
    parts: Parts, phase: PhaseState, account: ChecksumAddress, accounts: Sequence[ChecksumAddress]
) -> PhaseAllowlist:
    """Keep the list of a phase that `listed_phase` gave. Doing it again writes nothing.

    Raises:
        AllowlistDiffers: the phase carries another root.
        StorageError: nothing can be kept.
    """
    listed = PhaseAllowlist(phase.phase, accounts)
    sent = f"0x{listed.root.hex()}"
    if sent != phase.gate_data:
        raise AllowlistDiffers(phase.drop_id, phase.phase, phase.gate_data, sent)
    with reading(parts.store) as connection:
        if lists.is_kept(connection, listed):
            return listed
    with writing(parts.store) as connection:
        lists.keep(connection, listed, account, parts.clock())
    return listed
