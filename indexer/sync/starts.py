"""What a pass begins with: what the tables say, then what the node says.

Owns their shape. Refuses to read and to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.identity import Contracts
    from indexer.rpc.values import View
    from indexer.store.checkpoints import Checkpoint
    from indexer.sync.decision import Stored


@dataclass(frozen=True, slots=True)
class Tables:
    """What the tables say.

    Of this fence, head and generation nothing else can be in them, but for what filling in the
    history of an added contract changes.
    """

    before: Checkpoint
    stored: Stored
    noted_at: int | None
    contracts: Contracts


@dataclass(frozen=True, slots=True)
class Start:
    """What a pass begins with: the tables, then the node, asked no earlier than `asked_at`."""

    tables: Tables
    asked_at: int
    view: View

    @property
    def before(self) -> Checkpoint:
        """Where the mirror stands."""
        return self.tables.before

    @property
    def stored(self) -> Stored:
        """What the mirror holds."""
        return self.tables.stored

    @property
    def contracts(self) -> Contracts:
        """Whose logs are asked for."""
        return self.tables.contracts
