"""Several messages on their way to an endpoint that ends or is edited meanwhile, on PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from api.keys.values import ApiClient
from api.webhooks import claiming, managing, reads, writes
from api.webhooks.claiming import MOST_OF_ONE
from api.webhooks.dispatching import Dispatcher
from api.webhooks.values import Disabled, State
from marketplace.domain.ids import DropId
from marketplace.storage.transactions import reading, writing
from tests.integration.api.receiving import KEY, Receiver, receiving, status
from tests.integration.api.telling import (
    DROP,
    TERMS,
    ToldOutbox,
    hearing_endpoint,
    waiting,
    waits_for_locks,
)
from tests.integration.api.world import Clock, parts_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from api.parts import Parts
    from api.webhooks.values import Delivery, Endpoint


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def parts(on_postgres: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Parts:
    ToldOutbox().heard(monkeypatch)
    return parts_for(on_postgres, clock, webhook_key=KEY, webhook_loopback=True)


def endpoint_with(parts: Parts, receiver: Receiver, count: int) -> Endpoint:
    """An endpoint to which so many messages are to be sent."""
    made = hearing_endpoint(parts, url=receiver.url)
    with writing(parts.store) as store:
        writes.add_deliveries(store, [waiting(made.id, seq) for seq in range(1, count + 1)])
    return made


def sent(parts: Parts, endpoint: Endpoint) -> tuple[Delivery, ...]:
    with reading(parts.store) as store:
        return reads.deliveries_of(store, endpoint.id, None, 10)


def after_finishing(monkeypatch: pytest.MonkeyPatch, then: Callable[[], None]) -> None:
    """Let something happen in the transaction that writes down what became of a message."""
    real = claiming.finish

    def finish(*given: Any) -> None:  # noqa: ANN401 - as what it stands before
        real(*given)
        then()

    monkeypatch.setattr(claiming, "finish", finish)


def answered_together(everybody: threading.Barrier) -> Any:  # noqa: ANN401 - a handler
    gone = status(410)

    def answer(request: Any) -> None:  # noqa: ANN401 - a handler's
        everybody.wait(30)
        gone(request)

    return answer


def test_of_several_at_once_that_end_an_endpoint_none_locks_out_another(
    parts: Parts,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = endpoint_with(parts, receiver, MOST_OF_ONE)
    receiver.answer = answered_together(threading.Barrier(MOST_OF_ONE))
    count = 0

    def wait_for_the_others() -> None:
        nonlocal count
        count += 1
        while count < MOST_OF_ONE and count + waits_for_locks(parts.store) < MOST_OF_ONE:
            continue

    after_finishing(monkeypatch, wait_for_the_others)
    assert asyncio.run(Dispatcher(parts, KEY).once()) == MOST_OF_ONE
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []
    assert [(one.status, one.state) for one in sent(parts, made)] == [
        (410, State.FAILED)
    ] * MOST_OF_ONE
    with reading(parts.store) as store:
        assert reads.endpoints_named(store, {made.id})[0].disabled_why is Disabled.GONE


def test_an_edit_and_what_became_of_a_message_do_not_lock_each_other_out(
    parts: Parts,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = endpoint_with(parts, receiver, 1)
    other = DropId(int(DROP) + 1)
    monkeypatch.setattr(managing, "_own", lambda *_: {other: TERMS})
    mentor = ApiClient("key_0001", made.owner, frozenset(), None)
    editing: list[Any] = []

    def edit_meanwhile() -> None:
        change = managing.Edit(drops=[other])
        editing.append(pool.submit(managing.edit, parts, mentor, made, change))
        while not (editing[0].done() or waits_for_locks(parts.store)):
            continue

    after_finishing(monkeypatch, edit_meanwhile)
    receiver.answer = status(500)
    with ThreadPoolExecutor(1) as pool:
        assert asyncio.run(Dispatcher(parts, KEY).once()) == 1
        editing[0].result(30)
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []
    assert [(one.status, one.state) for one in sent(parts, made)] == [(500, State.FAILED)]
