"""The JSON of recordings, and what an upload says of itself.

Owns the shapes, the list of media types and what a title may be. Refuses rules: these objects only
carry.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import BeforeValidator, Field

from api.wire import Moment, WireModel
from marketplace.launch.schema import MAX_LINE, read_line

if TYPE_CHECKING:
    from api.recordings.reads import Recording

MEDIA_TYPES: Final = MappingProxyType(
    {
        "audio/flac": "flac",
        "audio/mp4": "m4a",
        "audio/mpeg": "mp3",
        "audio/ogg": "ogg",
        "audio/wav": "wav",
        "audio/webm": "weba",
        "video/mp4": "mp4",
        "video/ogg": "ogv",
        "video/webm": "webm",
    }
)
"""What is taken in, and how such a file's name ends. None of them runs in a browser."""

Title = Annotated[
    str,
    BeforeValidator(read_line),
    Field(description=f"For people: one line of at most {MAX_LINE} letters."),
]


class RecordingRow(WireModel):
    """A recording in the list of its session."""

    recording: str
    """Its id, by which it is shown, streamed and removed."""

    title: str
    media_type: str
    """Of the file, as it was sent: `video/mp4` and the like."""

    size_bytes: int
    """How long the file is, in bytes."""

    uploaded_at: Moment
    """When both its copies were there, in UTC."""

    @classmethod
    def of(cls, recording: Recording) -> Self:
        """Write a recording."""
        return cls(
            recording=recording.id,
            title=recording.title,
            media_type=recording.media_type,
            size_bytes=recording.size_bytes,
            uploaded_at=recording.available_at,
        )


class RecordingAnswer(RecordingRow):
    """What is known of a recording; its bytes are for those whom the gate lets watch."""

    drop: int
    session: int
    """The session's number in the terms, from 1."""

    sha256: str
    """Of its bytes: `0x` and 64 hex digits."""

    @classmethod
    def of(cls, recording: Recording) -> Self:
        """Write a recording."""
        return cls(
            recording=recording.id,
            drop=recording.drop,
            session=recording.session,
            title=recording.title,
            media_type=recording.media_type,
            size_bytes=recording.size_bytes,
            sha256=recording.sha256,
            uploaded_at=recording.available_at,
        )
