"""From the outbox to messages that wait, while others write and after the mirror has gone back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from api.keys.values import ApiClient
from api.webhooks import managing, reads, writes
from api.webhooks.enlisting import enlist
from api.webhooks.values import State
from marketplace.domain.ids import DropId
from marketplace.storage.transactions import reading, writing
from tests.integration.api.telling import (
    DROP,
    TERMS,
    ToldOutbox,
    hearing_endpoint,
    moved,
    waits_for_locks,
)
from tests.integration.api.world import Clock, parts_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from api.parts import Parts
    from api.webhooks.values import Endpoint


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> ToldOutbox:
    return ToldOutbox().heard(monkeypatch)


@pytest.fixture
def parts(database: Engine, clock: Clock, outbox: ToldOutbox) -> Parts:
    made = parts_for(database, clock)
    # A cursor begins at what there is.
    assert outbox.messages
    enlist(made)
    return made


def told(parts: Parts, endpoint: Endpoint) -> list[tuple[int, State]]:
    """What is to be sent to an endpoint, by the outbox's numbers."""
    with reading(parts.store) as store:
        found = reads.deliveries_of(store, endpoint.id, None, 50)
    return sorted((one.seq, one.state) for one in found)


@pytest.mark.parametrize("kind", ["apply", "retract"])
def test_an_endpoint_that_is_removed_while_messages_are_enlisted_holds_up_nobody(
    on_postgres: Engine,
    clock: Clock,
    outbox: ToldOutbox,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    parts = parts_for(on_postgres, clock)
    enlist(parts)
    going, stays = hearing_endpoint(parts), hearing_endpoint(parts)
    last = moved(2)
    if kind == "retract":
        outbox.messages.append(last)
        enlist(parts)
        last = replace(last, seq=3, kind="retract")
    reader = "hold_enabled" if kind == "apply" else "hold_named"
    real: Callable[..., Any] = getattr(reads, reader)

    def remove() -> None:
        with writing(on_postgres) as store:
            writes.remove_endpoint(store, going.owner, going.id)

    def read(*given: Any, **more: Any) -> Any:  # noqa: ANN401 - as what it stands before
        found = real(*given, **more)
        removing.append(pool.submit(remove))
        while not (removing[0].done() or waits_for_locks(on_postgres)):
            continue
        return found

    monkeypatch.setattr(reads, reader, read)
    outbox.messages.append(last)
    removing: list[Any] = []
    with ThreadPoolExecutor(1) as pool:
        enlist(parts)
        removing[0].result(30)
    assert last.seq in dict(told(parts, stays))
    assert told(parts, going) == []


def test_nothing_is_enlisted_for_an_endpoint_as_it_was_before_an_edit(
    on_postgres: Engine, clock: Clock, outbox: ToldOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = parts_for(on_postgres, clock)
    enlist(parts)
    endpoint = hearing_endpoint(parts)
    monkeypatch.setattr(managing, "_own", lambda *_: {DropId(int(DROP) + 1): TERMS})
    mentor = ApiClient("key_0001", endpoint.owner, frozenset(), None)
    real, editing = reads.hold_enabled, []

    def read(*given: Any) -> Any:  # noqa: ANN401 - as what it stands before
        found = real(*given)
        change = managing.Edit(drops=[DropId(int(DROP) + 1)])
        editing.append(pool.submit(managing.edit, parts, mentor, endpoint, change))
        while not (editing[0].done() or waits_for_locks(on_postgres)):
            continue
        return found

    monkeypatch.setattr(reads, "hold_enabled", read)
    outbox.messages.append(moved(2))
    with ThreadPoolExecutor(1) as pool:
        enlist(parts)
        editing[0].result(30)
    assert told(parts, endpoint) == [(2, State.FAILED)]


def test_a_mirror_that_goes_back_and_comes_again_has_everything_told_once(
    parts: Parts, outbox: ToldOutbox
) -> None:
    endpoint = hearing_endpoint(parts)
    outbox.messages.append(moved(2))
    enlist(parts)
    # Another process leads now, from a copy that lacks the newest block ...
    newest = outbox.messages.pop()
    enlist(parts)
    # ... and reads it again, and one more.
    outbox.messages += [newest, moved(3)]
    enlist(parts)
    assert told(parts, endpoint) == [(2, State.WAITING), (3, State.WAITING)]


def test_what_is_taken_back_once_more_overtakes_nothing_that_came_after_it(
    parts: Parts, outbox: ToldOutbox
) -> None:
    endpoint = hearing_endpoint(parts)
    first = moved(2)
    outbox.messages += [first, replace(first, seq=3, kind="retract"), replace(first, seq=4)]
    enlist(parts)
    kept = outbox.messages[2:]
    del outbox.messages[2:]
    enlist(parts)
    outbox.messages += kept
    enlist(parts)
    assert told(parts, endpoint) == [
        (2, State.OVERTAKEN),
        (3, State.WAITING),
        (4, State.WAITING),
    ]


def test_what_one_mirror_takes_back_is_told_to_nobody_of_another_of_the_same_chain(
    parts: Parts, outbox: ToldOutbox, clock: Clock
) -> None:
    other = parts_for(parts.store, clock, contract_set="another")
    enlist(other)
    ours, theirs = hearing_endpoint(parts), hearing_endpoint(other)
    outbox.messages.append(moved(2))
    enlist(parts)
    enlist(other)
    outbox.messages.append(replace(outbox.messages[-1], seq=3, kind="retract"))
    enlist(parts)
    assert told(parts, ours) == [(2, State.OVERTAKEN), (3, State.WAITING)]
    assert told(parts, theirs) == [(2, State.WAITING)]
