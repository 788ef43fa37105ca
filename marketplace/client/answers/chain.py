"""What the API knows of the chain, and of its own copy of it.

Owns the status answers. Refuses to name a node: who asks is a stranger.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, Account, HashText

Level = Literal["latest", "safe", "finalized"]
"""How settled an answer must be."""


@dataclass(frozen=True, config=ANSWER)
class Live:
    """The process answers; there is nothing else to say."""


@dataclass(frozen=True, config=ANSWER)
class Ready:
    """Requests can be answered, resting on this block."""

    block: int
    block_hash: HashText
    lag_s: int


@dataclass(frozen=True, config=ANSWER)
class Block:
    """A block, and the chain's own time of it."""

    number: int
    hash: HashText
    timestamp: AwareDatetime


@dataclass(frozen=True, config=ANSWER)
class Audited:
    """The last block up to which the copy was held against the chain once more.

    Attributes:
        digest: Stands for every event up to there.
    """

    number: int
    hash: HashText
    digest: HashText


@dataclass(frozen=True, config=ANSWER)
class ChainStatus:
    """Which market this API is about, and how far its copy of the chain reaches.

    Attributes:
        head: The newest block that was copied.
        level_at: When the copy was last known to be level with its node; None while history is
            still being read.
        lag_s: Seconds since then.
        audited: How far the copy was audited; None while nothing was.
        disagrees: Whether that has found that the copy is not the chain.
    """

    chain_id: int
    contract: Account
    head: Block
    safe: Block
    finalized: Block
    level_at: AwareDatetime | None
    lag_s: int | None
    audited: Audited | None = None
    disagrees: bool = False
