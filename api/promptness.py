"""Where a request's work is done that hardly ever waits.

Owns trying it on the loop's own thread first, where no other thread has to be woken for it, and
moving it to one of those when it would hold the loop up after all. Refuses work that may not be
begun twice: whoever gives it makes sure that nothing is written before everything that may wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from starlette.concurrency import run_in_threadpool

from marketplace.storage.aside import stepping_aside
from marketplace.storage.waiting import WouldWaitError, promptly

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def at_once(work: Callable[[], T]) -> T:
    """Do it, and give what it gives.

    Args:
        work: Reads databases, and nothing else that waits, unless it has written nothing yet. What
            it asks a server by single questions is awaited on the loop, where other work is done
            meanwhile.
    """

    def hurried() -> T:
        with promptly():
            return work()

    try:
        return await stepping_aside(hurried)
    except WouldWaitError:
        return await run_in_threadpool(work)
