"""Work of plain functions that steps aside from an event loop while it awaits something.

Owns going on with it when what it awaits is there: whoever is between the loop and the one that
awaits knows nothing of it, and need not be a coroutine. Refuses threads: all is done on the loop's
own, where between two steps anything else may be done.
"""

from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from greenlet import getcurrent, greenlet

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

T = TypeVar("T")


class _Work(greenlet):
    """Some work that is done aside; its parent is the coroutine that waits for it."""


def is_aside() -> bool:
    """Whether the work under way can step aside."""
    return isinstance(getcurrent(), _Work)


def awaited(future: asyncio.Future[T]) -> T:
    """Step aside until a future is done; gives its result or raises what it raises.

    Whoever awaits the work may have it broken off meanwhile: CancelledError is raised here then.
    No lock may be held that another work on the same loop takes.

    Raises:
        RuntimeError: it was not begun by `stepping_aside`.
    """
    waiting = getcurrent().parent
    if waiting is None or not is_aside():
        raise RuntimeError("nobody waits for this work who could await what it waits for")
    found: T = waiting.switch(future)
    return found


async def stepping_aside(work: Callable[[], T]) -> T:
    """Do work that may step aside, and give what it gives. It sees a copy of the context."""
    under_way = _Work(work)
    under_way.gr_context = copy_context()
    found: Any = under_way.switch()
    while not under_way.dead:
        try:
            answer = await found
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            found = under_way.throw(error)
        else:
            found = under_way.switch(answer)
    result: T = found
    return result
