from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from api.push import listening
from indexer.queries import MirrorId

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

PATIENCE_S = 20


class Ringing:
    """A bell that rings once."""

    def __init__(self) -> None:
        self._rung = False

    def wait(self, seconds: float) -> bool:
        del seconds
        before, self._rung = self._rung, True
        return not before


def test_an_unexpected_error_does_not_end_the_bell(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun = 0

    @contextmanager
    def bell(*_: object) -> Iterator[Ringing]:
        nonlocal begun
        begun += 1
        if begun == 1:
            raise ZeroDivisionError("nobody has thought of this")
        yield Ringing()

    monkeypatch.setattr(listening, "outbox_bell", bell)
    monkeypatch.setattr(listening, "_AGAIN_S", 0)

    async def listen() -> None:
        heard = listening.Listening(create_engine("sqlite://"), MirrorId(31337))
        with heard.woken() as woken:
            async with asyncio.timeout(PATIENCE_S):
                await woken.wait()

    asyncio.run(listen())
    [record] = caplog.records
    assert record.exc_info is not None
    assert "nobody has thought of this" in str(record.exc_info[1])
