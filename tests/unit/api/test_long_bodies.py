from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from fastapi import Request
from pydantic import AfterValidator

from api.errors import (
    LongBodiesBusy,
    LongBodyUnderWay,
    MalformedBody,
    UnsupportedMediaType,
)
from api.long_bodies import MAX_WAITING, Turns, long_body
from api.wire import WireModel
from marketplace.domain.addresses import ChecksumAddress
from tests.unit.api.gate.test_decide import ADA, BO

if TYPE_CHECKING:
    from starlette.types import Message


def thread_of(_: str) -> str:
    return threading.current_thread().name


class Body(WireModel):
    text: Annotated[str, AfterValidator(thread_of)]


def sent(
    app: object,
    body: bytes,
    media_type: str = "application/json",
    *,
    after: asyncio.Event | None = None,
) -> Request:
    """A request of an application with a body, which comes after something else."""

    async def receive() -> Message:
        if after is not None:
            await after.wait()
        return {"type": "http.request", "body": body, "more_body": False}

    headers = {"content-type": media_type, "content-length": str(len(body))}
    scope: dict[str, Any] = {
        "type": "http",
        "app": app,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return Request(scope, receive)


def application() -> SimpleNamespace:
    return SimpleNamespace(state=SimpleNamespace(long_bodies=Turns()))


def test_a_long_body_is_decoded_beside_the_loop() -> None:
    async def read() -> str:
        async with long_body(sent(application(), b'{"text": "a"}'), Body, ADA) as body:
            return body.text

    assert asyncio.run(read()) != threading.current_thread().name


def test_one_is_worked_on_at_a_time_and_of_one_account_none_waits_beside_it() -> None:
    async def both() -> None:
        app, go = application(), asyncio.Event()
        begun = {sender: asyncio.Event() for sender in (ADA, BO)}

        async def work(sender: ChecksumAddress) -> None:
            async with long_body(sent(app, b'{"text": "a"}'), Body, sender):
                begun[sender].set()
                await go.wait()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(work(ADA))
            await begun[ADA].wait()
            tasks.create_task(work(BO))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(begun[BO].wait(), 0.2)
            # Whoever runs and whoever waits has one, and no second.
            for sender in begun:
                with pytest.raises(LongBodyUnderWay):
                    await asyncio.wait_for(work(sender), 20)
            go.set()
            await asyncio.wait_for(begun[BO].wait(), 20)
        await asyncio.wait_for(work(ADA), 20)

    asyncio.run(both())


CROWD = tuple(ChecksumAddress(f"0x{number:040d}") for number in range(MAX_WAITING + 1))


@pytest.mark.parametrize("slowly", [False, True])
def test_the_ninth_account_that_waits_is_told_to_come_again(slowly: bool) -> None:  # noqa: FBT001 - a case
    async def crowd() -> None:
        app, begun, go, arrived = application(), asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def work(sender: ChecksumAddress, after: asyncio.Event | None) -> None:
            async with long_body(sent(app, b'{"text": "a"}', after=after), Body, sender):
                begun.set()
                await go.wait()

        first = asyncio.create_task(work(ADA, None))
        await asyncio.wait_for(begun.wait(), 20)
        # Tasks begin in their order: the last of them finds the others.
        *waiting, last = [
            asyncio.create_task(work(sender, arrived if slowly else None)) for sender in CROWD
        ]
        if slowly:
            # Whose bytes are still to come keep nobody out.
            await asyncio.wait([last], timeout=0.2)
            assert not last.done()
            arrived.set()
        with pytest.raises(LongBodiesBusy):
            await asyncio.wait_for(last, 20)
        go.set()
        await asyncio.wait_for(asyncio.gather(first, *waiting), 20)
        await asyncio.wait_for(work(CROWD[-1], None), 20)

    assert len(CROWD) == 9
    asyncio.run(crowd())


def test_who_goes_away_leaves_a_place_to_wait_in() -> None:
    async def crowd() -> None:
        app, begun, go = application(), asyncio.Event(), asyncio.Event()

        async def work(sender: ChecksumAddress) -> None:
            async with long_body(sent(app, b'{"text": "a"}'), Body, sender):
                begun.set()
                await go.wait()

        first = asyncio.create_task(work(ADA))
        await asyncio.wait_for(begun.wait(), 20)
        gone, *waiting = [asyncio.create_task(work(sender)) for sender in CROWD[:-1]]
        await asyncio.wait([gone], timeout=0.2)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        last = asyncio.create_task(work(CROWD[-1]))
        await asyncio.wait([last], timeout=0.2)
        assert not last.done()
        go.set()
        await asyncio.wait_for(asyncio.gather(first, *waiting, last), 20)

    asyncio.run(crowd())


@pytest.mark.parametrize(
    ("body", "media_type", "refused"),
    [
        (b'{"text": "a", "text": "b"}', "application/json", MalformedBody),
        (b"", "application/json", MalformedBody),
        (b'{"text": "a"}', "text/plain", UnsupportedMediaType),
    ],
    ids=["twice", "nothing", "type"],
)
def test_what_is_refused_lets_the_next_begin(
    body: bytes, media_type: str, refused: type[Exception]
) -> None:
    async def read() -> bool:
        app = application()
        with pytest.raises(refused):
            async with long_body(sent(app, body, media_type), Body, ADA):
                pass
        async with long_body(sent(app, b'{"text": "a"}'), Body, ADA) as next_one:
            return bool(next_one.text)

    assert asyncio.run(asyncio.wait_for(read(), 20))
