"""Who may watch a recording, and who may add one: asked before the first byte, and again.

Owns what is behind the gate, and what is asked again while bytes flow: that the caller is still
signed in, that the drop is still the one, that the gate still opens. Refuses rules: `api.gate`
decides.
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
from api.recordings.reads import Recording, recording
from api.recordings.writes import Draft
from api.sessions.doors import pass_through
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from api.auth.caller import Actor, Caller
    from api.parts import Parts
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


def find(parts: Parts, recording_id: str) -> tuple[Recording, Resource]:
    """Find a recording of a drop that is still there.

    Raises:
        NotFound: there is none, or the drop's number is another drop's now, by its terms or its
            mentor.
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
    return found, recording_resource(programme, found.session, found.id)


def begin(parts: Parts, caller: Caller | None, recording_id: str) -> Viewing:
    """Let somebody begin to watch.

    Raises:
        AccessDenied, MirrorBehind: the gate does not let them.
        NotFound: as `find`.
    """
    found, resource = find(parts, recording_id)
    principal = Anonymous() if caller is None else Holder(caller.session.account)
    granted = pass_through(parts, principal, Action.WATCH_RECORDING, resource)
    return Viewing(found, resource, caller, granted.seat)


def go_on(parts: Parts, viewing: Viewing) -> None:
    """Let somebody go on watching.

    Raises:
        SessionEnded: they have signed out, or were signed out.
        AccessDenied, MirrorBehind: the gate does not let them any more, or the drop is gone.
    """
    if viewing.caller is None or sessions.find(parts, viewing.caller.token) is None:
        raise SessionEnded
    watcher = Holder(viewing.caller.session.account)
    pass_through(parts, watcher, Action.WATCH_RECORDING, viewing.resource)


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
    # No seat opens it: whoever gets at it is the mentor, or whom the mentor has named.
    shelf = Resource(
        f"recordings of session {drop}-{session}",
        drop,
        terms_hash=programme.terms_hash,
        mentor=programme.mentor,
    )
    account = actor.account
    uploader = Mentor(account) if isinstance(actor, ApiClient) else Holder(account)
    granted = pass_through(parts, uploader, Action.WATCH_RECORDING, shelf)
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
