"""The addresses of streams of events.

Owns paths, parameters and which problems each route names, and what the streams of one process
share. Refuses rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BeforeValidator
from starlette.concurrency import run_in_threadpool

from api.answers import documented
from api.auth.actors import Actor, Caller
from api.auth.caller import ACTOR_PROBLEMS, WALLET_PROBLEMS, actor_with, caller_if_any
from api.keys.errors import KeyLimited
from api.keys.keys import is_limited
from api.keys.values import ApiClient, Scope
from api.peers import peer_of
from api.places import DropNumber, drop_of, seat_of, whole
from api.push import lines
from api.push.breaths import Breaths
from api.push.crowd import Crowd
from api.push.feeds import Feed, Listener
from api.push.listening import Listening
from api.push.sources import Outbox
from api.push.streams import EventStream, Pace
from api.push.telling import Interest
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.wire import Uint256In  # noqa: TC001 - FastAPI reads the annotations
from marketplace.domain.ids import MAX_DROP

if TYPE_CHECKING:
    from api.parts import Parts

MAX_SEQ: Final = 2**53 - 1
_ALWAYS: Final = (
    "not_found",
    "events_gone",
    "invalid_request",
    "streams_busy",
    "storage",
    "storage_unreachable",
    "storage_locked",
    "mirror_missing",
    "mirror_incomplete",
)
STREAMED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Server-sent events, until either side ends it.",
        "content": {lines.MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Streams:
    """What the streams of one process share."""

    listening: Listening
    crowd: Crowd
    rooms: Crowd
    """Of its own: whoever may listen without a key must not keep rooms from hearing."""

    breaths: Breaths

    @property
    def size(self) -> int:
        """Streams that are open, of both kinds."""
        return self.crowd.size + self.rooms.size

    @classmethod
    def of(cls, parts: Parts) -> Streams:
        """Those of an application."""
        settings = parts.settings
        listening = Listening(parts.reads, parts.mirror_id)
        return cls(
            listening,
            Crowd(settings.max_streams, settings.max_streams_of_one),
            Crowd(
                settings.max_room_streams,
                settings.max_room_streams_of_one,
                "One account",
                "streams of rooms",
            ),
            Breaths(listening),
        )


async def streams_of(request: Request) -> Streams:
    """Give what the streams of this application share."""
    return cast("Streams", request.app.state.streams)


def _interest(
    drop: Annotated[
        DropNumber | None,
        Query(ge=1, le=MAX_DROP, description="Number of a drop: only what is of it."),
    ] = None,
    seat: Annotated[
        Uint256In | None,
        Query(description="Token id: only what is of this seat, and the state of its drop."),
    ] = None,
) -> Interest:
    return Interest(
        None if drop is None else drop_of(drop), None if seat is None else seat_of(seat)
    )


Number = Annotated[int, BeforeValidator(whole)]


def _after(
    after: Annotated[
        Number | None,
        Query(
            ge=0,
            le=MAX_SEQ,
            description="Id of the last event that you have: what followed comes first.",
        ),
    ] = None,
    last_event_id: Annotated[
        Number | None,
        Header(
            ge=0, le=MAX_SEQ, description="The same, as browsers send it; it goes before `after`."
        ),
    ] = None,
) -> int | None:
    # A browser that comes back asks for the same address, with the header added.
    return after if last_event_id is None else last_event_id


After = Annotated[int | None, Depends(_after)]
Interests = Annotated[Interest, Depends(_interest)]
SharedStreams = Annotated[Streams, Depends(streams_of)]
MaybeCaller = Annotated[Caller | None, Depends(caller_if_any)]
Reader = Annotated[Actor, Depends(actor_with(Scope.EVENTS_READ))]

router = APIRouter(tags=["events"])


@router.get(
    "/v1/events",
    responses=STREAMED | documented("session_ended", "api_key_refused", *WALLET_PROBLEMS, *_ALWAYS),
    response_class=Response,
)
async def stream_events(
    interest: Interests,
    after: After,
    request: Request,
    caller: MaybeCaller,
    streams: SharedStreams,
    parts: ApiParts,
) -> Response:
    """Hear what the chain says of the market: in order, without a gap, and what it takes back.

    Server-sent events. Each is one event of the contract: its `id` is to be gone on with, its name
    is the topic (`drop`, `seat`, `listing`, `money`, `platform`), and its data says `kind`
    (`apply`, or `retract` when a reorganisation takes it back), `event` and `arguments` as in the
    ABI, and the block. Without a number a stream begins now. The last event of one that ends is
    `end`, with a `reason`.
    """
    feed = Feed(parts, interest)
    return await _opened(feed, after, streams, _whose(request, caller, parts))


@router.get(
    "/v1/me/events",
    responses=STREAMED | documented(*ACTOR_PROBLEMS, *_ALWAYS),
    response_class=Response,
)
async def stream_my_events(
    interest: Interests,
    after: After,
    request: Request,
    reader: Reader,
    streams: SharedStreams,
    parts: ApiParts,
) -> Response:
    """Hear what concerns you and the seats that you hold: as long as your session lasts.

    The events are those of `GET /v1/events`. A program may do it for you, with an API key that has
    the scope `events:read` and is limited to no drops.
    """
    if is_limited(reader):
        # Money and counters are of no drop, and what is taken back may be of one whose number is
        # another's by now: it could not be said which of it such a key is for.
        raise KeyLimited("Make one without a limit.")
    feed = Feed(parts, interest, _listener(request, reader))
    return await _opened(feed, after, streams, _whose(request, reader, parts))


async def _opened(
    feed: Feed, after: int | None, streams: Streams, whose: tuple[str, ...]
) -> Response:
    settings = feed.parts.settings
    return EventStream(
        Outbox(feed, await run_in_threadpool(feed.start, after)),
        listening=streams.listening,
        crowd=(streams.crowd, whose),
        pace=Pace(settings.stream_look_s, settings.stream_beat_s, settings.stream_stalled_s),
        breaths=streams.breaths,
    )


def _listener(request: Request, reader: Actor) -> Listener:
    if not isinstance(reader, ApiClient):
        return Listener(reader)
    return Listener(reader, request.headers["authorization"].partition(" ")[2])


def _whose(request: Request, actor: Actor | None, parts: Parts) -> tuple[str, ...]:
    account = () if actor is None else (actor.account,)
    if request.client is None or not parts.settings.limit_addresses:
        # Nobody's streams are then bounded by what all together have.
        return account
    # As quotas do: the addresses of one network are one customer's, who has as many as they like.
    return (peer_of(request.scope), *account)
