"""Examples of wait-lists: waiting, and having one's turn.

Refuses buying when one's turn has come: `market` has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.openapi.examples.story import AS_OF, DROP, NOW, SEAT, TIER, TURN_ENDS, at
from api.openapi.examples.story_terms import TERMS_HASH, TURN_S
from api.waiting.values import COURTESY, MOST_MISSED

if TYPE_CHECKING:
    from api.openapi.examples.story import Json, Object, Shown

_JOINED: Final = NOW - 86_400
_PLACE: Final[Object] = {
    "joined_at": at(_JOINED),
    "ahead": 0,
    "missed": 0,
    "missed_most": MOST_MISSED,
    "turn": None,
    "last_turn": None,
    "ended": None,
}
_TURN: Final[Object] = {
    "seat": str(SEAT),
    "begun_at": at(TURN_ENDS - TURN_S),
    "ends_at": at(TURN_ENDS),
}


def bodies() -> Shown:
    """What is sent: nothing."""
    return {}


def answers() -> Shown:
    """What comes back."""
    return {
        "show_my_places": {
            "one": {
                "places": [
                    {
                        "drop": DROP,
                        "terms_hash": TERMS_HASH,
                        "tier": TIER,
                        "joined_at": at(_JOINED),
                        "missed": 0,
                        "ended": None,
                    }
                ]
            }
        },
        "show_wait_list": {
            "waiting": _list(_PLACE, turns=0),
            "your_turn": _list({**_PLACE, "turn": _TURN}, turns=1),
            "signed_out": _list(None, turns=0),
        },
        "join_wait_list": {"waiting": _list(_PLACE, turns=0)},
    }


def _list(place: Json, turns: int) -> Object:
    return {
        **AS_OF,
        "drop": DROP,
        "tier": TIER,
        "open": True,
        "waiting": 1,
        "turns": turns,
        "turn_s": TURN_S,
        "courtesy": COURTESY,
        "place": place,
        "ask_again_in_s": 60,
    }
