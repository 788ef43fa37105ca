"""Work is tried on the loop first, and done on another thread where it would hold the loop up."""

from __future__ import annotations

import asyncio
import threading

import pytest

from api.promptness import at_once
from marketplace.storage.waiting import is_prompt, may_wait


def test_what_never_waits_is_done_on_the_loop() -> None:
    assert asyncio.run(at_once(lambda: (threading.get_ident(), is_prompt()))) == (
        threading.get_ident(),
        True,
    )
    assert not is_prompt()


def test_what_would_wait_is_begun_again_on_a_thread_that_may() -> None:
    begun: list[bool] = []

    def waits() -> int:
        begun.append(is_prompt())
        may_wait()
        return threading.get_ident()

    assert asyncio.run(at_once(waits)) != threading.get_ident()
    assert begun == [True, False]


def test_what_fails_is_not_begun_again() -> None:
    begun: list[bool] = []

    def fails() -> None:
        begun.append(is_prompt())
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(at_once(fails))
    assert begun == [True]
