"""What dies while an indexer runs: its server, and itself in the middle of a commit."""

from __future__ import annotations

import signal
from threading import Event
from typing import TYPE_CHECKING

import pytest

from indexer.identity import Contracts, MirrorId
from indexer.store import checkpoints
from indexer.store.history import MIRROR as HISTORY
from indexer.store.locks import holder_of
from indexer.sync.steps import Step
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from tests.conformance.chains import CHAIN_ID
from tests.integration.indexer.afresh import require_as_afresh
from tests.integration.indexer.conftest import maker
from tests.integration.indexer.processes import (
    dying,
    environment,
    finished_as,
    running,
    served_market,
)
from tests.postgres import crashing_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.databases import Databases
    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.marketplace.world import Market
    from tests.postgres import Server

MIRROR = MirrorId(CHAIN_ID)


@pytest.fixture(scope="module")
def market() -> Iterator[tuple[str, Market]]:
    with served_market() as served:
        yield served


@pytest.fixture
def server() -> Iterator[Server]:
    with crashing_postgres() as started:
        yield started


@pytest.fixture
def crashing(server: Server) -> Iterator[Engine]:
    """The server's database, with a mirror's tables in it."""
    engine = open_engine(server.url)
    HISTORY.upgrade(engine)
    yield engine
    engine.dispose()


def act(market: Market) -> None:
    market.send("bo", market.contract.bump_counter())


def require_led(engine: Engine) -> None:
    """Wait until somebody holds the lock."""
    for _ in range(300):
        # The server shows one transaction the same sessions until it ends.
        with reading(engine) as connection:
            if holder_of(connection, MIRROR) is not None:
                return
        Event().wait(0.1)
    pytest.fail("Nobody has taken the lock within 30 s.")


def require_exact(engine: Engine, market: tuple[str, Market], new_database: NewDatabase) -> None:
    url, deployed = market
    contracts = Contracts((deployed.contract.address,), 0)
    require_as_afresh(engine, MIRROR, url, contracts, new_database)


def test_leader_and_standby_outlive_crashes_of_their_server(
    market: tuple[str, Market], server: Server, crashing: Engine, postgres_databases: Databases
) -> None:
    url, deployed = market
    given = environment(server.url, url, deployed.contract.address)
    with running(given) as leader:
        leader.line("caught_up")
        server.crash()
        act(deployed)
        assert leader.line("retrying")["code"] == "storage_unreachable"
        server.start()
        leader.line("added")
        leader.line("caught_up")
        # The crash ended the session that held the lock; it is taken again at a sign of life.
        require_led(crashing)

        with running(given) as standby:
            standby.line("standing_by")
            server.crash()
            act(deployed)
            for one in (leader, standby):
                assert one.line("retrying")["code"] == "storage_unreachable"
            server.start()
            # Whoever locks first leads; the other one leads once that has stopped.
            assert leader.end(signal.SIGTERM) == 0
            standby.line("started")
            standby.line("caught_up")
            assert standby.end(signal.SIGTERM) == 0
    require_exact(crashing, market, maker(postgres_databases))


def test_a_process_that_is_killed_at_any_step_of_a_commit_leaves_no_half_batch(
    market: tuple[str, Market], database: Engine, new_database: NewDatabase
) -> None:
    url, deployed = market
    given = environment(database.url, url, deployed.contract.address, STAND_BY="false")
    for step in (Step.MOVED, Step.LEDGERED, Step.FOLDED, Step.TOLD, Step.COMMITTED):
        act(deployed)
        before = head_of(database)
        killed = finished_as(dying(step, signal.SIGKILL), given)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert (head_of(database) != before) == (step is Step.COMMITTED), step

    with running(given) as last:
        assert last.line("started")["fence"] == 6
        last.line("caught_up")
        assert last.end(signal.SIGTERM) == 0
    require_exact(database, market, new_database)


def head_of(engine: Engine) -> int:
    with reading(engine) as connection:
        found = checkpoints.load(connection, MIRROR)
    return 0 if found is None else found.head.number
