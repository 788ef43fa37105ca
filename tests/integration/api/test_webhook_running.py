"""The sender of a process as it runs: whatever goes wrong once, it goes on."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from api.logs import JsonLines
from api.push.listening import Listening
from api.webhooks import dispatching
from api.webhooks.dispatching import Dispatcher
from api.webhooks.enlisting import enlist
from api.webhooks.sending import attempt
from tests.integration.api.receiving import KEY, Receiver, receiving
from tests.integration.api.telling import ToldOutbox, hearing_endpoint, moved
from tests.integration.api.world import Clock, parts_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from api.parts import Parts

PATIENCE_S = 20


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> ToldOutbox:
    monkeypatch.setattr(dispatching, "LOOK_S", 0.01)
    return ToldOutbox().heard(monkeypatch)


@pytest.fixture
def parts(database: Engine, clock: Clock, outbox: ToldOutbox, receiver: Receiver) -> Parts:
    made = parts_for(database, clock, webhook_key=KEY, webhook_loopback=True)
    enlist(made)
    hearing_endpoint(made, url=receiver.url)
    outbox.messages.append(moved(2))
    return made


class Deaf(Listening):
    """No bell: whoever listens looks by itself."""

    @contextmanager
    def woken(self) -> Iterator[asyncio.Event]:
        yield asyncio.Event()


def run_until_told(parts: Parts, receiver: Receiver, count: int) -> None:
    """Let a sender run until so many messages have come, or it has ended."""

    async def run() -> None:
        running = asyncio.create_task(
            Dispatcher(parts, KEY).run(Deaf(parts.reads, parts.mirror_id))
        )
        async with asyncio.timeout(PATIENCE_S):
            while len(receiver.got) < count and not running.done():
                await asyncio.wait({running}, timeout=0.01)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run())


def failing_once(real: Callable[..., object]) -> Callable[..., object]:
    """As another, but for the first call."""
    failed: list[bool] = []

    def call(*given: object) -> object:
        if not failed:
            failed.append(True)
            raise ZeroDivisionError("nobody has thought of this")
        return real(*given)

    return call


def traced(log: pytest.LogCaptureFixture) -> list[str]:
    """What was logged with where it came from, as it is written."""
    return [JsonLines().format(one) for one in log.records if one.exc_info]


def test_an_unexpected_error_in_a_round_does_not_end_the_sender(
    parts: Parts,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(dispatching, "enlist", failing_once(enlist))
    run_until_told(parts, receiver, 1)
    assert receiver.got[0].message["data"]["seq"] == 2
    [said] = traced(caplog)
    assert "a round has failed" in said
    assert "ZeroDivisionError: nobody has thought of this" in said
    assert KEY.get_secret_value() not in said


def test_an_unexpected_error_in_an_attempt_is_told_and_the_message_sent_again(
    parts: Parts,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(dispatching, "attempt", failing_once(attempt))
    assert asyncio.run(Dispatcher(parts, KEY).once()) == 1
    [said] = traced(caplog)
    assert "ZeroDivisionError: nobody has thought of this" in said
    assert receiver.got == []
    clock.forward(dispatching.CLAIM.total_seconds() + 1)
    assert asyncio.run(Dispatcher(parts, KEY).once()) == 1
    assert len(receiver.got) == 1
