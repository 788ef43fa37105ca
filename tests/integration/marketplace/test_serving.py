from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from marketplace.serving import listening, serving, url_of, why_not

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


async def hello(scope: Scope, _: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    length = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": b"hello"})


def test_a_server_answers_inside_the_block_and_is_gone_after_it() -> None:
    listener = listening("127.0.0.1", 0)
    config = uvicorn.Config(hello, lifespan="off", access_log=False, log_level="warning")

    with serving(config, listener) as url:
        assert url == url_of(listener)
        assert httpx.get(url).text == "hello"

    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_a_taken_address_is_told_from_one_that_cannot_be_had() -> None:
    with listening("127.0.0.1", 0) as first:
        with pytest.raises(OSError, match=r"in use") as taken:
            listening("127.0.0.1", first.getsockname()[1])
        with pytest.raises(OSError, match=r"assign") as foreign:
            listening("192.0.2.1", 0)

    assert why_not(taken.value) == "is taken"
    assert why_not(foreign.value).startswith("cannot be opened (")


def test_who_comes_before_the_server_is_up_is_answered_once_it_is() -> None:
    listener = listening("127.0.0.1", 0)
    early = socket.create_connection(listener.getsockname()[:2])
    early.sendall(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
    config = uvicorn.Config(hello, lifespan="off", access_log=False, log_level="warning")

    with serving(config, listener), early:
        answer = b""
        while piece := early.recv(1_024):
            answer += piece

    assert answer.endswith(b"hello")
