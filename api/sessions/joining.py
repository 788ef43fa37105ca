"""From a seat to being in a session's room, and staying there.

Owns the three steps and their transactions: a ticket for whoever the gate lets in, an admission for
whoever brings the ticket and is let in again, and its renewal. The gate is asked at each step, for
that account and that session: what was true at the step before may have been sold since. Refuses
HTTP, and to keep what anybody holds; that a seat was in a session is kept by `api.attendance`, in
the commit of the admission.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from api.attendance import writes as attendance
from api.attendance.places import giving_way
from api.attendance.values import Attendance
from api.errors import NotFound
from api.gate.asking import MirrorBehind, required
from api.gate.decision import UNKNOWING, Denied, Reason, Via
from api.gate.remedies import WaitForBlock
from api.gate.values import Action, Anonymous, Holder, Level, Resource
from api.idempotency.attempts import nothing_along
from api.programme.programmes import programme_of
from api.programme.resources import session_resource
from api.sessions import writes
from api.sessions.doors import ask, ask_again, pass_through, programme_seen
from api.sessions.errors import AdmissionEnded, AdmissionReplaced, TicketSpent
from api.sessions.tokens import Pass, hash_of, new_secret
from api.sessions.writes import Admission, EndedBy, RoomKey, Ticket
from api.wire import moment
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from api.gate.decision import Granted
    from api.idempotency.attempts import Along
    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

TICKET_S: Final = 60
"""Seconds for which a ticket may wait, unless the lease that it rests on is shorter."""

KEPT: Final = timedelta(minutes=10)
"""For how long it can be told why an admission ended. A room asks every 30 seconds; whoever may
come in may come in as often as they like, and the tables must not keep a day of that."""


@dataclass(frozen=True, slots=True)
class GivenTicket:
    """A ticket; the secret is shown this once."""

    secret: str
    ticket: Ticket
    granted: Granted


@dataclass(frozen=True, slots=True)
class GivenAdmission:
    """An admission and what it rests on now."""

    secret: str
    admission: Admission
    granted: Granted

    @property
    def public_id(self) -> str:
        """Names it to the room and opens nothing: the hash under which it is kept."""
        return hash_of(Pass.ADMISSION, self.secret)


def join(
    parts: Parts,
    account: ChecksumAddress,
    drop: DropId,
    session: int,
    least_block: int,
    along: Along[GivenTicket] = nothing_along,
) -> GivenTicket:
    """Give a ticket to somebody whom the gate lets in, and keep what is to be kept along.

    Raises:
        AccessDenied, MirrorBehind: it does not, or does not know.
        NotFound, TermsUnpublished: there is no such session.
    """
    programme = programme_seen(parts, drop, least_block)
    room = session_resource(programme, session)
    granted = pass_through(
        parts, Holder(account), Action.ENTER_SESSION, room, least_block=least_block
    )
    now = parts.clock()
    # The lease is shorter than a ticket's time today; it need not stay so.
    until = min(now + timedelta(seconds=TICKET_S), moment(granted.expires_at))
    key = RoomKey(parts.mirror_id, drop, programme.terms_hash, session)
    ticket = Ticket(key, account, now, max(now, until), granted.block.number)
    secret = new_secret()
    given = GivenTicket(secret, ticket, granted)
    with writing(parts.store) as connection:
        writes.clear(connection, now - KEPT)
        writes.keep_ticket(connection, hash_of(Pass.TICKET, secret), ticket)
        along(connection, given)
    return given


def require_waiting(parts: Parts, ticket_secret: str) -> None:
    """Refuse what is no ticket, or is spent, without writing anything. Raises TicketSpent."""
    token_hash = hash_of(Pass.TICKET, ticket_secret)
    with reading(parts.store) as connection:
        if not writes.is_waiting(connection, parts.mirror_id, token_hash):
            raise TicketSpent


def redeem(
    parts: Parts, ticket_secret: str, along: Along[GivenAdmission] = nothing_along
) -> GivenAdmission:
    """Let the bearer of a ticket in. The ticket is spent, whatever comes of it.

    Also where nothing is known: whoever brought it joins again, with the block that is named.

    Raises:
        TicketSpent: it was spent before, is too old, or its drop is another by now.
        AccessDenied: the gate does not let its account in any more.
        MirrorBehind: nothing is known, or less than of whoever is in by the same right, or as much
            on another branch.
    """
    now = parts.clock()
    with writing(parts.store) as connection:
        ticket = writes.use_ticket(
            connection, parts.mirror_id, hash_of(Pass.TICKET, ticket_secret), now
        )
    if ticket is None or ticket.expires_at <= now:
        raise TicketSpent
    room = _room_of(parts, ticket.room)
    if room is None:
        raise TicketSpent
    granted = required(ask_again(parts, ticket.account, room, ticket.block))
    block, block_hash = _resting_on(granted, ticket.block, None)
    admission = Admission(
        room=ticket.room,
        account=ticket.account,
        presence=_presence(granted, ticket.account),
        admitted_at=now,
        expires_at=max(now, moment(granted.expires_at)),
        block=block,
        block_hash=block_hash,
    )
    secret = new_secret()
    given = GivenAdmission(secret, admission, granted)
    came = _coming(parts, admission, room, granted, now)
    with writing(parts.store) as connection:
        writes.clear(connection, now - KEPT)
        _require_newest(connection, admission, granted, now)
        writes.admit(connection, hash_of(Pass.ADMISSION, secret), admission)
        _keep_attendance(connection, came)
        along(connection, given)
    return given


def renew(parts: Parts, secret: str) -> GivenAdmission:
    """Let somebody stay.

    Raises:
        AdmissionReplaced: the same right has come in again elsewhere.
        AdmissionEnded: it is over, or there never was one.
        AccessDenied: the gate does not let them stay; the admission is ended.
        MirrorBehind: nothing is known, or less than of whoever is in by the same right, or as much
            on another branch; the admission lasts as long as it did.
    """
    token_hash = hash_of(Pass.ADMISSION, secret)
    now = parts.clock()
    with reading(parts.store) as connection:
        found = writes.find_admission(connection, parts.mirror_id, token_hash)
    admission = _lasting(found)
    if admission.expires_at <= now:
        _end(parts, token_hash, EndedBy.LAPSED, now)
        raise AdmissionEnded
    room = _room_of(parts, admission.room)
    if room is None:
        _end(parts, token_hash, EndedBy.DENIED, now)
        raise AdmissionEnded
    decision = ask_again(parts, admission.account, room, admission.block)
    if isinstance(decision, Denied) and decision.reason not in UNKNOWING:
        _end(parts, token_hash, EndedBy.DENIED, now)
    granted = required(decision)
    block, block_hash = _resting_on(granted, admission.block, admission.block_hash)
    renewed = replace(
        admission,
        presence=_presence(granted, admission.account),
        expires_at=max(now, moment(granted.expires_at)),
        block=block,
        block_hash=block_hash,
    )
    # It may rest on another seat than before, which is in the room now.
    came = _coming(parts, renewed, room, granted, now)
    with writing(parts.store) as connection:
        _require_newest(connection, renewed, granted, now)
        if not writes.extend(connection, token_hash, renewed, now):
            # While the gate was asked somebody came in by the same right, or a room that listens
            # was told to let them go.
            _lasting(writes.find_admission(connection, parts.mirror_id, token_hash))
            raise AdmissionEnded
        _keep_attendance(connection, came)
    return GivenAdmission(secret, renewed, granted)


def _lasting(found: Admission | None) -> Admission:
    if found is None:
        raise AdmissionEnded
    match found.ended_by:
        case None:
            return found
        case EndedBy.REPLACED:
            raise AdmissionReplaced
        case EndedBy.DENIED | EndedBy.LAPSED:
            raise AdmissionEnded


def _end(parts: Parts, token_hash: str, why: EndedBy, now: datetime) -> None:
    with writing(parts.store) as connection:
        writes.end(connection, token_hash, why, now)


def _room_of(parts: Parts, key: RoomKey) -> Resource | None:
    """The room that something was given out for; None when the drop's number is another's now.

    Raises:
        MirrorBehind: the drop is not there. It was before, so it may be back in a second.
    """
    try:
        programme = programme_of(parts, key.drop)
    except NotFound:
        nothing = Resource(f"drop {key.drop}", key.drop, terms_hash=key.terms_hash)
        asked = ask(parts, Anonymous(), Action.ENTER_SESSION, nothing)
        if isinstance(asked, Denied) and asked.reason in UNKNOWING:
            required(asked)
        programme = programme_of(parts, key.drop)
    if programme.terms_hash != key.terms_hash:
        return None
    return session_resource(programme, key.session)


def _resting_on(granted: Granted, block: int, block_hash: str | None) -> tuple[int, str | None]:
    """Number and hash of the block that somebody is in by: the decision's, unless theirs is newer.

    A ticket keeps no hash, since nobody's place is taken by it alone.
    """
    own = granted.block
    return (block, block_hash) if block > own.number else (own.number, own.block_hash)


def _require_newest(
    connection: Connection, wanted: Admission, granted: Granted, now: datetime
) -> None:
    """Refuse to take somebody's place on an older block than theirs. Raises MirrorBehind.

    Another process may have a newer one, and here the seat's former owner is its owner still; or
    the block came since the gate was asked. At their height on another branch the sale may be
    missing too, whichever of the two is left in the end. The same block is no reason: a delegate
    takes the owner's place, also while the chain stands still.
    """
    number, block_hash = writes.newest_block_of_others(connection, wanted, now)
    own = granted.block
    elsewhere = number == own.number and block_hash not in {None, own.block_hash}
    if number > own.number or elsewhere:
        remedy = WaitForBlock(number, Level.LATEST)
        second = int(now.timestamp())
        raise MirrorBehind(
            Denied(Reason.MIRROR_BEHIND, remedy, Level.LATEST, granted.block, second)
        )


@dataclass(frozen=True, slots=True)
class _Coming:
    """What is kept of a seat's attendance, and of which holder nothing is any more."""

    attended: Attendance
    instead_of: ChecksumAddress | None


def _coming(
    parts: Parts, admission: Admission, room: Resource, granted: Granted, now: datetime
) -> _Coming | None:
    """That a seat comes into a session; None for whoever comes without, whatever seats they have.

    Mentors, co-hosts and verifiers do.
    """
    if granted.seat is None or granted.holder is None or room.mentor is None:
        return None
    attended = Attendance(
        mirror=admission.room.mirror,
        seat=granted.seat,
        session=admission.room.session,
        terms_hash=admission.room.terms_hash,
        mentor=room.mentor,
        holder=granted.holder,
        account=admission.account,
        via=granted.via,
        attended_at=now,
        block_number=granted.block.number,
        block_hash=granted.block.block_hash,
    )
    return _Coming(attended, giving_way(parts, attended))


def _keep_attendance(connection: Connection, came: _Coming | None) -> None:
    """Keep that a seat was in a session, in the commit that lets somebody be there by it."""
    if came is not None:
        attendance.keep(connection, came.attended, came.instead_of)


def _presence(granted: Granted, account: ChecksumAddress) -> str:
    return account if granted.via is Via.MENTOR or granted.seat is None else str(granted.seat)
