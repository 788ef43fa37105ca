from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from fastapi import Request
from pydantic import AfterValidator

from api.errors import MalformedBody, UnsupportedMediaType
from api.long_bodies import long_body
from api.wire import WireModel

if TYPE_CHECKING:
    from starlette.types import Message


def thread_of(_: str) -> str:
    return threading.current_thread().name


class Body(WireModel):
    text: Annotated[str, AfterValidator(thread_of)]


def sent(app: object, body: bytes, media_type: str = "application/json") -> Request:
    """A request of an application with a body."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = {"content-type": media_type, "content-length": str(len(body))}
    scope: dict[str, Any] = {
        "type": "http",
        "app": app,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return Request(scope, receive)


def application() -> SimpleNamespace:
    return SimpleNamespace(state=SimpleNamespace(long_bodies=asyncio.Lock()))


def test_a_long_body_is_decoded_beside_the_loop() -> None:
    async def read() -> str:
        async with long_body(sent(application(), b'{"text": "a"}'), Body) as body:
            return body.text

    assert asyncio.run(read()) != threading.current_thread().name


def test_one_is_worked_on_at_a_time() -> None:
    async def both() -> None:
        app, go = application(), asyncio.Event()
        begun = {name: asyncio.Event() for name in ("one", "two")}

        async def work(name: str) -> None:
            async with long_body(sent(app, b'{"text": "a"}'), Body):
                begun[name].set()
                await go.wait()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(work("one"))
            await begun["one"].wait()
            tasks.create_task(work("two"))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(begun["two"].wait(), 0.2)
            go.set()
            await asyncio.wait_for(begun["two"].wait(), 20)

    asyncio.run(both())


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
            async with long_body(sent(app, body, media_type), Body):
                pass
        return bool(app.state.long_bodies.locked())

    assert asyncio.run(read()) is False
