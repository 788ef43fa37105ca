"""What an answer to somebody who may watch holds: all of it, a part, or nothing.

Owns the order of the conditions (RFC 9110, 13.2.2) and the headers of each answer. Refuses to
decide who may watch: that comes first, and these headers say nothing to whoever may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.etags import has_current
from api.recordings.bodies import MEDIA_TYPES
from api.recordings.conditions import is_another, range_counts
from api.recordings.errors import PreconditionFailed, RangeNotSatisfiable
from api.recordings.ranges import Span, Unsatisfiable, parse_range, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from api.recordings.reads import Recording

    class Headers(Protocol):
        """A request's headers, by name in lower case."""

        def getlist(self, key: str) -> Sequence[str]:
            """All lines of a name."""


@dataclass(frozen=True, slots=True)
class Selection:
    """An answer without its bytes; `span` is None where there are none."""

    status: HTTPStatus
    headers: Mapping[str, str]
    span: Span | None


def select(asked: Headers, recording: Recording, *, head: bool) -> Selection:
    """Select what is sent.

    Args:
        asked: Of the request.
        recording: That is asked for.
        head: Whether only the headers are asked for; a range means nothing then (14.2).

    Raises:
        PreconditionFailed: If-Match names another file.
        RangeNotSatisfiable: no byte lies in the range.
    """
    etag, size = recording.etag, recording.size_bytes
    if is_another(asked.getlist("if-match"), etag):
        raise PreconditionFailed
    if has_current(",".join(asked.getlist("if-none-match")), etag):
        return Selection(HTTPStatus.NOT_MODIFIED, {"ETag": etag}, None)
    part: Span | Unsatisfiable | None = None
    if not head and range_counts(asked.getlist("if-range"), etag):
        part = parse_range(asked.getlist("range"), size)
    if isinstance(part, Unsatisfiable):
        raise RangeNotSatisfiable(size)
    span = part or whole(size)
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Length": str(span.length),
        "Content-Type": recording.media_type,
        "Content-Disposition": f'inline; filename="{_file_name(recording)}"',
        # The answer's default says it too; a recording must never lose it.
        "X-Content-Type-Options": "nosniff",
    }
    if part is not None:
        headers["Content-Range"] = part.content_range(size)
    status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
    return Selection(status, headers, None if head else span)


def _file_name(recording: Recording) -> str:
    # Made of numbers: titles are people's words, and headers and file systems misread those.
    ending = MEDIA_TYPES.get(recording.media_type, "bin")
    return f"drop-{recording.drop}-session-{recording.session}-{recording.id[:8]}.{ending}"
