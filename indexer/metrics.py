"""What Prometheus is told: figures of this process, and of the tables when they are asked for.

Owns the names and meanings of all figures; `marketplace.figures` serves them. Refuses addresses of
nodes and databases, and figures that another one gives by itself, such as rates of what is
counted.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from indexer.named import NamedHeads
from indexer.reads.audits import audit_status
from indexer.reads.levels import MirrorMissing, mirror_status
from indexer.reads.unfinished import unfinished
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from prometheus_client.metrics_core import Metric
    from sqlalchemy import Engine

    from indexer.audit.auditor import Stretch
    from indexer.identity import Kind, MirrorId
    from indexer.reads.unfinished import Unfinished
    from indexer.rpc.errors import HeadsUnheard
    from indexer.rpc.values import BlockHeader, Mark
    from indexer.sync.outcomes import Outcome
    from indexer.sync.steps import Step
    from marketplace.domain.errors import ChainUnavailable

PREFIX: Final = "seats_indexer"
_DEPTHS: Final = (1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128)
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_RATE_S: Final = 60


TABLE_FIGURES: Final = {
    "tables_readable": "Whether the tables could be read",
    "head_block": "The mirror's head",
    "safe_block": "The mirror's safe block",
    "finalized_block": "The mirror's finalized block",
    "lag_blocks": "Blocks between the mirror's head and the node's",
    "lag_seconds": "Since the mirror last was level with its node; none while it is not",
    "live": "Whether history is mirrored and the outbox has begun",
    "generation": "Rollbacks since the mirror was begun",
    "outbox_seq": "The number of the last message",
    "audited_block": "Everything up to it was held against the chain",
    "audit_disagrees": "Whether a disagreement is not settled",
    "filling_block": "Up to it the history of a contract that was added is filled in",
    "filling_blocks_left": "Final blocks whose history it lacks",
    "folding_block": "Up to it a table is folded again",
    "folding_blocks_left": "Blocks up to the head that it lacks",
    "indexes_missing": "Indexes that are not there, or are being built",
}
"""What is read from the tables, and what it means."""

_LABELS: Final = {
    "filling_block": "kind",
    "filling_blocks_left": "kind",
    "folding_block": "fold",
    "folding_blocks_left": "fold",
}
"""Of what there may be several, and what tells them apart."""


class Metrics:
    """Counts what it is told; `registry` holds every figure."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._blocks = self._counter("blocks", "Blocks that this process has mirrored")
        self._events = self._counter("events", "Events that this process has mirrored")
        self._retries = self._counter("retries", "Failed passes, by the error's code", "cause")
        self._audit_retries = self._counter(
            "audit_retries", "Stretches that could not be audited, by the error's code", "cause"
        )
        self._fill_retries = self._counter(
            "fill_retries",
            "Steps of an added contract's history that failed, by the error's code",
            "cause",
        )
        self._socket_retries = self._counter(
            "socket_retries",
            "Sockets that told of no heads, or no longer, by the error's code",
            "cause",
        )
        self._audit_answers = self._counter(
            "audit_answers", "Answers of the contract that were held against the mirror"
        )
        self._lines_lost = self._counter("lines_lost", "Lines that could not be written")
        self._reorgs = Histogram(
            f"{PREFIX}_reorg_depth_blocks",
            "Reorganisations, by how many blocks were taken back",
            buckets=_DEPTHS,
            registry=self.registry,
        )
        self._visible = Histogram(
            f"{PREFIX}_head_to_visible_seconds",
            "From when the node first named a head to the commit that makes it visible",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._leader = self._gauge("leader", "Whether this process may write the mirror")
        self._rate = self._gauge("events_per_second", "Events mirrored, over the last minute")
        self._rate.set_function(self._events_per_second)
        self._recent: deque[tuple[float, int]] = deque()
        self._named = NamedHeads()
        self.node_head: int | None = None

    def lines_lost(self, lines: int) -> None:
        """Count lines of the journal that could not be written."""
        self._lines_lost.inc(lines)

    def leading(self, *, leads: bool) -> None:
        """Note whether this process may write the mirror."""
        self._leader.set(int(leads))
        if not leads:
            # It asks the node no more, and the mirror goes on without it.
            self.node_head = None

    def reached(self, step: Step) -> None:
        """Do nothing."""

    def seen(self, head: BlockHeader) -> None:
        """Note when the node first named a head."""
        self.node_head = head.number
        self._named.named(head, time.monotonic())

    def added(self, headers: Sequence[BlockHeader], blocks: int, events: int) -> None:
        """Count a batch."""
        now = time.monotonic()
        self._blocks.inc(blocks)
        self._events.inc(events)
        self._recent.append((now, events))
        self._forget_old()
        for named_at in self._named.shown(headers, blocks):
            self._visible.observe(now - named_at)

    def rolled_back(self, left: Mark, ancestor: Mark, generation: int) -> None:  # noqa: ARG002 - as it is told
        """Count a reorganisation."""
        self._named.left(left.hash)
        self._reorgs.observe(left.number - ancestor.number)

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:  # noqa: ARG002 - as it is told
        """Count a failed pass."""
        self._retries.labels(_cause(error)).inc()

    def waiting(self, outcome: Outcome) -> None:
        """Do nothing."""

    def audited(self, stretch: Stretch) -> None:
        """Count answers that agree."""
        self._audit_answers.inc(stretch.claims or 0)

    def audit_failed(self, error: Exception, failures: int, wait_s: float) -> None:  # noqa: ARG002 - as it is told
        """Count a stretch that could not be audited."""
        self._audit_retries.labels(_cause(error)).inc()

    def filled(self, kind: Kind, next_block: int, events: int, *, of: int) -> None:
        """Do nothing."""

    def joined(self, kind: Kind, head: int) -> None:
        """Do nothing."""

    def fill_failed(self, kind: Kind, error: ChainUnavailable, passes: int) -> None:  # noqa: ARG002 - as it is told
        """Count history of an added contract that did not come."""
        self._fill_retries.labels(_cause(error)).inc()

    def listening(self) -> None:
        """Do nothing."""

    def unheard(self, error: HeadsUnheard, failures: int, wait_s: float) -> None:  # noqa: ARG002 - as it is told
        """Count a socket that was of no use."""
        self._socket_retries.labels(_cause(error)).inc()

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"{PREFIX}_{name}", meaning, registry=self.registry)

    def _events_per_second(self) -> float:
        self._forget_old()
        return sum(events for _, events in tuple(self._recent)) / _RATE_S

    def _forget_old(self) -> None:
        oldest = time.monotonic() - _RATE_S
        while self._recent and self._recent[0][0] < oldest:
            self._recent.popleft()


class TableMetrics(Collector):
    """Reads the tables each time that somebody asks, in one transaction.

    Args:
        engine: The mirror's database.
        mirror: Which mirror.
        clock: Gives Unix seconds.
        node_head: The number of the head that the node named last; None: none yet.
    """

    def __init__(
        self,
        engine: Engine,
        mirror: MirrorId,
        clock: Callable[[], float],
        node_head: Callable[[], int | None],
    ) -> None:
        self._engine = engine
        self._mirror = mirror
        self._clock = clock
        self._node_head = node_head

    def collect(self) -> Iterable[Metric]:
        """Give every figure; of a database that does not answer, that it does not."""
        try:
            figures = self._figures()
        except (MirrorMissing, StorageError):
            figures = {"tables_readable": 0}
        for name, value in figures.items():
            label = [_LABELS[name]] if name in _LABELS else []
            family = GaugeMetricFamily(f"{PREFIX}_{name}", TABLE_FIGURES[name], labels=label)
            if isinstance(value, dict):
                for one, of_it in value.items():
                    family.add_metric([one], of_it)
            elif value is not None:
                family.add_metric([], value)
            yield family

    def _figures(self) -> dict[str, float | dict[str, int] | None]:
        with reading(self._engine) as connection:
            status = mirror_status(connection, self._mirror)
            audit = audit_status(connection, self._mirror)
            lacks = unfinished(connection, self._mirror)
        head, seen = status.head.number, self._node_head()
        behind = None if seen is None else max(0, seen - head)
        age_s = None if status.level_at is None else max(0.0, self._clock() - status.level_at)
        audited = None if audit.audited is None else audit.audited.number
        return {
            "tables_readable": 1,
            "head_block": head,
            "safe_block": status.safe.number,
            "finalized_block": status.finalized.number,
            "lag_blocks": behind,
            "lag_seconds": age_s,
            "live": int(status.live),
            "generation": status.generation,
            "outbox_seq": status.next_seq - 1,
            "audited_block": audited,
            "audit_disagrees": int(audit.finding is not None),
            **_of_unfinished(lacks),
        }


def _of_unfinished(lacks: Unfinished) -> dict[str, float | dict[str, int] | None]:
    folding = lacks.folding
    filling = {one.kind.value: one for one in lacks.filling}
    folds = {} if folding is None else dict.fromkeys(folding.folds, folding)
    return {
        "filling_block": {kind: one.block for kind, one in filling.items()},
        "filling_blocks_left": {kind: max(0, one.of - one.block) for kind, one in filling.items()},
        "folding_block": {fold: one.block for fold, one in folds.items()},
        "folding_blocks_left": {fold: one.of - one.block for fold, one in folds.items()},
        "indexes_missing": len(lacks.indexes),
    }


def _cause(error: Exception) -> str:
    return str(getattr(error, "code", type(error).__name__))
