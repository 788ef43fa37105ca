"""Who may watch a recording, and who may add one: asked before the first byte, and again.

Owns what is behind the gate, and what is asked again while bytes flow: that the caller is still
signed in, that the recording is still there and the drop still the one, that the gate still opens.
Refuses rules: `api.gate` decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.auth import sessions
from api.auth.errors import SessionEnded
from api.errors import NotFound
from api.gate.decision import Via
from api.gate.values import Action, Anonymous, Holder, Mentor, Resource
from api.keys.keys import require_covered
from api.keys.values import ApiClient
from api.programme.programmes import programme_of
from api.programme.resources import recording_resource, session_of
from api.recordings.places import is_id, new_id
from api.recordings.reads import Recording, is_there, recording
from api.recordings.writes import Draft
from api.sessions.doors import pass_through
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from api.auth.actors import Actor, Caller
    from api.parts import Parts
    from api.programme.values import Programme
    from marketplace.domain.ids import DropId, SeatId


@dataclass(frozen=True, slots=True)
class Viewing:
    """Somebody before a recording; `seat` is what let them in."""

    recording: Recording
    resource: Resource
    caller: Caller | None
    seat: SeatId | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Under what it counts: a seat's owner may let many others watch by it."""
        account = () if self.caller is None else (self.caller.session.account,)
        return account if self.seat is None else (*account, f"seat {self.seat}")


def find(parts: Parts, recording_id: str) -> tuple[Recording, Programme]:
    """Find a recording of a drop that is still there, and the drop's programme.

    Raises:
        NotFound: there is none, or the drop's number is another drop's now, by its terms or its
            mentor.
        TermsUnpublished: what the drop's seats open is not known.
    """
    if not is_id(recording_id):
        raise NotFound("recording")
    with reading(parts.store) as connection:
        found = recording(connection, parts.mirror_id, recording_id)
    if found is None:
        raise NotFound("recording")
    programme = programme_of(parts, found.drop)
    if not found.is_of(programme):
        raise NotFound("recording")
    return found, programme


def begin(parts: Parts, caller: Caller | None, recording_id: str) -> Viewing:
    """Let somebody begin to watch.

    Raises:
        AccessDenied, MirrorBehind: the gate does not let them.
        NotFound, TermsUnpublished: as `find`.
    """
    found, programme = find(parts, recording_id)
    resource = recording_resource(programme, found.session, found.id)
    principal = Anonymous() if caller is None else Holder(caller.session.account)
    granted = pass_through(parts, principal, Action.WATCH_RECORDING, resource)
    return Viewing(found, resource, caller, granted.seat)


def go_on(parts: Parts, viewing: Viewing) -> None:
    """Let somebody go on watching.

    Raises:
        SessionEnded: they have signed out, or were signed out.
        NotFound: the recording was taken back.
        AccessDenied, MirrorBehind: the gate does not let them any more, or the drop is gone.
    """
    if viewing.caller is None or sessions.find(parts, viewing.caller.token) is None:
        raise SessionEnded
    if not is_there(parts.store, viewing.recording.id):
        raise NotFound("recording")
    watcher = Holder(viewing.caller.session.account)
    pass_through(parts, watcher, Action.WATCH_RECORDING, viewing.resource)


def shelf(programme: Programme, session: int) -> Resource:
    """Where the recordings of a session are put, and taken from.

    No seat opens it: whoever gets at it is the mentor, or whom the mentor has named.
    """
    return Resource(
        f"recordings of session {programme.drop}-{session}",
        programme.drop,
        terms_hash=programme.terms_hash,
        mentor=programme.mentor,
    )


def draft(
    parts: Parts, actor: Actor, drop: DropId, session: int, described: tuple[str, str]
) -> Draft:
    """Let a drop's mentor or co-host add a recording; `described` is its title and media type.

    A program acts for its account as the mentor alone: nobody lends on what they were lent.

    Raises:
        AccessDenied, MirrorBehind: it is for neither, or nothing is known.
        KeyOfOtherDrops: it is for the mentor, by a key that is limited to others.
        NotFound, TermsUnpublished: there is no such session.
    """
    programme = programme_of(parts, drop)
    session_of(programme, session)
    account = actor.account
    uploader = Mentor(account) if isinstance(actor, ApiClient) else Holder(account)
    granted = pass_through(parts, uploader, Action.WATCH_RECORDING, shelf(programme, session))
    require_covered(actor, drop, programme.terms_hash)
    title, media_type = described
    return Draft(
        id=new_id(),
        mirror=parts.mirror_id,
        drop=drop,
        terms_hash=programme.terms_hash,
        mentor=programme.mentor,
        session=session,
        title=title,
        media_type=media_type,
        uploaded_by=account,
        begun_at=parts.clock(),
        by_co_host=granted.via is Via.CO_HOST,
    )
