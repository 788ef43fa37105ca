"""What a pass can come to.

Owns the names. Refuses to say what follows from them: the loop does.
"""

from __future__ import annotations

from enum import Enum, unique


@unique
class Outcome(Enum):
    """What a pass came to; after PROGRESSED there may be more to do at once.

    With all others the mirror is as far as the node: at a head that is believed, beyond it, or at
    one that is too old to be the chain's.
    """

    PROGRESSED = "progressed"
    CAUGHT_UP = "caught up"
    NODE_BEHIND = "node behind"
    HEAD_STALE = "head stale"
