"""Meetings, the way in, and recordings.

Owns the shapes. Refuses to show a ticket or an admission in a repr: whoever has one gets in.
"""

from __future__ import annotations

from dataclasses import field

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.answers.access import Decision
from marketplace.client.wire import ANSWER, Account, HashText, SeatText
from marketplace.domain.ids import DropId, TierIndex


@dataclass(frozen=True, config=ANSWER)
class ListedRecording:
    """A recording of a session."""

    recording: str
    title: str
    media_type: str
    size_bytes: int
    uploaded_at: AwareDatetime


@dataclass(frozen=True, config=ANSWER)
class DropSession:
    """A meeting and its recordings; from `opens_at` on seats of `tiers` let in."""

    drop: DropId
    session: int
    title: str
    kind: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    opens_at: AwareDatetime
    tiers: tuple[TierIndex, ...]
    recordings: tuple[ListedRecording, ...]


@dataclass(frozen=True, config=ANSWER)
class Ticket:
    """Lets one room admit the account once, within a minute."""

    ticket: str = field(repr=False)
    expires_at: AwareDatetime
    decision: Decision


@dataclass(frozen=True, config=ANSWER)
class Admission:
    """Somebody is in, until `expires_at` or until it is renewed.

    Attributes:
        admission_id: Under which `presences` tells of it; opens nothing.
    """

    admission: str = field(repr=False)
    admission_id: HashText
    account: Account
    seat: SeatText | None
    drop: DropId
    session: int
    expires_at: AwareDatetime
    decision: Decision


@dataclass(frozen=True, config=ANSWER)
class Renewal:
    """The admission goes on."""

    admission: str = field(repr=False)
    expires_at: AwareDatetime
    decision: Decision


@dataclass(frozen=True, config=ANSWER)
class Recording:
    """A recording that is available; `sha256` is of its bytes."""

    recording: str
    drop: DropId
    session: int
    title: str
    media_type: str
    size_bytes: int
    sha256: HashText
    uploaded_at: AwareDatetime


@dataclass(frozen=True, config=ANSWER)
class RecordingHead:
    """How long a recording is; `etag` names this version of its bytes."""

    media_type: str
    size_bytes: int
    etag: str | None
