"""How a quota is used up and comes back: a bucket that fills evenly.

Owns the arithmetic, in whole microseconds, and the buckets of one process. One number says all of
a bucket: the moment at which it is full again. Each request moves that moment on by the time in
which one request comes back; what would move it beyond a whole bucket is refused, and moves nothing
(GCRA, as networks do it). Refuses clocks and databases.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

SECOND: Final = 1_000_000
"""Microseconds."""

WINDOW_S: Final = 60
"""Seconds in which an empty bucket fills."""

MAX_BUCKETS: Final = 20_000
"""Buckets that a process keeps of each quota. Of more, the one goes that was used longest ago; it
is full by then, unless so many use theirs within a minute."""


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests at once, and so many a minute in the long run.

    Attributes:
        name: Of the requests that count.
        requests: How many.
    """

    name: str
    requests: int

    @property
    def interval(self) -> int:
        """Microseconds in which one request comes back."""
        return WINDOW_S * SECOND // self.requests

    @property
    def depth(self) -> int:
        """Microseconds in which an empty bucket fills."""
        return self.requests * self.interval

    @property
    def beyond(self) -> int:
        """Microseconds by which no bucket is ever away from being full: then a clock was set."""
        return 2 * WINDOW_S * SECOND


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one request.

    Attributes:
        allowed: Whether it may be answered.
        full_in: Microseconds after which the bucket is full again.
        quota: That it was counted under.
        cost: As how many it counts.
    """

    allowed: bool
    full_in: int
    quota: Quota
    cost: int = 1

    @property
    def left(self) -> int:
        """Requests that are possible at once."""
        return max(0, self.quota.depth - self.full_in) // self.quota.interval

    @property
    def full_in_s(self) -> int:
        """Seconds after which all are."""
        return -(-self.full_in // SECOND)

    @property
    def wait_s(self) -> int:
        """Seconds after which one more like it is."""
        missing = self.full_in + self.cost * self.quota.interval - self.quota.depth
        return max(1, -(-missing // SECOND))


def begun_at(full_at: int, now: int, quota: Quota) -> int:
    """From where a request moves the moment on; both are microseconds."""
    return now if full_at < now or full_at > now + quota.beyond else full_at


class Buckets:
    """The buckets of one quota in one process. Used on the event loop alone."""

    def __init__(self, quota: Quota, most: int = MAX_BUCKETS) -> None:
        self._quota = quota
        self._interval, self._depth = quota.interval, quota.depth
        self._most = most
        self._full_at: OrderedDict[str, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, name: str, now: int, cost: int = 1) -> Taken:
        """Count a request of somebody, at a moment in microseconds, as so many; at most as all."""
        quota = self._quota
        cost = min(cost, quota.requests)
        begun = begun_at(self._full_at.get(name, 0), now, quota)
        after = begun + cost * self._interval
        if after > now + self._depth:
            return Taken(allowed=False, full_in=begun - now, quota=quota, cost=cost)
        self._full_at[name] = after
        self._full_at.move_to_end(name)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
        return Taken(allowed=True, full_in=after - now, quota=quota, cost=cost)

    def give_back(self, name: str, cost: int = 1) -> None:
        """Count a request no longer, which was counted here and refused elsewhere."""
        kept = self._full_at.get(name)
        if kept is not None:
            self._full_at[name] = kept - min(cost, self._quota.requests) * self._interval
