"""The indexer as a process: from settings to a loop that ends well.

Owns the order of starting (database, lead, chain, abilities, contract, configuration, fence,
tables of older folds), stopping by signal, and the exit codes. Refuses to start on anything
doubtful; what is only silent is asked again.

| exit | meaning | what helps |
|---|---|---|
| 0 | stopped as wished; what was asked is told | |
| 2 | the settings cannot be used | mend them |
| 4 | no answer from the node or the database | try again |
| 6 | chain, contract, database or mirror is not what was expected | what the sentence says |
"""

from __future__ import annotations

import gc
import signal
import time
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from indexer import beside
from indexer.audit.auditor import Kept
from indexer.audit.verifying import RangeUnfit
from indexer.configuration import ConfigurationUnusable, SettingsUnfit
from indexer.consumers import ConsumerUnfit
from indexer.exporting import ExportUnusable, ParquetMissing
from indexer.fitting import contracts_of, mirror_of, require_fit
from indexer.leading import Lead, claim_of, life_name
from indexer.reads.delegations import DelegationsUnknown
from indexer.reads.levels import BlockNotMirrored
from indexer.rpc.heads import Heads
from indexer.rpc.node import RpcNode
from indexer.rpc.transport import NodeAddressInvalid
from indexer.store import checkpoints
from indexer.store import contracts as contract_rows
from indexer.store.history import MIRROR
from indexer.store.locks import LABEL
from indexer.sync.hold import Hold
from indexer.sync.memory import Memory
from indexer.sync.progress import Progress
from indexer.sync.rebuilding import rebuild_stale
from indexer.sync.shell import Shell
from indexer.terms import Reign, Terms, Work
from marketplace.domain.errors import ChainUnavailable, SeatmarketError
from marketplace.figures import MetricsPortTaken
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import StorageError, UnsupportedDatabaseError
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    from indexer.journal import Journal
    from indexer.metrics import Metrics
    from indexer.rpc.values import Node
    from indexer.settings import IndexerSettings
    from indexer.store.checkpoints import Checkpoint
    from indexer.waking import Stopper
    from indexer.watching import Observer

DONE: Final = 0
INPUT: Final = 2
UNAVAILABLE: Final = 4
UNEXPECTED: Final = 6

_INPUT: Final = (
    UnsupportedDatabaseError,
    NodeAddressInvalid,
    SettingsUnfit,
    ConfigurationUnusable,
    MetricsPortTaken,
    RangeUnfit,
    ParquetMissing,
    ExportUnusable,
    ConsumerUnfit,
    BlockNotMirrored,
    DelegationsUnknown,
)


def run(
    settings: IndexerSettings, journal: Journal, stopper: Stopper, clock: Callable[[], float]
) -> None:
    """Mirror until the stopper says so.

    Args:
        settings: What, from where, into what.
        journal: Is told what happens.
        stopper: Ends it.
        clock: Gives Unix seconds, by which the mirror is dated.

    Raises:
        SeatmarketError, StorageError: it cannot begin or go on; the sentence says why.
    """
    mirror = mirror_of(settings)
    life = life_name(mirror)
    engine = open_engine(
        settings.database.get_secret_value(),
        busy_timeout_ms=settings.busy_timeout_ms,
        label=f"{LABEL}{life}",
    )
    try:
        node = RpcNode.at(
            settings.node.get_secret_value(),
            timeout_s=settings.request_timeout_s,
            batch_limit=settings.batch_limit,
        )
        prepare_database(engine)
        lead = Lead(claim_of(engine, mirror, life), settings.lease_s, journal)
        with (
            closing(node),
            collecting_rarely(),
            beside.watched(settings, engine, journal, clock) as (observer, metrics),
            _hearing(settings, stopper, observer),
        ):
            terms = Terms(
                lead,
                stopper,
                beside.pace_of(settings),
                journal,
                observer,
                stand_by=settings.stand_by,
            )
            parts = _Parts(
                settings,
                engine,
                node,
                clock,
                journal,
                observer,
                metrics,
                stopper,
                Memory(),
                Kept.beginning(settings.range_blocks),
            )
            work = Work(
                check=lambda: require_fit(engine, node, settings, clock),
                begin=lambda bears_s: _begun(parts, bears_s),
            )
            terms.serve(work)
            journal.write("stopped")
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one process is put together of."""

    settings: IndexerSettings
    engine: Engine
    node: Node
    clock: Callable[[], float]
    journal: Journal
    observer: Observer
    metrics: Metrics | None
    stopper: Stopper
    memory: Memory
    kept: Kept


def _begun(parts: _Parts, bears_s: float | None) -> Reign:
    """Begin the mirror or take it over, with its tables as this program folds them.

    Raises as `prepare`, and as `rebuild_stale`.
    """
    settings, clock = parts.settings, parts.clock
    checkpoint = prepare(parts.engine, parts.node, settings, clock)
    hold = Hold(parts.engine, mirror_of(settings), checkpoint.fence)
    contracts = contracts_of(settings)
    parts.journal.started(
        chain_id=settings.chain_id,
        contract=settings.contract,
        head=checkpoint.head.number,
        finalized=checkpoint.finalized.number,
        fence=checkpoint.fence,
    )
    # Broken off by the wish to stop, it goes on at the next start: no pass is begun before.
    rebuild_stale(hold, parts.journal, parts.stopper.is_stopped)
    shell = Shell(
        hold,
        parts.node,
        contracts,
        heartbeat=beside.heartbeat_of(settings, clock),
        limits=beside.limits_of(settings),
        memory=parts.memory,
        watcher=parts.observer,
        progress=Progress(parts.journal.write, time.monotonic),
        told=parts.observer,
    )

    @contextmanager
    def work_beside() -> Iterator[bool]:
        with (
            closing(shell),
            beside.leading(parts.metrics),
            beside.auditor_of(settings, hold, contracts, clock, parts.kept) as auditor,
            beside.audited(
                auditor,
                settings,
                observer=parts.observer,
                stopper=parts.stopper,
                leave_after_s=bears_s,
            ) as is_settled,
            beside.pruning(
                settings,
                hold,
                clock,
                journal=parts.journal,
                stopper=parts.stopper,
            ),
        ):
            yield is_settled

    return Reign(shell, work_beside())


def _hearing(
    settings: IndexerSettings, stopper: Stopper, observer: Observer
) -> AbstractContextManager[None]:
    if settings.node_ws is None:
        return nullcontext()
    return Heads(
        settings.node_ws.get_secret_value(),
        stopper,
        observer,
        beside.pace_of(settings).after,
        settings.request_timeout_s,
    ).heard()


def prepare_database(engine: Engine) -> None:
    """Create the tables in an empty database; demand this program's version of any other.

    Raises StorageError.
    """
    if MIRROR.current(engine) is None:
        MIRROR.upgrade(engine)
    MIRROR.require_current(engine)


def prepare(
    engine: Engine,
    node: Node,
    settings: IndexerSettings,
    clock: Callable[[], float] = time.time,
) -> Checkpoint:
    """Check the node against the mirror and the clock, then begin the mirror or take it over.

    Raises:
        RuleViolated: the chain, the node, the clock, the contract or the configuration is not the
            right one.
        ChainUnavailable: the node does not answer.
        StorageError: the database is locked or unreachable.
    """
    mirror = mirror_of(settings)
    identity = require_fit(engine, node, settings, clock)
    contracts = contracts_of(settings)
    with writing(engine) as connection:
        taken = checkpoints.take_over(connection, mirror)
        checkpoint = taken or checkpoints.begin(
            connection, mirror, identity.genesis, contracts.config_hash
        )
        contract_rows.register(connection, mirror, contracts, begun=taken is not None)
        return checkpoint


def exit_code(error: SeatmarketError | StorageError) -> int:
    """The exit code for an error that ended the process."""
    if isinstance(error, _INPUT):
        return INPUT
    if isinstance(error, ChainUnavailable) or error.retry_helps:
        return UNAVAILABLE
    return UNEXPECTED


@contextmanager
def stopping_by_signal(stopper: Stopper) -> Iterator[None]:
    """Let SIGINT and SIGTERM stop the loop after the pass that is under way."""

    def stop(_number: int, _frame: object) -> None:
        stopper.stop()

    wishes = (signal.SIGINT, signal.SIGTERM)
    before = {wish: signal.signal(wish, stop) for wish in wishes}
    try:
        yield
    finally:
        for wish, handler in before.items():
            signal.signal(wish, handler)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let Python look for cycles of garbage after 200,000 objects instead of 700.

    A range of history is a hundred thousand objects at once and none of them is part of a cycle:
    looking after every 700 takes a third of the time, after every 50,000 a twelfth.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    # What the program is made of is not looked at again at all.
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def now() -> float:
    """The wall clock, in Unix seconds."""
    return time.time()
