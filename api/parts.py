"""What the API is put together from.

Owns the list. Refuses defaults that reach outside: whoever builds the application opens engines
and clocks, and closes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Engine

    from api.gate.ports import FactSource
    from api.origin import Origin
    from api.settings import ApiSettings


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one API.

    Attributes:
        settings: Bounds and durations.
        origin: Where people reach it.
        store: Engine over the API's own tables.
        mirror: What is known of the chain.
        clock: Gives the present moment, with a time zone.
    """

    settings: ApiSettings
    origin: Origin
    store: Engine
    mirror: FactSource
    clock: Callable[[], datetime]
