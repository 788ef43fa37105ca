"""Work steps aside through frames that know nothing of it, and is gone on with where it was."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import pytest

from marketplace.storage.aside import awaited, is_aside, stepping_aside

if TYPE_CHECKING:
    from collections.abc import Callable

WHO: Final[ContextVar[str]] = ContextVar("who", default="nobody")


def soon(value: int) -> int:
    """A plain function that awaits something, called by other plain functions."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[int] = loop.create_future()
    loop.call_soon(future.set_result, value)
    return awaited(future)


def test_what_never_steps_aside_is_done_at_once() -> None:
    async def run() -> int:
        return await stepping_aside(lambda: 7)

    assert asyncio.run(run()) == 7


def test_it_goes_on_with_each_answer() -> None:
    async def run() -> int:
        return await stepping_aside(lambda: sum(map(soon, range(10))))

    assert asyncio.run(run()) == 45


def test_others_go_on_meanwhile() -> None:
    seen: list[str] = []

    def noting(name: str) -> Callable[[], None]:
        def work() -> None:
            seen.extend(f"{name}{soon(number)}" for number in range(3))

        return work

    async def run() -> None:
        await asyncio.gather(stepping_aside(noting("a")), stepping_aside(noting("b")))

    asyncio.run(run())
    assert seen == ["a0", "b0", "a1", "b1", "a2", "b2"]


def test_what_is_raised_is_raised_where_it_is_awaited() -> None:
    async def failing() -> None:
        raise LookupError

    def work() -> str:
        with pytest.raises(LookupError):
            awaited(asyncio.ensure_future(failing()))
        soon(1)
        raise ZeroDivisionError

    async def run() -> None:
        await stepping_aside(work)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())


def test_who_awaits_it_can_break_it_off() -> None:
    ended: list[str] = []

    def work() -> None:
        try:
            awaited(asyncio.get_running_loop().create_future())
        finally:
            ended.append("the work")

    async def run() -> None:
        task = asyncio.ensure_future(stepping_aside(work))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert ended == ["the work"]


def test_each_sees_the_context_that_it_was_begun_in() -> None:
    def work() -> tuple[str, str]:
        before = WHO.get()
        soon(1)
        WHO.set("the work")
        return before, WHO.get()

    async def run() -> list[tuple[str, str]]:
        WHO.set("ada")
        ada = asyncio.ensure_future(stepping_aside(work))
        WHO.set("bob")
        bob = asyncio.ensure_future(stepping_aside(work))
        found = [await ada, await bob]
        assert WHO.get() == "bob"
        return found

    assert asyncio.run(run()) == [("ada", "the work"), ("bob", "the work")]


def test_only_such_work_can_step_aside() -> None:
    async def run() -> tuple[bool, bool]:
        return is_aside(), await stepping_aside(is_aside)

    assert asyncio.run(run()) == (False, True)
    assert not is_aside()


def test_who_was_not_begun_aside_cannot_await() -> None:
    async def run() -> None:
        with pytest.raises(RuntimeError, match="nobody waits"):
            awaited(asyncio.get_running_loop().create_future())

    asyncio.run(run())
