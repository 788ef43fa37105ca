"""Which nonce comes next for an account.

Owns the count of this process, behind one lock: a nonce is spent only once the node has taken a
transaction with it. Refuses to guess after a failure: it asks the node again.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Nonces:
    """Gives the nonces of one account out, one at a time."""

    def __init__(self, ask_node: Callable[[], int]) -> None:
        self._ask_node = ask_node
        self._lock = Lock()
        self._next: int | None = None

    @contextmanager
    def next(self) -> Iterator[int]:
        """Hold the next nonce: spent if the block ends well, asked for anew if it raises.

        Other threads wait meanwhile, so that no gap can open between two transactions.
        """
        with self._lock:
            nonce = self._ask_node() if self._next is None else self._next
            self._next = None
            yield nonce
            self._next = nonce + 1
