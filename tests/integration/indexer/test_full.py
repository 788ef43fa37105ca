"""A disk that fills up while the chain is mirrored: no half batch, and on from there.

Nobody needs to be root for that. Files of an indexer's process, and of a server's, may not grow
beyond a limit (RLIMIT_FSIZE), which the tests raise from outside when there shall be room again.
The system calls that "file too large" where a disk that is full has "no space left"; SQLite and
PostgreSQL have no code of their own for it, so it is the harder case of the two. The easier one is
SQLite's own bound on pages, and for PostgreSQL a raised SQLSTATE
(`tests/integration/storage/test_transactions.py`).
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text

from indexer.identity import Contracts, MirrorId
from indexer.queries import mirror_status
from indexer.store.history import MIRROR as HISTORY
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseFullError
from marketplace.storage.transactions import reading, writing
from tests.conformance.chains import CHAIN_ID
from tests.databases import SqliteDatabases
from tests.integration.indexer.afresh import require_as_afresh
from tests.integration.indexer.conftest import maker
from tests.integration.indexer.cramped import give_room
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.processes import environment, running, served_market
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, actions, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode
from tests.postgres import crashing_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import URL, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

    from tests.databases import Databases
    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.marketplace.world import Market
    from tests.postgres import Server

MORE_PAGES = 40
LIVE = MirrorId(CHAIN_ID)
MORE_BYTES = 200_000
"""Room for a few blocks, each of which is a commit."""
ONE_BY_ONE = {"HEAD_BLOCKS": "1", "RANGE_BLOCKS": "1", "STAND_BY": "false"}


@pytest.fixture(scope="module")
def market() -> Iterator[tuple[str, Market]]:
    with served_market() as served:
        yield served


def act(market: Market, times: int) -> None:
    for _ in range(times):
        market.send("bo", market.contract.bump_counter())


@contextmanager
def opened(url: URL | str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def head_of(engine: Engine) -> int:
    with reading(engine) as connection:
        return mirror_status(connection, LIVE).head.number


def require_kept(engine: Engine, market: Market) -> None:
    """What is there is of the chain, as far as it goes, and that is not its end."""
    with reading(engine) as connection:
        head = mirror_status(connection, LIVE).head
    block = market.web3.eth.get_block(head.number)
    assert block["hash"].to_0x_hex() == head.hash
    assert head.number < market.web3.eth.block_number


def require_whole(engine: Engine, market: tuple[str, Market], new_database: NewDatabase) -> None:
    url, deployed = market
    assert head_of(engine) == deployed.web3.eth.block_number
    contracts = Contracts((deployed.contract.address,), 0)
    require_as_afresh(engine, LIVE, url, contracts, new_database)


def test_a_process_says_that_the_disk_is_full_and_goes_on_when_there_is_room(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    path = tmp_path / "mirror.sqlite"
    given = environment(f"sqlite:///{path}", url, deployed.contract.address, **ONE_BY_ONE)
    with running(given) as indexer, opened(f"sqlite:///{path}") as engine:
        indexer.line("caught_up")
        give_room(indexer.pid, path.with_name("mirror.sqlite-wal").stat().st_size + MORE_BYTES)
        before = head_of(engine)
        act(deployed, 30)

        told = indexer.line("retrying")
        assert told["code"] == "storage_full"
        assert "Make room" in told["said"]
        assert indexer.line("retrying")["failures"] == 2
        assert head_of(engine) > before
        require_kept(engine, deployed)

        give_room(indexer.pid)
        while indexer.line("added")["head"] < deployed.web3.eth.block_number:
            pass
        indexer.line("caught_up")
        assert indexer.end(signal.SIGTERM) == 0
        require_whole(engine, market, maker(SqliteDatabases(tmp_path)))


def test_a_process_that_finds_no_room_for_long_ends_and_the_next_one_loses_nothing(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    path = tmp_path / "mirror.sqlite"
    given = environment(
        f"sqlite:///{path}", url, deployed.contract.address, **ONE_BY_ONE, DATABASE_PATIENCE_S="0.3"
    )
    with running(given) as indexer:
        indexer.line("caught_up")
        give_room(indexer.pid, path.with_name("mirror.sqlite-wal").stat().st_size + MORE_BYTES)
        act(deployed, 30)
        assert indexer.ended() == 4
        assert "Make room, then try again." in indexer.said[-1]
    # Nobody can begin to lead either: that is written down too.
    with running(given, ["tests.integration.indexer.cramped", "16384", "run"]) as indexer:
        assert indexer.ended() == 4
        assert "Make room, then try again." in indexer.said[-1]

    with opened(f"sqlite:///{path}") as engine:
        require_kept(engine, deployed)
        with running(given) as indexer:
            indexer.line("caught_up")
            assert indexer.end(signal.SIGTERM) == 0
        require_whole(engine, market, maker(SqliteDatabases(tmp_path)))


def bound_server(engine: Engine, most: str) -> None:
    """Bound the size to which sessions of a server, also later ones, may let a file grow."""
    with reading(engine) as connection:
        found = connection.scalars(
            text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
        )
        pids = " ".join(map(str, found))
    # A server that root has started runs as another user, whose processes it alone may bound.
    each = f"for pid in $(head -n 1 postmaster.pid) {pids}; do prlimit --pid $pid --fsize={most}:"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"COPY (SELECT 1) TO PROGRAM '{each} || exit 1; done'")


def fill_blocks(engine: Engine) -> int:
    """Let the table of blocks have pages in which there is no room; gives its bytes."""
    full = text(
        "INSERT INTO blocks SELECT chain_id, contract_set, number + place, "
        "sha256(place::text::bytea), parent_hash, timestamp_s "
        "FROM blocks, generate_series(1000000, 1020000) AS place "
        "WHERE number = (SELECT max(number) FROM blocks)"
    )
    with engine.connect() as connection:
        assert connection.execute(full).rowcount == 20_001
        connection.rollback()
    with reading(engine) as connection:
        size = connection.scalar(text("SELECT pg_relation_size('blocks')"))
    assert isinstance(size, int)
    return size


def begin_journal(engine: Engine) -> None:
    """Go on at the beginning of a file of the journal: each is as long as ever from its first."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_switch_wal()"))
        connection.execute(text("CREATE TABLE something (x int)"))


@pytest.fixture
def server() -> Iterator[Server]:
    with crashing_postgres() as started_server:
        yield started_server


@pytest.fixture
def served(server: Server) -> Iterator[Engine]:
    """The server's database, with a mirror's tables in it; it writes nothing by itself."""
    with opened(server.url) as engine:
        HISTORY.upgrade(engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ALTER SYSTEM SET autovacuum = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield engine


def test_a_process_outlives_a_server_whose_tables_cannot_grow(
    market: tuple[str, Market], served: Engine, postgres_databases: Databases
) -> None:
    url, deployed = market
    given = environment(served.url, url, deployed.contract.address, **ONE_BY_ONE)
    with running(given) as indexer:
        indexer.line("caught_up")
        size = fill_blocks(served)
        begin_journal(served)
        bound_server(served, str(size))
        before = head_of(served)
        act(deployed, 150)

        told = indexer.line("retrying")
        assert told["code"] == "storage_full"
        assert "Make room" in told["said"]
        assert indexer.line("retrying")["failures"] == 2
        assert head_of(served) >= before
        require_kept(served, deployed)

        bound_server(served, "unlimited")
        while indexer.line("added")["head"] < deployed.web3.eth.block_number:
            pass
        indexer.line("caught_up")
        assert indexer.end(signal.SIGTERM) == 0
    require_whole(served, market, maker(postgres_databases))


def test_a_process_outlives_a_server_that_stops_since_its_journal_cannot_grow(
    market: tuple[str, Market], server: Server, served: Engine, postgres_databases: Databases
) -> None:
    url, deployed = market
    given = environment(served.url, url, deployed.contract.address, **ONE_BY_ONE)
    with running(given) as indexer:
        indexer.line("caught_up")
        begin_journal(served)
        bound_server(served, str(2**20))
        with writing(served) as connection:
            # Most of the room goes to what nobody reads.
            connection.execute(
                text("SELECT pg_logical_emit_message(true, '', repeat('x', 900000))")
            )
        act(deployed, 60)

        assert indexer.line("retrying")["code"] == "storage_unreachable"
        assert indexer.line("retrying")["code"] == "storage_unreachable"

        # Without room it cannot recover: it stops, sooner or later. It comes back unbounded.
        server.end()
        server.start()
        # It may have mirrored all that was there.
        act(deployed, 1)
        while indexer.line("added")["head"] < deployed.web3.eth.block_number:
            pass
        indexer.line("caught_up")
        assert indexer.end(signal.SIGTERM) == 0
    require_whole(served, market, maker(postgres_databases))


def test_a_mirror_goes_on_where_it_was_once_there_is_room(tmp_path: Path) -> None:
    dice = Random(11)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    caught: list[int] = []
    engine = open_engine(SqliteDatabases(tmp_path).create(migrated=True))
    caught_up(started(engine, TreeNode(tree)))
    full = True

    def bound(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()
        assert pages is not None
        allowed = pages[0] + MORE_PAGES if full else 1_000_000
        cursor.execute(f"PRAGMA max_page_count = {allowed}")
        caught.append(allowed)

    engine.dispose()
    event.listen(engine, "connect", bound)
    for _ in range(200):
        tree.grow(actions(dice, 8))
    shell = started(engine, TreeNode(tree))
    with pytest.raises(DatabaseFullError, match="Make room"):
        caught_up(shell)
    require_exact(engine, MIRROR, tree)

    full = False
    engine.dispose()
    caught_up(shell)

    require_exact(engine, MIRROR, tree)
    assert len(caught) > 1
    engine.dispose()
