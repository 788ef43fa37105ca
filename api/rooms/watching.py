"""Looking at a room: who is in, whom the gate lets in no longer, who has left otherwise.

Owns one stream's place in it. Each look is a page of the room's admissions: the gate is asked about
all of them that live, on one block; whom it denies is out, in the tables, so that a renewal in any
process is refused from then on; and whoever is out by now, by whatever has ended it, is told once.
Nothing has to be remembered for a room that comes back: a stream begins with all that has ended and
is still kept. Refuses connections and HTTP, and to end anybody while nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from api.errors import NotFound
from api.gate.asking import gate_of
from api.gate.decision import UNKNOWING, Denied, Reason
from api.gate.values import Action
from api.keys import keys
from api.keys.values import Scope
from api.programme.errors import TermsUnpublished
from api.programme.programmes import programmes_of
from api.programme.resources import session_resource
from api.push import lines
from api.push.sources import Look
from api.rooms.bodies import BehindBody, LeaveBody, LevelBody
from api.rooms.reads import presences_of
from api.sessions.joining import KEPT
from api.sessions.writes import EndedBy, RoomKey, end_denied, end_lapsed
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from api.gate.values import BlockFacts, Resource
    from api.keys.values import ApiClient
    from api.parts import Parts
    from api.rooms.reads import Place, Presence
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

PAGE: Final = 500
"""Admissions that the gate is asked about at once."""

_MARGIN: Final = timedelta(minutes=1)
"""For how long after its lease would have ended an admission is looked at again: clocks of two
machines differ, and a look may wait."""


@dataclass(frozen=True, slots=True)
class Door:
    """A room, and the key by which it listens.

    Attributes:
        text: Of the API key.
        drop: Whose session it is.
        session: Its number in the terms.
    """

    parts: Parts
    drop: DropId
    session: int
    text: str = field(repr=False)

    def shown(self) -> ApiClient:
        """The program that listens. Raises as `api.keys.keys.shown`."""
        return keys.shown(self.parts, self.text, Scope.ACCESS_CHECK)

    def room(self, client: ApiClient) -> tuple[RoomKey, Resource]:
        """The room, for who may ask at this moment who gets in.

        Raises:
            NotFound, TermsUnpublished: there is no such session.
            MentorRequired, KeyOfOtherDrops: the drop is not the key's.
            MirrorMissing, StorageError: nothing can be read.
        """
        mirrored = keys.led_drop(self.parts, client, self.drop)
        terms_hash = mirrored.drop.terms_hash
        programme = programmes_of(self.parts, (mirrored,)).get(self.drop)
        if programme is None:
            raise TermsUnpublished(self.drop, terms_hash)
        resource = session_resource(programme, self.session)
        return RoomKey(self.parts.mirror_id, self.drop, terms_hash, self.session), resource


class Watch:
    """What one stream has told of a room.

    Args:
        door: The room, and who listens.
        key: The room as it was when the stream was opened.
    """

    def __init__(self, door: Door, key: RoomKey) -> None:
        self._door = door
        self._key = key
        self._told: dict[str, datetime] = {}
        self._since: datetime | None = None
        self._next_since: datetime | None = None
        self._after: Place | None = None
        self._block: BlockFacts | None = None
        self._unsure = self._level = False
        self._behind: Reason | None = None

    def alive(self) -> str:
        """Show that the connection lives."""
        return lines.alive()

    def look(self) -> Look:
        """Look at a page of the room, the first one after the last.

        Raises:
            ApiKeyEnded, ScopeMissing, MentorRequired, KeyOfOtherDrops: the key is good no more.
            NotFound, TermsUnpublished: the room is there no more, or the number is another drop's.
            MirrorMissing, StorageError: nothing can be read or kept.
        """
        parts = self._door.parts
        key, resource = self._door.room(self._door.shown())
        if key != self._key:
            raise NotFound("drop")
        now = parts.clock()
        since = self._since or now - KEPT
        with reading(parts.store) as connection:
            page = presences_of(connection, key, since, self._after, PAGE)
        more = len(page) == PAGE
        told = [*self._ended(page, now), *self._denied(page, resource, now)]
        if more:
            self._after = page[-1].expires_at, page[-1].id
        else:
            told += self._turned(since, now)
        return Look("".join(told), more)

    def _ended(self, page: Sequence[Presence], now: datetime) -> Iterator[str]:
        """Tell of those that are over without the gate's having to say so."""
        for one in page:
            if one.ended_by is not None and one.id not in self._told:
                yield self._leave(one, one.ended_by)
        late = {one.id: one for one in page if one.ended_by is None and one.expires_at <= now}
        if late:
            with writing(self._door.parts.store) as connection:
                lapsed = end_lapsed(connection, late.keys(), now)
            for token_hash in sorted(lapsed):
                yield self._leave(late[token_hash], EndedBy.LAPSED)

    def _denied(self, page: Sequence[Presence], resource: Resource, now: datetime) -> Iterator[str]:
        """Ask the gate about those who are in, end those whom it denies, and tell of them."""
        parts = self._door.parts
        living = [one for one in page if one.ended_by is None and one.expires_at > now]
        known: dict[ChecksumAddress, int] = {}
        for one in living:
            known[one.account] = max(one.block, known.get(one.account, 0))
        level, found = gate_of(parts).ask_of_each(
            known, Action.ENTER_SESSION, resource, now=parts.now
        )
        decisions = ((one, found[one.account]) for one in living)
        denied = {one: no for one, no in decisions if isinstance(no, Denied)}
        out = {one: no for one, no in denied.items() if no.reason not in UNKNOWING}
        if out:
            with writing(parts.store) as connection:
                end_denied(connection, [one.id for one in out], now)
        for one, no in out.items():
            yield self._leave(one, EndedBy.DENIED, no)
        yield from self._known(level, denied)

    def _known(
        self, level: BlockFacts | Denied, denied: Mapping[Presence, Denied]
    ) -> Iterator[str]:
        unknown = [no for no in denied.values() if no.reason in UNKNOWING]
        if isinstance(level, Denied):
            unknown.insert(0, level)
        else:
            self._block = level
        if unknown:
            self._unsure, self._level = True, False
            if unknown[0].reason is not self._behind:
                self._behind = unknown[0].reason
                yield lines.told("behind", BehindBody.of(unknown[0]).model_dump_json())

    def _turned(self, since: datetime, now: datetime) -> Iterator[str]:
        """Come to the end of the room: the next look begins anew."""
        # Whoever was found in this round is looked at once more, however late it was: what
        # somebody else has ended while we looked is told then.
        self._since, self._next_since = self._next_since or since, now - _MARGIN
        self._after = None
        self._told = {one: ends for one, ends in self._told.items() if ends > self._since}
        block = None if self._unsure else self._block
        self._unsure = False
        if block is not None and not self._level:
            self._level, self._behind = True, None
            yield lines.told("level", LevelBody.of(block).model_dump_json())

    def _leave(self, one: Presence, why: EndedBy, denied: Denied | None = None) -> str:
        self._told[one.id] = one.expires_at
        return lines.told("leave", LeaveBody.of(one.id, why, denied).model_dump_json())
