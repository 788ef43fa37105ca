"""The addresses of recordings.

Owns paths, headers and which problems each route names. Refuses rules. An upload's body is not
touched before its caller is known to be the drop's mentor or co-host.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.answers import documented
from api.auth.actors import Actor, Caller
from api.auth.caller import ACTOR_PROBLEMS, WALLET_PROBLEMS, actor_with, caller_if_any
from api.errors import FieldFault, InvalidRequest
from api.idempotency.asking import HEADER as KEY_HEADER
from api.idempotency.asking import (
    REPEAT_PROBLEMS,
    Given,
    once,
    sender_of,
)
from api.idempotency.attempts import Once
from api.keys.values import Scope
from api.logs import FAULTS
from api.push.crowd import Crowd
from api.recordings import removing, uploads, watching
from api.recordings.blocks import bytes_of
from api.recordings.bodies import MEDIA_TYPES, RecordingAnswer, Title
from api.recordings.digests import parse_repr_digest
from api.recordings.errors import MediaOff, MediaTypeRefused, UploadCut
from api.recordings.places import Media
from api.recordings.selecting import select
from api.recordings.streams import GuardedStream, Pace
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.sessions.parameters import (  # noqa: TC001 - FastAPI reads the annotations
    DropPath,
    SessionPath,
)
from marketplace.domain.ids import DropId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from api.parts import Parts

UPLOAD_PATH: Final = "/v1/drops/{drop}/sessions/{session}/recordings"
_MARGIN_S: Final = 60
_ALWAYS: Final = (
    "not_found",
    "terms_unpublished",
    "invalid_request",
    "storage",
    "storage_unreachable",
    "storage_locked",
    "mirror_missing",
    "mirror_incomplete",
)
_STREAM: Final = documented(
    "session_ended",
    "api_key_refused",
    *WALLET_PROBLEMS,
    *_ALWAYS,
    "access_denied",
    "precondition_failed",
    "range_not_satisfiable",
    "mirror_behind",
    "media_off",
    "media_unavailable",
    "streams_busy",
)
_BYTES: Final[dict[str, Any]] = {
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES}
}
_STREAMED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The whole recording.", **_BYTES},
    206: {"description": "The part that Range asked for.", **_BYTES},
    304: {"description": "If-None-Match names the recording as it is."},
    **_STREAM,
}


def media_of(request: Request) -> Media:
    """Give the places where recordings are kept.

    Raises:
        MediaOff: there are none.
    """
    media: Media | None = request.app.state.media
    if media is None:
        raise MediaOff
    return media


async def watchers_of(request: Request) -> Crowd:
    """Give the count of whoever is sent a recording by this application."""
    return cast("Crowd", request.app.state.watchers)


RecordingPath = Annotated[str, Path(max_length=64, description="Its id, as its session lists it.")]
MediaPlaces = Annotated[Media, Depends(media_of)]
Watchers = Annotated[Crowd, Depends(watchers_of)]
MaybeCaller = Annotated[Caller | None, Depends(caller_if_any)]


async def _swept(parts: Parts, media: Media) -> None:
    try:
        await uploads.sweep(parts, media)
    except Exception:  # noqa: BLE001 - logged; nobody asks the task for its error
        FAULTS.exception("What was left of uploads could not be cleared away.")


@asynccontextmanager
async def _sweeping(app: FastAPI) -> AsyncIterator[None]:
    """Remove, beside the first requests, what uploads have left that died with a process."""
    media: Media | None = app.state.media
    if media is None:
        yield
        return
    sweeping = asyncio.create_task(_swept(app.state.parts, media))
    try:
        yield
    finally:
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)


router = APIRouter(tags=["recordings"], lifespan=_sweeping)


Uploader = Annotated[Actor, Depends(actor_with(Scope.RECORDINGS_WRITE))]
Remover = Annotated[Actor, Depends(actor_with(Scope.RECORDINGS_REMOVE))]


def _one_upload(
    request: Request, parts: ApiParts, actor: Uploader, key: Given = None
) -> Iterator[Once]:
    announced = _announced(request)
    if key is not None and announced is None:
        # Nobody reads gigabytes to find out whether they are the same ones again.
        fault = f"with {KEY_HEADER}, say what will come: its SHA-256"
        raise InvalidRequest((FieldFault("/header/repr-digest", fault),))
    what = f"{_media_type(request)} {announced}".encode()
    # It must arrive in this time and may be copied in it again.
    lasts_s = 2 * parts.settings.upload_timeout_s + _MARGIN_S
    with once(request, parts, sender_of(request, actor), what, lasts_s=lasts_s) as attempt:
        yield attempt


OneUpload = Annotated[Once, Depends(_one_upload, scope="function")]


@router.post(
    UPLOAD_PATH,
    responses=documented(
        "upload_cut",
        "upload_too_slow",
        *ACTOR_PROBLEMS,
        *_ALWAYS,
        "access_denied",
        "co_host_removed",
        "body_too_slow",
        "rule_violated",
        "body_too_large",
        "media_type_refused",
        "digest_differs",
        "mirror_behind",
        "media_off",
        "media_unavailable",
        "uploads_busy",
        *REPEAT_PROBLEMS,
    ),
    openapi_extra={"requestBody": {"required": True, **_BYTES}},
    status_code=201,
)
async def upload_recording(  # noqa: PLR0913, PLR0917 - each is a part of the request
    drop: DropPath,
    session: SessionPath,
    title: Annotated[Title, Query()],
    request: Request,
    actor: Uploader,
    media: MediaPlaces,
    parts: ApiParts,
    attempt: OneUpload,
) -> RecordingAnswer:
    """Add a recording to a session: the body is the file itself.

    For the drop's mentor and its co-hosts. A program may do it for the mentor, with an API key that
    has the scope `recordings:write`. It counts once both its copies are verified. With
    `Repr-Digest` (RFC 9530) what arrives is held against what was meant; an `Idempotency-Key` needs
    it.
    """
    media_type = _media_type(request)
    announced = _announced(request)
    along = attempt.keeping(RecordingAnswer.of)
    drafted = await run_in_threadpool(
        watching.draft, parts, actor, DropId(drop), session, (title, media_type)
    )
    kept = await uploads.take_in(parts, media, drafted, _body(request), announced, along)
    return RecordingAnswer.of(kept)


@router.get("/v1/recordings/{recording}", responses=documented(*_ALWAYS))
def show_recording(recording: RecordingPath, parts: ApiParts) -> RecordingAnswer:
    """Show what is known of a recording. Its bytes are for those whom the gate lets watch."""
    found, _ = watching.find(parts, recording)
    return RecordingAnswer.of(found)


@router.delete(
    "/v1/recordings/{recording}",
    responses=documented(
        *ACTOR_PROBLEMS, *_ALWAYS, "access_denied", "co_host_removed", "mirror_behind", "media_off"
    ),
    status_code=204,
)
async def remove_recording(
    recording: RecordingPath, actor: Remover, media: MediaPlaces, parts: ApiParts
) -> None:
    """Take back a recording of a drop of yours, or one that you have added as its co-host.

    Its bytes are removed. A program may do it for the drop's mentor, with an API key that has the
    scope `recordings:remove`.
    """
    removal = await run_in_threadpool(removing.permit, parts, actor, recording)
    await removing.remove(parts, media, removal)


@router.get("/v1/recordings/{recording}/stream", responses=_STREAMED, response_class=Response)
async def stream_recording(
    recording: RecordingPath,
    request: Request,
    caller: MaybeCaller,
    media: MediaPlaces,
    watchers: Watchers,
    parts: ApiParts,
) -> Response:
    """Watch a recording, or a part of it.

    For whoever has a seat that opens it and their delegates, the drop's mentor and its co-hosts.
    The gate is asked before the first byte and again while bytes are sent: who loses the right
    meanwhile is cut off. `Range` takes one range of bytes; `If-Range`, `If-Match` and
    `If-None-Match` compare the ETag.
    """
    viewing = await run_in_threadpool(watching.begin, parts, caller, recording)
    selection = select(request.headers, viewing.recording, head=False)
    if selection.span is None:
        return Response(status_code=selection.status, headers=dict(selection.headers))
    return GuardedStream(
        bytes_of(parts, media, viewing.recording, selection.span),
        selection.status,
        selection.headers,
        may_go_on=partial(run_in_threadpool, watching.go_on, parts, viewing),
        pace=Pace(parts.settings.stream_recheck_s),
        place=watchers.one(viewing.names),
    )


@router.head("/v1/recordings/{recording}/stream", responses=_STREAMED, response_class=Response)
def describe_stream(
    recording: RecordingPath,
    request: Request,
    caller: MaybeCaller,
    media: MediaPlaces,
    parts: ApiParts,
) -> Response:
    """Say what watching a recording would send, without the bytes.

    For the same people, with the same headers.
    """
    del media
    viewing = watching.begin(parts, caller, recording)
    selection = select(request.headers, viewing.recording, head=True)
    return Response(status_code=selection.status, headers=dict(selection.headers))


async def _body(request: Request) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect as error:
        raise UploadCut from error


def _media_type(request: Request) -> str:
    sent = request.headers.get("content-type", "nothing").partition(";")[0].strip().lower()
    if sent not in MEDIA_TYPES:
        raise MediaTypeRefused(sent, tuple(MEDIA_TYPES))
    # What is kept are the bytes as they come: nothing is unpacked, and nothing is put together.
    for name, fault in (
        ("content-encoding", "send the recording as it is, without an encoding"),
        ("content-range", "a part cannot be sent: send the whole recording"),
    ):
        if request.headers.get(name, "identity") != "identity":
            raise InvalidRequest((FieldFault(f"/header/{name}", fault),))
    return sent


def _announced(request: Request) -> str | None:
    try:
        return parse_repr_digest(request.headers.getlist("repr-digest"))
    except ValueError as error:
        raise InvalidRequest((FieldFault("/header/repr-digest", str(error)),)) from error
