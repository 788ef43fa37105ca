"""How many streams are open in this process, and whose they are.

Owns the count and its bounds. A stream is a connection of this process and costs nothing in any
other, so nobody else need know of it. Refuses to close anything.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.push.errors import StreamsBusy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Crowd:
    """Whoever listens. Used on the event loop alone: looking and counting are one step.

    Args:
        most: Streams at once.
        most_of_one: Streams of one address, and of one account.
        of: Who has that many, to be told to one who would have more.
        what: What they are.
    """

    def __init__(
        self,
        most: int,
        most_of_one: int,
        of: str = "One address or account",
        what: str = "streams of events",
    ) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._of_one = of
        self._what = what
        self._all = 0
        self._of: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """Streams that are open."""
        return self._all

    @contextmanager
    def one(self, whose: Sequence[str]) -> Iterator[None]:
        """Count a stream for as long as the block lasts.

        Args:
            whose: The names under which it counts: an address, an account, a seat.

        Raises:
            StreamsBusy: there is no room.
        """
        if self._all >= self._most:
            raise StreamsBusy(self._most, "This server's clients together", self._what)
        if any(self._of[name] >= self._most_of_one for name in whose):
            raise StreamsBusy(self._most_of_one, self._of_one, self._what)
        self._all += 1
        self._of.update(whose)
        try:
            yield
        finally:
            self._all -= 1
            self._of.subtract(whose)
            # Unary plus leaves out whoever has none.
            self._of = +self._of
