"""Examples of rooms, recordings and streams of events.

Streams are written by the code that writes the real ones; of a recording's bytes nothing is shown.
Refuses the question whether somebody gets in: `access` has it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from api.gate.answers import DecisionAnswer
from api.openapi.examples.access import DAN_STAYS_OUT, EVE_GETS_IN
from api.openapi.examples.seats import SOLD_IN
from api.openapi.examples.story import (
    DAN,
    DROP,
    EVE,
    EVENING,
    IN_THE_EVENING,
    PRICE,
    RECORDING,
    RECORDING_SIZE,
    ROYALTY,
    SEAT,
    SESSION,
    at,
    block_hash,
    hashed,
    secret,
)
from api.openapi.examples.story_terms import SESSION_KIND, SESSION_TIERS, SESSIONS
from api.push import lines
from api.push.bodies import EventBody
from api.push.streams import RETRY_MS
from api.push.telling import Topic
from api.rooms.bodies import LeaveBody, LevelBody
from api.sessions.writes import EndedBy

if TYPE_CHECKING:
    from api.openapi.examples.story import Object, Shown

_TICKET: Final = secret("the ticket of eve")
_ADMISSION: Final = secret("the admission of eve")
_SEQ: Final = 90_481
_ADMISSION_ID: Final = hashed("the admission of eve")
_TITLE, _STARTS, _ENDS = SESSIONS[SESSION - 1]
_ROW: Final[Object] = {
    "recording": RECORDING,
    "title": _TITLE,
    "media_type": "video/mp4",
    "size_bytes": RECORDING_SIZE,
    "uploaded_at": at(_ENDS + 3_600),
}
_RECORDING: Final[Object] = {
    **_ROW,
    "drop": DROP,
    "session": SESSION,
    "sha256": hashed("the recording's bytes"),
}


def bodies() -> Shown:
    """What is sent."""
    return {
        "admit": {"eve": {"ticket": _TICKET}},
        "renew_admission": {"eve": {"admission": _ADMISSION}},
    }


def answers() -> Shown:
    """What comes back."""
    return {
        "show_drop_session": {
            "recorded": {
                "drop": DROP,
                "session": SESSION,
                "title": _TITLE,
                "kind": SESSION_KIND,
                "starts_at": at(_STARTS),
                "ends_at": at(_ENDS),
                "opens_at": at(_STARTS - 900),
                "tiers": SESSION_TIERS,
                "recordings": [_ROW],
            }
        },
        "join": {
            "eve": {
                "ticket": _TICKET,
                "expires_at": at(EVENING + 30),
                "decision": EVE_GETS_IN,
            }
        },
        "admit": {
            "eve": {
                "admission": _ADMISSION,
                "admission_id": _ADMISSION_ID,
                "account": EVE,
                "seat": str(SEAT),
                "drop": DROP,
                "session": SESSION,
                "expires_at": EVE_GETS_IN["expires_at"],
                "decision": EVE_GETS_IN,
            }
        },
        "renew_admission": {
            "eve": {
                "admission": _ADMISSION,
                "expires_at": EVE_GETS_IN["expires_at"],
                "decision": EVE_GETS_IN,
            }
        },
        "upload_recording": {"kept": _RECORDING},
        "show_recording": {"recording": _RECORDING},
        "stream_events": {"a_sale": _events()},
        "stream_my_events": {"a_sale": _events()},
        "stream_presences": {"one_leaves": _presences()},
    }


def _events() -> str:
    sold = EventBody(
        seq=_SEQ,
        kind="apply",
        topic=Topic.SEAT,
        event="SeatSold",
        drop=DROP,
        seat=str(SEAT),
        arguments={
            "seat": str(SEAT),
            "seller": DAN,
            "buyer": EVE,
            "price": str(PRICE),
            "royalty": str(ROYALTY),
        },
        block_number=SOLD_IN,
        block_hash=block_hash(SOLD_IN),
        log_index=2,
        tx_hash=hashed("eve buys seat 7200013"),
    )
    begun = lines.retry(RETRY_MS) + lines.reached(_SEQ - 1)
    return begun + lines.event(_SEQ, Topic.SEAT.value, sold.model_dump_json())


def _presences() -> str:
    leaves = LeaveBody(
        admission_id=_ADMISSION_ID,
        why=EndedBy.DENIED,
        decision=DecisionAnswer.model_validate_json(json.dumps(DAN_STAYS_OUT)),
    )
    level = LevelBody(as_of_block=IN_THE_EVENING, block_hash=block_hash(IN_THE_EVENING))
    told = lines.told("leave", leaves.model_dump_json())
    return lines.retry(RETRY_MS) + told + lines.told("level", level.model_dump_json())
