"""What Prometheus is told of one API process.

Owns the names and meanings of all figures. Refuses paths, accounts and addresses, which would be a
figure each and whose business it is: a request counts under its route's own text, a decision under
its reason. A method comes from the edge, which knows few.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.gate.decision import Granted, Reason
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client.metrics_core import Metric

    from api.gate.decision import Decision
    from api.gate.ports import FactSource
    from api.gate.values import Action

PREFIX: Final = "seats_api"
_SECONDS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
MIRROR_FIGURES: Final = {
    "mirror_readable": "Whether the mirror could be read, and is level with its chain",
    "mirror_head_block": "The block that answers rest on",
    "mirror_lag_seconds": "Since the mirror last was level with its node",
}


class Figures:
    """Counts what it is told; `registry` holds every figure. Threads may share it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            f"{PREFIX}_requests",
            "Requests that were answered; status 500 where an answer broke off before it began",
            ("method", "route", "status"),
            registry=self.registry,
        )
        # Without labels, so that it is there, at 0, before the first: a rate sees no first one of
        # what begins with it.
        self._faults = Counter(
            f"{PREFIX}_faults",
            "Requests with status 500: a fault of this program",
            registry=self.registry,
        )
        self._seconds = Histogram(
            f"{PREFIX}_request_seconds",
            "From a request's headers to the end of its answer; a stream lasts as long as it is",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._under_way = Gauge(
            f"{PREFIX}_requests_under_way",
            "Requests that are being answered, streams among them",
            registry=self.registry,
        )
        self._decisions = Counter(
            f"{PREFIX}_decisions",
            "Decisions of the gate, by what was asked for and why it was answered so",
            ("action", "reason"),
            registry=self.registry,
        )
        self._streams = Gauge(
            f"{PREFIX}_event_streams", "Streams of events that are open", registry=self.registry
        )
        # Looking a child up takes longer than counting in it.
        self._request_of: dict[tuple[str, str, int], Counter] = {}
        self._seconds_of: dict[str, Histogram] = {}
        self._decision_of: dict[tuple[Action, Reason], Counter] = {}

    def watch(self, mirror: FactSource, streams: Callable[[], int], now: Callable[[], int]) -> None:
        """Look at a mirror, and at how many streams are open, when somebody asks."""
        self._streams.set_function(streams)
        self.registry.register(_Mirror(mirror, now))

    def began(self) -> None:
        """Count a request that has come."""
        self._under_way.inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that is over."""
        self._under_way.dec()
        key = (method, route, status)
        if key not in self._request_of:
            self._request_of[key] = self._requests.labels(method, route, str(status))
        self._request_of[key].inc()
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self._faults.inc()
        if route not in self._seconds_of:
            self._seconds_of[route] = self._seconds.labels(route)
        self._seconds_of[route].observe(seconds)

    def decided(self, action: Action, decision: Decision) -> None:
        """Count a decision."""
        key = (action, Reason.ADMITTED if isinstance(decision, Granted) else decision.reason)
        if key not in self._decision_of:
            self._decision_of[key] = self._decisions.labels(*key)
        self._decision_of[key].inc()


class _Mirror(Collector):
    """Reads where the mirror stands each time that somebody asks."""

    def __init__(self, mirror: FactSource, now: Callable[[], int]) -> None:
        self._mirror = mirror
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """Give every figure; of a mirror that cannot be read, that it cannot."""
        try:
            block = self._mirror.block(self._now())
        except StorageError:
            block = None
        figures: dict[str, float] = {"mirror_readable": int(block is not None)}
        if block is not None:
            figures["mirror_head_block"] = block.number
            figures["mirror_lag_seconds"] = block.lag_s
        for name, value in figures.items():
            family = GaugeMetricFamily(f"{PREFIX}_{name}", MIRROR_FIGURES[name])
            family.add_metric([], value)
            yield family
