"""What is kept of webhooks, as values: endpoints and deliveries.

Owns the shapes. Refuses statements and rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from api.webhooks.messages import Wish
from api.webhooks.signing import Generation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


@unique
class Disabled(StrEnum):
    """Why nothing is sent to an endpoint."""

    FAILING = "failing"
    GONE = "gone"
    OWNER = "owner"


@unique
class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Somewhere that messages are sent.

    Attributes:
        drops: Those that it names, with their terms hashes; empty: all of its owner's.
        version: One more at each edit.
        failing_since: The first failure since something last arrived.
    """

    id: str
    mirror: MirrorId
    owner: ChecksumAddress
    url: str
    events: frozenset[str]
    drops: Mapping[DropId, str]
    version: int
    generation: int
    created_at: datetime
    rotated_at: datetime | None = None
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_why: Disabled | None = None

    @property
    def wish(self) -> Wish:
        """What it wants."""
        return Wish(self.owner, self.events, self.drops)

    @property
    def secret(self) -> Generation:
        """Which secret it has."""
        return Generation(self.id, self.generation, self.rotated_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message on its way to one endpoint, or what became of it.

    Attributes:
        drop: That it is about.
        terms_hash: Of the drop, as it was; None: nobody has kept it.
    """

    id: str
    endpoint: str
    message_id: str
    seq: int
    type: str
    drop: DropId | None
    terms_hash: str | None
    retracts: str | None
    payload: str
    state: State
    created_at: datetime
    begun_at: datetime
    due_at: datetime
    attempts: int
    attempted_at: datetime | None = None
    status: int | None = None
    duration_ms: int | None = None
    answer: str | None = None
    fault: str | None = None
