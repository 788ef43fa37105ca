"""Names whose look-up is never answered, on the event loop that the API runs on."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
import uvloop
from sqlalchemy import select

from api.store.webhook_tables import webhook_deliveries
from api.webhooks import claiming, looking_up, reads, writes
from api.webhooks.dispatching import CLAIM, Dispatcher
from api.webhooks.looking_up import LookUps, LookUpsBusy
from api.webhooks.schedule import Attempt, Fault
from api.webhooks.sending import attempt, open_client
from marketplace.storage.transactions import reading, writing
from tests.integration.api.receiving import KEY, Receiver, receiving, send_all, status
from tests.integration.api.telling import ToldOutbox, hearing_endpoint, waiting
from tests.integration.api.world import Clock, parts_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from api.parts import Parts
    from api.webhooks.values import Delivery, Endpoint

PATIENCE_S: Final = 30
CONNECT_S: Final = 2.0
"""Half of what it is otherwise: long enough for a name that is answered, on a busy machine."""

UNREACHABLE: Final = Attempt(None, fault=Fault.UNREACHABLE)


@dataclass
class Resolver:
    """Stands in for the system's; whatever begins with "hang" is answered at the end.

    Attributes:
        most: How many look-ups have hung at once.
    """

    hanging: int = 0
    most: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _real: Callable[..., Any] = socket.getaddrinfo

    def __call__(self, host: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as the library's
        if host.startswith("hang"):
            with self._lock:
                self.hanging += 1
                self.most = max(self.most, self.hanging)
            self.over.wait(PATIENCE_S)
            with self._lock:
                self.hanging -= 1
        return self._real("127.0.0.1", *rest, **more)


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    found = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", found)
    waits = {"connect": CONNECT_S, "read": PATIENCE_S, "write": PATIENCE_S}
    monkeypatch.setattr("api.webhooks.sending._WAITS", waits)
    try:
        yield found
    finally:
        found.over.set()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def port_of(receiver: Receiver) -> str:
    return receiver.url.rpartition(":")[2]


def test_names_that_hang_keep_no_other_from_being_looked_up(
    resolver: Resolver, receiver: Receiver
) -> None:
    async def send() -> list[Attempt | None]:
        client = open_client(development=True)

        def sent(owner: str, host: str) -> asyncio.Task[Attempt | None]:
            url = f"http://{host}:{port_of(receiver)}"
            return asyncio.create_task(attempt(client, owner, url, {"webhook-id": "msg"}, "{}"))

        hung = [sent("eve", f"hang{number}.example") for number in range(40)]
        first = await sent("mentor", "good.example")
        became = await asyncio.gather(*hung)
        # They are given up, and their threads are not back.
        return [first, await sent("mentor", "good.example"), *became]

    first, second, *became = uvloop.run(send())
    assert first is not None
    assert second is not None
    assert (first.status, second.status) == (204, 204)
    assert set(became) == {UNREACHABLE}
    assert resolver.most == looking_up.MOST_OF_OWNER


def test_whoever_finds_no_thread_for_the_names_of_others_is_not_blamed(
    resolver: Resolver, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_up, "MOST", 3)

    async def send() -> Attempt | None:
        client, url = open_client(development=True), f"http://hang.example:{port_of(receiver)}"
        hung = [attempt(client, f"eve {number}", url, {}, "{}") for number in range(3)]
        assert await asyncio.gather(*hung) == [UNREACHABLE] * 3
        good = url.replace("hang", "good")
        before = await attempt(client, "mentor", good, {}, "{}")
        resolver.over.set()
        after = await attempt(client, "mentor", good, {"webhook-id": "msg"}, "{}")
        assert after is not None
        assert after.status == 204
        return before

    assert uvloop.run(send()) is None
    assert resolver.most == 3


def test_nobody_waits_at_the_end_for_a_name_that_hangs() -> None:
    program = (
        "import asyncio, socket, threading, uvloop\n"
        "from api.webhooks.sending import attempt, open_client\n"
        "hung = threading.Event()\n"
        "def hang(*_, **__):\n"
        "    hung.set()\n"
        "    threading.Event().wait()\n"
        "socket.getaddrinfo = hang\n"
        "async def send():\n"
        "    client = open_client(development=True)\n"
        "    asyncio.create_task(attempt(client, 'eve', 'http://hang.example/', {}, '{}'))\n"
        "    await asyncio.to_thread(hung.wait)\n"
        "uvloop.run(send())\n"
        "print('over')\n"
    )
    ended = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert (ended.returncode, ended.stdout) == (0, "over\n"), ended.stderr


@pytest.fixture
def parts(database: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Parts:
    ToldOutbox().heard(monkeypatch)
    return parts_for(database, clock, webhook_key=KEY, webhook_loopback=True)


def test_whoever_has_many_names_that_hang_holds_up_nobody_else(
    parts: Parts, resolver: Resolver, receiver: Receiver, clock: Clock
) -> None:
    rows = []
    for number in range(5):
        url = f"http://hang{number}.example/hook"
        hung = hearing_endpoint(parts, "eve", url)
        rows += [waiting(hung.id, seq) for seq in range(1, 5)]
    good = hearing_endpoint(parts, url=f"http://good.example:{port_of(receiver)}")
    rows.append(waiting(good.id, 999))
    with writing(parts.store) as store:
        writes.add_deliveries(store, rows)

    async def send() -> None:
        dispatcher = Dispatcher(parts, KEY)
        await dispatcher.once()
        clock.forward(CLAIM.total_seconds())
        with writing(parts.store) as store:
            writes.replay(store, good.id, str(rows[-1]["id"]), clock())
        await dispatcher.once()

    uvloop.run(send())
    assert [one.path for one in receiver.got] == ["/hook", "/hook"]
    assert resolver.most == looking_up.MOST_OF_OWNER


async def busy(*_: object) -> None:
    """Stands in for `LookUps.addresses`: others have all threads."""
    raise LookUpsBusy


def test_whoever_was_kept_waiting_by_others_has_lost_no_attempt(
    parts: Parts,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = hearing_endpoint(parts, url=receiver.url)
    with writing(parts.store) as store:
        writes.add_deliveries(store, [waiting(made.id, 1)])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(LookUps, "addresses", busy)
        for _ in range(10):
            assert send_all(parts) == 1
            assert [(one.attempts, one.attempted_at) for one in sent(parts, made)] == [(0, None)]
            clock.forward(10)
    receiver.answer = status(500)
    assert send_all(parts) == 1
    [one] = sent(parts, made)
    assert (one.attempts, one.status, one.attempted_at) == (1, 500, clock())
    assert one.due_at <= clock() + timedelta(seconds=10)


@pytest.mark.parametrize("meanwhile", ["replayed", "claimed by another"])
def test_what_became_of_a_message_while_names_were_waited_for_stays(
    parts: Parts, clock: Clock, meanwhile: str
) -> None:
    made, later = hearing_endpoint(parts), clock() + CLAIM
    with writing(parts.store) as store:
        writes.add_deliveries(store, [waiting(made.id, 1)])
        name, [mine] = claiming.claim(store, parts.mirror_id, clock(), later, 1)
        if meanwhile == "replayed":
            writes.replay(store, made.id, mine.id, clock())
        else:
            _, [other] = claiming.claim(store, parts.mirror_id, later, later + CLAIM, 1)
            assert other.attempts == 2
        claiming.put_off(store, mine, name, later)
    [one] = sent(parts, made)
    found = (0, later) if meanwhile == "replayed" else (2, mine.due_at)
    assert (one.attempts, one.due_at) == found
    assert is_claimed(parts) is (meanwhile != "replayed")


def sent(parts: Parts, endpoint: Endpoint) -> tuple[Delivery, ...]:
    with reading(parts.store) as store:
        return reads.deliveries_of(store, endpoint.id, None, 10)


def is_claimed(parts: Parts) -> bool:
    with reading(parts.store) as store:
        return store.scalar(select(webhook_deliveries.c.claim)) is not None
