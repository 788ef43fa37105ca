"""An outbox that says what a test puts into it, endpoints that hear of it, and who waits; no chain.

Refuses assertions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from api.webhooks import branches, enlisting, writes
from api.webhooks.messages import EventType
from api.webhooks.values import Endpoint, State
from indexer.queries import DropFact
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.storage.transactions import reading, writing
from tests.integration.api.world import START
from tests.integration.marketplace.world import address_of
from tests.unit.api.push.messages import ADA, NOBODY, SEAT, transfer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    import pytest
    from sqlalchemy import Connection, Engine

    from api.parts import Parts
    from indexer.queries import Message, MirrorId
    from marketplace.domain.ids import DropId

DROP: Final = SeatId(SEAT).drop
TERMS: Final = "0x" + "11" * 32


@dataclass(frozen=True)
class _Status:
    next_seq: int
    live: bool = True


@dataclass(frozen=True)
class _Facts:
    drops: tuple[DropFact, ...]


def moved(seq: int) -> Message:
    """A mint, with a place of its own on the chain."""
    return replace(transfer(NOBODY, ADA, seq=seq), log_index=seq)


def drop_of(name: str) -> DropFact:
    """The drop that the messages are about, of a named mentor."""
    return DropFact(DROP, address_of(name), ChecksumAddress(NOBODY), 0, TERMS)


@dataclass
class ToldOutbox:
    """Stands in for the mirror where messages are enlisted.

    Attributes:
        messages: What it keeps, the oldest first.
        drops: What the mirror knows of.
    """

    messages: list[Message] = field(default_factory=lambda: [moved(1)])
    drops: tuple[DropFact, ...] = field(default_factory=lambda: (drop_of("mentor"),))

    def heard(self, monkeypatch: pytest.MonkeyPatch) -> ToldOutbox:
        """Let this be what is enlisted from."""
        monkeypatch.setattr(enlisting, "mirror_status", self._status)
        monkeypatch.setattr(enlisting, "first_message", lambda *_: self.messages[0].seq)
        for module in (enlisting, branches):
            monkeypatch.setattr(module, "outbox_since", self._since)
        monkeypatch.setattr(enlisting, "gate_facts", self._facts)
        return self

    def _status(self, *_: object) -> _Status:
        return _Status(self.messages[-1].seq + 1)

    def _since(self, _: Connection, __: MirrorId, seq: int, *, limit: int) -> tuple[Message, ...]:
        return tuple(one for one in self.messages if one.seq >= seq)[:limit]

    def _facts(self, _: Connection, __: MirrorId, ___: None, named: Collection[DropId]) -> _Facts:
        return _Facts(tuple(one for one in self.drops if one.drop in named))


def hearing_endpoint(
    parts: Parts,
    owner: str = "mentor",
    url: str = "http://127.0.0.1:9/hook",
    *,
    events: Collection[str] = frozenset({EventType.SEAT_MOVED.value}),
    drops: Mapping[DropId, str] | None = None,
) -> Endpoint:
    """Register an endpoint of a named account's that hears of seats that move, or of `events`."""
    made = Endpoint(
        id=writes.new_id("whe"),
        mirror=parts.mirror_id,
        owner=address_of(owner),
        url=url,
        events=frozenset(events),
        drops=drops or {},
        version=1,
        generation=1,
        created_at=START,
    )
    with writing(parts.store) as store:
        writes.add_endpoint(store, made)
    return made


def waiting(endpoint_id: str, seq: int, due_at: datetime = START) -> Mapping[str, object]:
    """A message that waits to be sent to an endpoint."""
    return {
        "id": writes.new_id("dlv"),
        "endpoint_id": endpoint_id,
        "message_id": writes.new_id("msg"),
        "seq": seq,
        "name": EventType.SEAT_MOVED.value,
        "type": EventType.SEAT_MOVED.value,
        "block_hash": "0x" + "ab" * 32,
        "log_index": 0,
        "payload": "{}",
        "state": State.WAITING.value,
        "created_at": START,
        "begun_at": START,
        "due_at": due_at,
        "attempts": 0,
    }


def waits_for_locks(engine: Engine) -> int:
    """How many transactions of a PostgreSQL database wait for another."""
    statement = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with reading(engine) as connection:
        return int(connection.scalar(statement) or 0)
