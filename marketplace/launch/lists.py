"""Owns the allowlists of a launch file: reading those that its phases name, and what gates keep.

Refuses to say who should be on one, and to keep it: the record of the launch does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.allowlist.file import AllowlistUnusable, read_accounts
from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.domain.ids import PhaseIndex
from marketplace.launch.forms import EVERYBODY, ListFile, listed_by

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from marketplace.launch.forms import GateTerm
    from marketplace.launch.sections import Draft, Faults


def lists_of(draft: Draft, folder: Path, faults: Faults) -> Mapping[PhaseIndex, PhaseAllowlist]:
    """Read the lists that phases name, and note those that cannot be used.

    Args:
        draft: With the phases.
        folder: Of the launch file.
        faults: Where to note them.
    """
    found: dict[PhaseIndex, PhaseAllowlist] = {}
    for place, phase in enumerate(draft.phases):
        if phase is None or not isinstance(phase.gate, ListFile):
            continue
        number = PhaseIndex(place)
        try:
            # A leaf names its phase, so that two phases of one file have two roots.
            found[number] = PhaseAllowlist(number, read_accounts(folder / phase.gate.name))
        except AllowlistUnusable as error:
            faults.add(("phases", place, "gate"), _why(phase.gate.name, error), "mend the list")
    return found


def gates_of(draft: Draft, lists: Mapping[PhaseIndex, PhaseAllowlist]) -> tuple[GateTerm, ...]:
    """What the contract keeps of each phase's gate; of one that could not be read, nothing."""
    gates: list[GateTerm] = []
    for place, phase in enumerate(draft.phases):
        gate = EVERYBODY if phase is None else phase.gate
        if isinstance(gate, ListFile):
            listed = lists.get(PhaseIndex(place))
            gate = EVERYBODY if listed is None else listed_by(listed.root)
        gates.append(gate)
    return tuple(gates)


def _why(name: str, error: AllowlistUnusable) -> str:
    if error.faults:
        more = len(error.faults) - 1
        also = f" ({more} more)" if more else ""
        return f'the allowlist "{name}" has a fault in {str(error.faults[0]).rstrip(".")}{also}'
    said = str(error).removeprefix(f"The allowlist {error.path} ").rstrip(".")
    return f'the allowlist "{name}" {said}'
