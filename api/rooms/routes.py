"""The address of the stream that a room listens to.

Owns its path, its parameters and which problems it names. Refuses rules.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import documented
from api.auth.caller import CLIENT_PROBLEMS, client_with
from api.keys.values import ApiClient, Scope
from api.places import drop_of
from api.push.stream_routes import STREAMED, SharedStreams
from api.push.streams import EventStream, Pace
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.rooms.watching import Door, Watch
from api.sessions.parameters import (  # noqa: TC001 - FastAPI reads the annotations
    DropPath,
    SessionPath,
)

BREATH_S: Final = 0.25
"""Seconds between two looks at a room at least: on SQLite whatever is written rings the bell."""

_PROBLEMS: Final = (
    *CLIENT_PROBLEMS,
    "mentor_required",
    "not_found",
    "terms_unpublished",
    "invalid_request",
    "streams_busy",
    "storage",
    "storage_unreachable",
    "storage_locked",
    "mirror_missing",
    "mirror_incomplete",
)

Listener = Annotated[ApiClient, Depends(client_with(Scope.ACCESS_CHECK))]

router = APIRouter(tags=["sessions"])


@router.get(
    "/v1/drops/{drop}/sessions/{session}/presences",
    responses=STREAMED | documented(*_PROBLEMS),
    response_class=Response,
)
async def stream_presences(
    drop: DropPath,
    session: SessionPath,
    request: Request,
    client: Listener,
    streams: SharedStreams,
    parts: ApiParts,
) -> Response:
    """Hear who has to leave a session's room: as soon as the mirror knows.

    For the room, with an API key that has the scope `access:check` and covers the drop. Server-sent
    events: `leave` names an admission and why it is over, `behind` says that nothing is known,
    `level` that whoever was not told to leave may stay, `end` that the stream ends. A stream begins
    with whoever's admission has ended in the last ten minutes, so that a room that was away misses
    nobody.
    """
    door = Door(parts, drop_of(drop), session, request.headers["authorization"].partition(" ")[2])
    key, _ = await run_in_threadpool(door.room, client)
    settings = parts.settings
    return EventStream(
        Watch(door, key),
        listening=streams.listening,
        crowd=(streams.rooms, (client.account,)),
        pace=Pace(
            settings.stream_look_s,
            settings.stream_beat_s,
            settings.stream_stalled_s,
            breath_s=BREATH_S,
        ),
    )
