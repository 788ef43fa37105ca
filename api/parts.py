"""What the API is put together from.

Owns the list. Refuses defaults that reach outside: whoever builds the application opens engines
and clocks, and closes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.programme.lately import Lately
from indexer.queries import MirrorId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from opentelemetry.trace import TracerProvider
    from sqlalchemy import Engine

    from api.chain import Chain
    from api.figures import Figures
    from api.gate.ports import FactSource
    from api.origin import Origin
    from api.settings import ApiSettings
    from marketplace.chain.keys import Signer


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one API.

    Attributes:
        settings: Bounds and durations.
        origin: Where people reach it.
        store: Engine over the API's own tables.
        mirror: What the gate is told of the chain.
        reads: Engine over the mirror's tables, for `indexer.queries`.
        chain: The node, for what only the contract can say.
        clock: Gives the present moment, with a time zone.
        receipts: Who signs decisions; None: nobody does.
        lately: Programmes that were read a moment ago.
        figures: Who counts requests and decisions; None: nobody does.
        traces: Who makes spans of requests; None: nobody does.
    """

    settings: ApiSettings
    origin: Origin
    store: Engine
    mirror: FactSource
    reads: Engine
    chain: Chain
    clock: Callable[[], datetime]
    receipts: Signer | None = None
    lately: Lately = field(default_factory=Lately)
    figures: Figures | None = None
    traces: TracerProvider | None = None

    @property
    def mirror_id(self) -> MirrorId:
        """Which mirror this API reads."""
        return MirrorId(self.settings.chain_id, self.settings.contract_set)

    @property
    def now(self) -> int:
        """The present Unix second."""
        return int(self.clock().timestamp())
