"""What runs beside the loop that mirrors: who watches it, the figures, the auditor, the pruner.

Owns making them of the settings, what else of the settings the loop is given, and their end with
the loop. Refuses the loop itself.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from indexer.audit.auditor import Auditor
from indexer.audit.background import auditing, settled
from indexer.audit.examining import Care
from indexer.identity import MirrorId
from indexer.metrics import Metrics, TableMetrics
from indexer.pruning import DAY_S, Pruner, pruned
from indexer.rpc.node import RpcNode
from indexer.sync.backfilling import Limits
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.loop import Pace
from indexer.watching import Everybody
from marketplace.figures import serving_figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from indexer.audit.auditor import Kept
    from indexer.audit.background import Wishes
    from indexer.companions import Stops
    from indexer.identity import Contracts
    from indexer.journal import Journal
    from indexer.settings import IndexerSettings
    from indexer.sync.hold import Hold
    from indexer.watching import Observer


@contextmanager
def watched(
    settings: IndexerSettings, engine: Engine, journal: Journal, clock: Callable[[], float]
) -> Iterator[tuple[Observer, Metrics | None]]:
    """Give whoever is told of everything; figures are served while the block lasts.

    Raises:
        MetricsPortTaken: they cannot be served there.
    """
    if settings.metrics_port is None:
        yield journal, None
        return
    metrics = Metrics()
    journal.counted_by(metrics.lines_lost)
    mirror = MirrorId(settings.chain_id, settings.contract_set)
    metrics.registry.register(TableMetrics(engine, mirror, clock, lambda: metrics.node_head))
    with serving_figures(metrics.registry, settings.metrics_host, settings.metrics_port) as port:
        journal.write("serving_metrics", host=settings.metrics_host, port=port)
        yield Everybody(journal, metrics), metrics


@contextmanager
def leading(metrics: Metrics | None) -> Iterator[None]:
    """Say that this process may write the mirror, while the block lasts."""
    if metrics is None:
        yield
        return
    metrics.leading(leads=True)
    try:
        yield
    finally:
        metrics.leading(leads=False)


@contextmanager
def auditor_of(
    settings: IndexerSettings,
    hold: Hold,
    contracts: Contracts,
    clock: Callable[[], float],
    kept: Kept,
) -> Iterator[Auditor]:
    """Make the auditor of a term, with a connection of its own while the block lasts."""
    node = RpcNode.at(
        settings.node.get_secret_value(),
        timeout_s=settings.request_timeout_s,
        batch_limit=settings.batch_limit,
    )
    with closing(node):
        yield Auditor(
            hold,
            node,
            contracts,
            clock,
            care=care_of(settings),
            kept=kept,
            heartbeat_s=settings.heartbeat_s,
        )


@contextmanager
def audited(
    auditor: Auditor,
    settings: IndexerSettings,
    *,
    observer: Observer,
    stopper: Wishes,
    leave_after_s: float | None,
) -> Iterator[bool]:
    """Audit the mirror while the block lasts, if that is wanted; gives and raises as `auditing`.

    Wanted or not, a disagreement of before is looked at first: doors stay closed until it is gone.
    """
    if settings.audit == "off":
        yield settled(auditor, pace_of(settings), observer, stopper, leave_after_s)
        return
    with auditing(auditor, pace_of(settings), observer, stopper, leave_after_s) as is_settled:
        yield is_settled


@contextmanager
def pruning(
    settings: IndexerSettings,
    hold: Hold,
    clock: Callable[[], float],
    *,
    journal: Journal,
    stopper: Stops,
) -> Iterator[None]:
    """Throw away old messages while the block lasts, if that is wanted; raises as `pruned`."""
    if settings.outbox_days is None:
        yield
        return
    pruner = Pruner(hold, settings.outbox_days * DAY_S, clock)
    with pruned(pruner, pace_of(settings), journal, stopper):
        yield


def care_of(settings: IndexerSettings) -> Care:
    """How closely the settings wish the mirror to be looked at."""
    return Care(every_header=settings.audit == "headers", samples=settings.audit_samples)


def limits_of(settings: IndexerSettings) -> Limits:
    """How much the settings wish to be asked for at once."""
    return Limits(
        range_blocks=settings.range_blocks,
        head_blocks=settings.head_blocks,
        late_index_blocks=settings.late_index_blocks,
    )


def heartbeat_of(settings: IndexerSettings, clock: Callable[[], float]) -> Heartbeat:
    """When the settings wish the mirror to be called level."""
    return Heartbeat(
        clock, settings.heartbeat_s, settings.max_head_age_s, max_ahead_s=settings.clock_error_s
    )


def pace_of(settings: IndexerSettings) -> Pace:
    """How long the settings wish to be waited."""
    return Pace(
        poll_s=settings.poll_interval_s,
        first_s=settings.first_backoff_s,
        most_s=settings.most_backoff_s,
        database_patience_s=settings.database_patience_s,
    )
