"""Whose messages are sent next when more are due than can be sent at once, over both databases."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import update

from api.store.webhook_tables import webhook_endpoints
from api.webhooks import claiming, reads, writes
from api.webhooks.dispatching import CLAIM, MOST
from api.webhooks.messages import EventType
from api.webhooks.values import Endpoint, State
from indexer.queries import DEFAULT_SET, MirrorId
from marketplace.storage.transactions import reading, writing
from tests.integration.api.receiving import KEY, receiving, send_all
from tests.integration.api.telling import ToldOutbox, hearing_endpoint, waiting
from tests.integration.api.world import START, parts_for
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from tests.integration.api.world import Clock

MIRROR: Final = MirrorId(31337, DEFAULT_SET)
LATER: Final = START + timedelta(minutes=5)


def endpoint(store: Connection, owner: str, mirror: MirrorId = MIRROR) -> str:
    made = Endpoint(
        id=writes.new_id("whe"),
        mirror=mirror,
        owner=address_of(owner),
        url="https://room.example/hook",
        events=frozenset({EventType.SEAT_MOVED.value}),
        drops={},
        version=1,
        generation=1,
        created_at=START,
    )
    writes.add_endpoint(store, made)
    return made.id


@pytest.fixture
def flooded(database: Engine) -> Engine:
    """Eve has ten endpoints with many messages each; mentor has one message, which came last."""
    with writing(database) as store:
        rows = [
            waiting(one, seq)
            for one in [endpoint(store, "eve") for _ in range(10)]
            for seq in range(1, 21)
        ]
        writes.add_deliveries(store, [*rows, waiting(endpoint(store, "mentor"), 999, LATER)])
    return database


def taken(database: Engine, most: int) -> Counter[str]:
    """Claim so many messages; how many of each owner."""
    with writing(database) as store:
        _, claimed = claiming.claim(store, MIRROR, LATER, LATER + CLAIM, most)
    with reading(database) as store:
        found = reads.endpoints_named(store, {one.endpoint for one in claimed})
    owners = {one.id: one.owner for one in found}
    return Counter(owners[one.endpoint] for one in claimed)


def test_whoever_has_many_slow_endpoints_holds_up_nobody_else(flooded: Engine) -> None:
    eve, mentor = address_of("eve"), address_of("mentor")
    assert taken(flooded, MOST) == {eve: claiming.MOST_OF_OWNER, mentor: 1}
    # What is under way counts: there is room for others, and none for eve.
    assert claiming.MOST_OF_OWNER < MOST
    assert taken(flooded, MOST) == {}


def test_of_the_next_places_everybody_has_one_before_anybody_has_two(flooded: Engine) -> None:
    assert taken(flooded, 2) == {address_of("eve"): 1, address_of("mentor"): 1}


def test_an_owners_endpoints_take_turns(flooded: Engine) -> None:
    with writing(flooded) as store:
        _, claimed = claiming.claim(store, MIRROR, LATER, LATER + CLAIM, MOST)
    of_each = Counter(one.endpoint for one in claimed)
    assert len(of_each) == 11
    assert max(of_each.values()) == 2


def test_a_market_sends_nothing_of_another_one_in_the_same_store(
    database: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ToldOutbox().heard(monkeypatch)
    ours, theirs = (
        parts_for(database, clock, contract_set=name, webhook_key=KEY, webhook_loopback=True)
        for name in (DEFAULT_SET, "another")
    )
    with receiving() as receiver:
        made = hearing_endpoint(theirs, url=receiver.url)
        with writing(database) as store:
            writes.add_deliveries(store, [waiting(made.id, 1)])
        # It would be signed with this market's key, which no receiver of the other one knows.
        assert (send_all(ours), receiver.got) == (0, [])
        assert (send_all(theirs), len(receiver.got)) == (1, 1)


def test_a_market_gives_up_nothing_of_another_one_in_the_same_store(database: Engine) -> None:
    another = MirrorId(MIRROR.chain_id, "another")
    with writing(database) as store:
        disabled = [endpoint(store, "mentor", mirror) for mirror in (MIRROR, another)]
        writes.add_deliveries(store, [waiting(one, 1) for one in disabled])
        off = {"disabled_at": START, "disabled_why": "owner"}
        store.execute(update(webhook_endpoints).values(**off))
        writes.give_up_disabled(store, MIRROR)
        states = [reads.deliveries_of(store, one, None, 1)[0].state for one in disabled]
    assert states == [State.FAILED, State.WAITING]
