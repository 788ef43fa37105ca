"""The right to write one mirror: what everything that commits is given.

Owns what it consists of. Refuses to say who has it: the checkpoint's fence does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.identity import MirrorId


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to write one mirror, until somebody else raises the fence."""

    engine: Engine
    mirror: MirrorId
    fence: int
