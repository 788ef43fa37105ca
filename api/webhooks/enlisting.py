"""From the outbox to messages that wait to be sent.

Owns the order and the transaction: of all processes one looks at a time, and what was looked at and
what is to be sent are written together, so that nothing is sent twice under two ids and nothing is
left out. Refuses to send.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from api.logs import FAULTS
from api.push.cursors import Gone, Kept, begin
from api.webhooks import branches, reads, writes
from api.webhooks.messages import EventType, news_of, regained
from api.webhooks.values import State
from indexer.queries import first_message, gate_facts, mirror_status, outbox_since
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from api.parts import Parts
    from api.webhooks.messages import News
    from api.webhooks.values import Endpoint
    from indexer.queries import DropFact, Message
    from marketplace.domain.ids import DropId

PAGE: Final = 200
"""Messages of the outbox in one transaction."""

_BACK: Final = 1_000
"""Messages of the outbox after which nobody looks any more for a loss that a move takes back."""

KEPT: Final = timedelta(days=30)
"""For how long it can be looked up, and sent again, what was sent."""


def enlist(parts: Parts) -> bool:
    """Look at what the outbox has that nobody has looked at; whether there may be more.

    Raises:
        MirrorMissing, StorageError: nothing can be read, or written.
    """
    with reading(parts.reads) as mirror:
        status = mirror_status(mirror, parts.mirror_id)
    with reading(parts.store) as store:
        if not status.live or reads.cursor(store, parts.mirror_id) == status.next_seq - 1:
            return False
    with writing(parts.store) as store:
        writes.hold_outbox(store, parts.mirror_id)
        found = reads.cursor(store, parts.mirror_id)
        # Under the lock: somebody else may have gone further meanwhile.
        with reading(parts.reads) as mirror:
            after = _start(mirror, parts, found)
            page = outbox_since(mirror, parts.mirror_id, after + 1, limit=PAGE)
            said = [news for message in page for news in news_of(message)]
            drops = _drops(mirror, parts, {news.drop for news in said})
            gone = branches.gone_after(mirror, parts.mirror_id, page)
        if said:
            _tell(store, parts, said, drops, gone)
            # After the endpoints are held: whoever removes one waits for its messages as well.
            writes.clear(store, parts.clock() - KEPT)
        writes.move_cursor(store, parts.mirror_id, page[-1].seq if page else after)
    return len(page) == PAGE


def _start(mirror: Connection, parts: Parts, found: int | None) -> int:
    status = mirror_status(mirror, parts.mirror_id)
    begun = begin(found, Kept(first_message(mirror, parts.mirror_id), status.next_seq))
    if isinstance(begun, Gone):
        FAULTS.error(
            "Webhooks go on after message %s: what followed %s is not kept any more.",
            begun.go_on_after,
            found,
        )
        return begun.go_on_after
    return begun


def _drops(
    mirror: Connection, parts: Parts, named: Collection[DropId]
) -> Mapping[DropId, DropFact]:
    if not named:
        return {}
    facts = gate_facts(mirror, parts.mirror_id, None, named)
    return {one.drop: one for one in facts.drops}


def _tell(
    store: Connection,
    parts: Parts,
    said: Sequence[News],
    drops: Mapping[DropId, DropFact],
    gone: branches.Gone,
) -> None:
    owners = {one.mentor for one in drops.values()} | set(gone.mentors)
    endpoints = reads.hold_enabled(store, parts.mirror_id, owners)
    lost = _lost_before(store, endpoints, said)
    for news in said:
        # One after another: what takes something back may follow it in the same page.
        drop, message = drops.get(news.drop), news.message
        if news.kind == "retract":
            rows = list(_taken_back(store, parts, news))
        else:
            if message.kind == "retract":
                drop = gone.drop_at(message.seq, news.drop, drop)
                lost.add(news.name)
            terms_hash = None if drop is None else drop.terms_hash
            wanting = (one for one in endpoints if one.wish.wants(news, drop))
            rows = [_row(parts, one, news, terms_hash) for one in wanting]
        back = regained(message) if news.type is EventType.SEAT_MOVED else None
        if back is not None and back.name in lost and drop is not None:
            rows += _had_again(store, parts, back, drop, endpoints)
        writes.add_deliveries(store, rows)


def _lost_before(
    store: Connection, endpoints: Sequence[Endpoint], said: Sequence[News]
) -> set[str]:
    """Under which names it was told that somebody lost a seat; of branches that are gone as well.

    One question for a page, since a move that takes such a loss back is rare.
    """
    if not any(regained(news.message) for news in said):
        return set()
    ids = [one.id for one in endpoints]
    return reads.names_told(store, ids, EventType.ACCESS_REVOKED, said[0].message.seq - _BACK)


def _had_again(
    store: Connection,
    parts: Parts,
    news: News,
    drop: DropFact,
    endpoints: Sequence[Endpoint],
) -> Iterator[dict[str, Any]]:
    """Whoever was told that somebody lost a seat of this drop is told that they have it."""
    named = {one.id: one for one in endpoints if one.wish.owner == drop.mentor}
    seq = news.message.seq
    told = reads.told_under(store, named, (news.name, drop.terms_hash), range(seq - _BACK, seq))
    for endpoint_id, before in told.items():
        if named[endpoint_id].wish.names(drop.drop, drop.terms_hash):
            writes.overtake(store, endpoint_id, before.message_id)
            yield _row(parts, named[endpoint_id], news, drop.terms_hash, before.message_id)


def _taken_back(store: Connection, parts: Parts, news: News) -> Iterator[dict[str, Any]]:
    """Whoever was told is told, whatever has become of the drop since.

    Not where an edit has left the drop out: what goes there may be somebody else's to look at now.
    """
    message_id = news.id_in(parts.mirror_id)
    place = _place(news.message)
    told = reads.told_before(store, parts.mirror_id, place, news.name, message_id)
    for endpoint in reads.hold_named(store, told):
        before = told[endpoint.id]
        if endpoint.disabled_at is None and endpoint.wish.names(news.drop, before.terms_hash):
            writes.overtake(store, endpoint.id, before.message_id)
            yield _row(parts, endpoint, news, before.terms_hash, before.message_id)


def _row(
    parts: Parts,
    endpoint: Endpoint,
    news: News,
    terms_hash: str | None,
    retracts: str | None = None,
) -> dict[str, Any]:
    now = parts.clock()
    block_hash, log_index = _place(news.message)
    return {
        "id": writes.new_id("dlv"),
        "endpoint_id": endpoint.id,
        "message_id": news.id_in(parts.mirror_id),
        "seq": news.message.seq,
        "name": news.name,
        "type": news.type.value,
        "drop_id": news.drop,
        "terms_hash": terms_hash,
        "block_hash": block_hash,
        "log_index": log_index,
        "retracts": retracts,
        "payload": news.payload(now, retracts),
        "state": State.WAITING.value,
        "created_at": now,
        "begun_at": now,
        "due_at": now,
        "attempts": 0,
    }


def _place(message: Message) -> tuple[str, int]:
    return message.block.hash, message.log_index
