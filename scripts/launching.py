"""Owns creating a drop from a launch file and finding out what the chain made of it.

Refuses to believe itself: the drop's id and terms hash are read from the event that was mined.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.bindings.events import DropCreated
from marketplace.domain.errors import MirrorInconsistent, typed_error

if TYPE_CHECKING:
    from marketplace.bindings.seats import SeatsContract
    from marketplace.bindings.transactions import Mined
    from marketplace.chain.sender import Sender
    from marketplace.domain.ids import DropId
    from marketplace.launch.file import LaunchFile


@typed_error
class DropNotAnnounced(MirrorInconsistent):
    """The transaction succeeded and the contract did not announce the drop that was sent."""

    code = "drop_not_announced"

    transaction_hash: bytes

    def _sentence(self) -> str:
        return (
            f"0x{self.transaction_hash.hex()} succeeded and announces no drop with the terms that "
            "were sent: look at it on the chain before you launch again."
        )


@dataclass(frozen=True, slots=True)
class CreatedDrop:
    """A drop as the chain announced it; `terms_hash` is 32 bytes."""

    drop: DropId
    terms_hash: bytes
    mined: Mined


def create_drop(seats: SeatsContract, sender: Sender, file: LaunchFile) -> CreatedDrop:
    """Create a file's drop; the sender becomes its mentor.

    Raises DropNotAnnounced and whatever the sender raises.
    """
    mined = sender.send(seats.create_drop(file.drop))
    for log in seats.events_of(mined):
        event = log.event
        if isinstance(event, DropCreated) and event.terms_hash == file.drop.terms.terms_hash:
            return CreatedDrop(event.drop, event.terms_hash, mined)
    raise DropNotAnnounced(mined.transaction_hash)
