"""That a seat was in a session.

Owns the value. Refuses to say whether it counts: the chain may have taken back whose the seat was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from api.gate.decision import Via
    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """A seat was in a session.

    Attributes:
        session: Its number in the terms.
        terms_hash: Of the drop; a number and a mentor are not enough to name it.
        holder: Whose the seat was.
        account: Who came in: the holder, or somebody whom the holder had delegated to.
        via: By what the gate let them in.
        attended_at: When.
        block_number: The block that the gate decided on; `block_hash` is its hash.
    """

    mirror: MirrorId
    seat: SeatId
    session: int
    terms_hash: str
    mentor: ChecksumAddress
    holder: ChecksumAddress
    account: ChecksumAddress
    via: Via
    attended_at: datetime
    block_number: int
    block_hash: str

    @property
    def place(self) -> dict[str, object]:
        """The values of the columns that name the seat in the session, whoever held it."""
        return {
            **self.mirror.columns,
            "seat": self.seat,
            "session": self.session,
            "terms_hash": self.terms_hash,
            "mentor": self.mentor,
        }
