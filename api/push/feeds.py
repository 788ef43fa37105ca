"""What a stream reads: the outbox from a number on, as far as it is for whoever listens.

Owns the reads, each in one transaction of the mirror, and the check that nothing lies between what
was told and what comes next. Refuses connections, HTTP and rules: `telling` and `cursors` have
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from api.auth import sessions
from api.auth.actors import Caller
from api.auth.errors import SessionEnded
from api.keys import keys
from api.keys.values import Scope
from api.push.cursors import Gone, Kept, begin
from api.push.errors import EventsGone
from api.push.telling import Holding, Topic, tell
from indexer.queries import (
    MirrorMissing,
    OutboxPruned,
    first_message,
    gate_facts,
    mirror_status,
    outbox_since,
    seats_named,
)
from marketplace.domain.ids import SeatId
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from api.auth.actors import Actor
    from api.parts import Parts
    from api.push.telling import Interest, Told
    from indexer.queries import Message
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

PAGE: Final = 100
"""Messages in one look: what a stream holds in memory at most."""

_LARGEST_SEAT: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look has found.

    Attributes:
        told: What is for whoever listens, in order.
        after: The last number that was looked at.
        more: Whether there may be more at once.
    """

    told: tuple[Told, ...]
    after: int
    more: bool


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody whose events are told, for as long as what they have shown is good.

    Attributes:
        actor: Whoever is signed in, or a program that acts for its account.
        key: The text of the program's key; empty where there is none.
    """

    actor: Actor
    key: str = field(default="", repr=False)

    def require_good(self, parts: Parts) -> None:
        """Return while it is.

        Raises:
            SessionEnded: the session is over.
            ApiKeyEnded: the key is.
        """
        if not isinstance(self.actor, Caller):
            keys.shown(parts, self.key, Scope.EVENTS_READ)
        elif sessions.find(parts, self.actor.token) is None:
            raise SessionEnded


@dataclass(frozen=True, slots=True)
class Feed:
    """The events of the market.

    Attributes:
        interest: Which of them.
        listener: Whose seats they must concern; None: everybody's.
    """

    parts: Parts
    interest: Interest
    listener: Listener | None = None

    def start(self, after: int | None) -> int:
        """The number after which to tell.

        Raises:
            MirrorMissing: there are none yet.
            EventsGone: there would be a gap.
        """
        with reading(self.parts.reads) as connection:
            return self._start(connection, after)

    def look(self, after: int) -> Seen:
        """Read what follows a number.

        Raises:
            SessionEnded, ApiKeyEnded: what the listener has shown is over.
            EventsGone: something in between is not kept any more.
        """
        if self.listener is not None:
            self.listener.require_good(self.parts)
        with reading(self.parts.reads) as connection:
            page = self._page(connection, after)
            told = [one for one in map(tell, page) if one is not None and self.interest.covers(one)]
            if self.listener is not None:
                holding = self._holding(connection, told, self.listener.actor.account)
                told = [one for one in told if holding.is_concerned_by(one)]
        return Seen(tuple(told), page[-1].seq if page else after, len(page) == PAGE)

    def _page(self, connection: Connection, after: int) -> tuple[Message, ...]:
        try:
            page = outbox_since(connection, self.parts.mirror_id, after + 1, limit=PAGE)
        except OutboxPruned:
            page = ()
        if not page or page[0].seq != after + 1:
            self._start(connection, after)
        return page

    def _start(self, connection: Connection, after: int | None) -> int:
        mirror = self.parts.mirror_id
        status = mirror_status(connection, mirror)
        if not status.live:
            # History is still being copied, and is told by nobody.
            raise MirrorMissing(mirror.chain_id, mirror.contract_set)
        found = begin(after, Kept(first_message(connection, mirror), status.next_seq))
        if isinstance(found, Gone):
            raise EventsGone(0 if after is None else after, found.go_on_after)
        return found

    def _holding(
        self, connection: Connection, told: Sequence[Told], account: ChecksumAddress
    ) -> Holding:
        mirror = self.parts.mirror_id
        drops = {one.drop for one in told if one.topic is Topic.DROP and one.drop is not None}
        asked = {one.first for one in told if one.first is not None and one.first < _LARGEST_SEAT}
        held: set[DropId] = set()
        if drops:
            facts = gate_facts(connection, mirror, account, drops)
            held = {SeatId(one.seat).drop for one in facts.seats}
        found = seats_named(connection, mirror, asked) if asked else ()
        owned = frozenset(one.id for one in found if one.owner == account)
        return Holding(account, frozenset(held), owned)
