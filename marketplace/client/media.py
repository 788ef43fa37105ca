"""Recordings on their way up and down.

Owns the streams: a file is sent piece by piece with its digest (RFC 9530), and read piece by piece
from any place on (RFC 9110). Refuses to hold a recording in memory, and to call what was cut whole.
"""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx

from marketplace.client import routes
from marketplace.client.answers.sessions import Recording, RecordingHead
from marketplace.client.errors import (
    AnswerUnexpected,
    ApiUnavailable,
    FileUnusable,
    RecordingCut,
)
from marketplace.client.transport import Whole, asked_of, bounded, media_type, parsed, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from marketplace.client.transport import Transport

MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".webm": "video/webm",
}
"""What a file is of, by the end of its name."""

_PIECE: Final = 256 * 1024
_CHECKING_S: Final = 120.0
"""How long the API may take to check both copies of an upload, in seconds."""

_RANGE: Final = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent.

    Attributes:
        media_type: None: by the end of the file's name.
    """

    path: Path
    title: str
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingStream:
    """A part of a recording, on its way.

    Attributes:
        first: The first byte of the part, counted from 0.
        last: Its last byte.
        size_bytes: Of the whole recording.
        chunks: The bytes, once. Raises RecordingCut where they break off.
    """

    media_type: str
    etag: str | None
    first: int
    last: int
    size_bytes: int
    chunks: Iterator[bytes]


def upload(transport: Transport, segments: Mapping[str, int], asked: Upload) -> Recording:
    """Send a file; raises FileUnusable and as `Transport.ask`."""
    path = asked.path
    kind = asked.media_type or MEDIA_TYPES.get(path.suffix.lower())
    if kind is None:
        raise FileUnusable(str(path), f"its name ends in none of {', '.join(MEDIA_TYPES)}")
    try:
        digest = hashlib.sha256()
        size = 0
        for piece in _pieces(path):
            digest.update(piece)
            size += len(piece)
        request = transport.request(
            routes.UPLOAD,
            segments,
            query={"title": asked.title},
            headers={
                "Content-Type": kind,
                "Content-Length": str(size),
                "Repr-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
            },
            content=_pieces(path),
        )
        request.extensions["timeout"] = {**request.extensions["timeout"], "read": _CHECKING_S}
        with transport.streamed(request) as answer, typed(request):
            octets = bounded(request, answer)
    except OSError as error:
        raise FileUnusable(str(path), error.strerror or type(error).__name__) from error
    return parsed(routes.UPLOAD, Whole(answer.headers, octets))


def head(transport: Transport, recording: str) -> RecordingHead:
    """Ask how long a recording is, without its bytes; raises as `Transport.ask`."""
    request = transport.request(routes.STREAM_HEAD, {"recording": recording})
    with transport.streamed(request) as answer:
        return RecordingHead(
            media_type(answer.headers), _length(request, answer), answer.headers.get("ETag")
        )


@contextmanager
def stream(
    transport: Transport, recording: str, first: int, last: int | None
) -> Iterator[RecordingStream]:
    """Open a recording from a byte on, to another or to the end; raises as `Transport.ask`."""
    headers = {} if first == 0 and last is None else {"Range": f"bytes={first}-{_text(last)}"}
    request = transport.request(routes.STREAM, {"recording": recording}, headers=headers)
    with transport.streamed(request) as answer:
        if "Content-Encoding" in answer.headers:
            raise AnswerUnexpected(asked_of(request), "it is compressed")
        length = _length(request, answer)
        began, ended, size = _part(request, answer, length)
        if (headers and began != first) or ended - began + 1 != length:
            raise AnswerUnexpected(asked_of(request), "it is another part than was asked for")
        yield RecordingStream(
            media_type(answer.headers),
            answer.headers.get("ETag"),
            began,
            ended,
            size,
            _chunks(answer, length),
        )


def _part(request: httpx.Request, answer: httpx.Response, length: int) -> tuple[int, int, int]:
    if answer.status_code != httpx.codes.PARTIAL_CONTENT:
        # Whoever knows no ranges sends the whole, and may (RFC 9110, 14.2).
        return 0, length - 1, length
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if found is None:
        raise AnswerUnexpected(asked_of(request), "it does not say which part it is")
    began, ended, size = (int(one) for one in found.groups())
    return began, ended, size


def _length(request: httpx.Request, answer: httpx.Response) -> int:
    text = answer.headers.get("Content-Length", "")
    if not (text.isascii() and text.isdecimal()):
        raise AnswerUnexpected(asked_of(request), "it does not say how long it is")
    return int(text)


def _chunks(answer: httpx.Response, length: int) -> Iterator[bytes]:
    received = 0
    try:
        with typed(answer.request):
            for chunk in answer.iter_bytes():
                received += len(chunk)
                yield chunk
    except ApiUnavailable as error:
        raise RecordingCut(received, length) from error
    if received != length:
        raise RecordingCut(received, length)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _text(last: int | None) -> str:
    return "" if last is None else str(last)
