"""Several indexers of one mirror, as processes: one leads, the others follow it within seconds."""

from __future__ import annotations

import json
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import text

from indexer.identity import Contracts, MirrorId
from indexer.store import audits, checkpoints, heartbeats
from indexer.store.audits import Finding
from indexer.sync.steps import Step
from marketplace.domain.addresses import ETH
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseLockedError
from marketplace.storage.transactions import reading, writing
from tests.conformance.chains import CHAIN_ID
from tests.databases import SqliteDatabases
from tests.integration.indexer.afresh import require_as_afresh
from tests.integration.indexer.conftest import maker
from tests.integration.indexer.processes import dying, environment, running, served_market
from tests.integration.indexer.relay import relaying
from tests.integration.marketplace.steering import NodeSteering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.databases import Databases
    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.indexer.processes import Running
    from tests.integration.marketplace.world import Market

MIRROR = MirrorId(CHAIN_ID)
LEASE_S: Final = 3.0
"""Of indexers that are told nothing else."""

ONE_LOOK_S: Final = LEASE_S / 6
"""The most that one look at a leader adds to its silence, however long ago the last one was."""

FINAL_DEPTH: Final = 4


class House:
    """A market, a database, and the indexers that are run over them."""

    def __init__(
        self, url: str, market: Market, database: Engine, new_database: NewDatabase
    ) -> None:
        self.url, self.market = url, market
        self.database, self.new_database = database, new_database

    def environment(self, **more: str) -> dict[str, str]:
        return environment(self.database.url, self.url, self.market.contract.address, **more)

    @contextmanager
    def two(self) -> Iterator[tuple[Running, Running]]:
        """One that leads and is level, and one that stands by."""
        with running(self.environment()) as first:
            first.line("caught_up")
            with running(self.environment()) as second:
                second.line("standing_by")
                yield first, second

    def disagree(self) -> None:
        """Let an indexer find that it disagrees about money at its last final block."""
        assert isinstance(self.market.steering, NodeSteering)
        for _ in range(FINAL_DEPTH):
            self.market.steering.ask("evm_mine")
        with running(self.environment(LEASE_S="1")) as indexer:
            indexer.line("caught_up")
            assert indexer.end(signal.SIGTERM) == 0
        with writing(self.database) as connection:
            found = checkpoints.load(connection, MIRROR)
            assert found is not None
            account = str(self.market.contract.address)
            audits.note(
                connection,
                MIRROR,
                Finding(
                    block_number=found.finalized.number,
                    what=f"what {account} may withdraw of ETH",
                    mirrored="0",
                    on_chain="1",
                    about={"account": account, "currency": str(ETH)},
                    found_at=0,
                ),
            )
            heartbeats.stop(connection, MIRROR)

    def act(self) -> None:
        """Let an event happen that may happen any number of times."""
        self.market.send("bo", self.market.contract.bump_counter())

    def fence(self) -> int:
        with reading(self.database) as connection:
            found = checkpoints.load(connection, MIRROR)
        assert found is not None
        return found.fence

    def require_exact(self) -> None:
        contracts = Contracts((self.market.contract.address,), 0)
        require_as_afresh(self.database, MIRROR, self.url, contracts, self.new_database)


def without_states(body: bytes) -> bytes | None:
    """As a node answers that has pruned them all."""
    asked = json.loads(body)
    questions = asked if isinstance(asked, list) else [asked]
    if not all(one["method"] in {"eth_getBalance", "eth_call"} for one in questions):
        return None
    error = {"code": -32000, "message": "missing trie node"}
    told = [{"jsonrpc": "2.0", "id": one["id"], "error": error} for one in questions]
    return json.dumps(told if isinstance(asked, list) else told[0]).encode()


@pytest.fixture(scope="module")
def market() -> Iterator[tuple[str, Market]]:
    with served_market() as served:
        yield served


@pytest.fixture
def house(market: tuple[str, Market], database: Engine, new_database: NewDatabase) -> House:
    return House(*market, database, new_database)


@pytest.fixture
def postgres(market: tuple[str, Market], postgres_databases: Databases) -> Iterator[House]:
    """A house on PostgreSQL: on SQLite half a commit holds the file's one lock."""
    new_database = maker(postgres_databases)
    with new_database() as engine:
        yield House(*market, engine, new_database)


def paused(indexer: Running, database: Engine) -> None:
    """Stop a process that is not in the middle of writing."""
    quick = open_engine(database.url, busy_timeout_ms=0)
    while True:
        indexer.send(signal.SIGSTOP)
        try:
            with writing(quick):
                break
        except DatabaseLockedError:
            indexer.send(signal.SIGCONT)
    quick.dispose()


def silences(indexer: Running) -> list[float]:
    """After how many seconds of silence each leader was ousted, as an indexer has told so far."""
    told = [json.loads(said) for said in indexer.said if said.startswith("{")]
    return [one["silent_s"] for one in told if one["event"] == "ousted"]


def require_one_lease(silences: list[float]) -> None:
    """A silent leader was waited for as long as its lease is, and no longer.

    By the product's own count: how long this takes by a clock is also the machine's business.
    """
    assert [LEASE_S <= one <= LEASE_S + ONE_LOOK_S for one in silences] == [True]


def test_a_leader_that_is_killed_is_followed_within_seconds(house: House) -> None:
    with house.two() as (first, second):
        house.act()
        first.line("added")
        first.end(signal.SIGKILL)

        assert second.line("started")["fence"] == 2
        if house.database.dialect.name == "sqlite":
            require_one_lease(silences(second))
        else:
            # The server lets go for a session that has ended.
            assert silences(second) == []
        house.act()
        second.line("added")
        second.line("caught_up")
        assert second.end(signal.SIGTERM) == 0
    house.require_exact()


def test_a_leader_whose_node_is_silent_leaves_the_lead_to_one_whose_node_answers(
    house: House,
) -> None:
    with (
        relaying(house.url) as relay,
        running(house.environment(NODE=relay.url, LEASE_S="1")) as first,
    ):
        first.line("caught_up")
        with running(house.environment(LEASE_S="1")) as second:
            second.line("standing_by")
            relay.mode = "broken"
            house.act()
            first.line("lead_left")

            second.line("started")
            second.line("added")
            second.line("caught_up")
            relay.mode = "forward"
            first.line("standing_by")
            second.end(signal.SIGTERM)
            first.line("started")
    house.require_exact()


def test_a_leader_whose_node_cannot_settle_a_disagreement_leaves_the_lead_to_one_whose_node_can(
    postgres: House,
) -> None:
    house = postgres
    house.disagree()
    with (
        relaying(house.url) as relay,
        running(house.environment(NODE=relay.url, LEASE_S="1")) as first,
    ):
        relay.instead = without_states
        first.line("started")
        assert first.line("audit_retrying")["code"] == "state_gone"
        with running(house.environment(LEASE_S="1")) as second:
            second.line("standing_by")
            first.line("lead_left")

            second.line("started")
            second.line("caught_up")
            first.line("standing_by")
    with reading(house.database) as connection:
        assert audits.finding(connection, MIRROR) is None
    assert "caught_up" not in {json.loads(said)["event"] for said in first.said}


def test_a_leader_that_hangs_is_followed_and_stands_by_when_it_wakes(house: House) -> None:
    with house.two() as (first, second):
        paused(first, house.database)
        second.line("started")
        require_one_lease(silences(second))
        house.act()
        second.line("added")
        second.line("caught_up")

        heard = len(first.said)
        first.send(signal.SIGCONT)
        first.line("standing_by")
        assert not any('"added"' in said for said in first.said[heard:])
        house.act()
        second.line("added")
        assert house.fence() == 2
        second.end(signal.SIGKILL)
        assert first.line("started")["fence"] == 3
        first.line("caught_up")
        assert first.end(signal.SIGTERM) == 0
    house.require_exact()


def test_a_leader_that_hangs_in_the_middle_of_a_commit_is_followed(
    postgres: House,
) -> None:
    with postgres.two() as (first, second):
        _paused_in_a_commit(first, postgres)
        second.line("started")
        require_one_lease(silences(second))
        second.line("added")
        first.send(signal.SIGCONT)
        first.line("standing_by")
        assert postgres.fence() == 2
        second.line("caught_up")
        assert second.end(signal.SIGTERM) == 0
    postgres.require_exact()


def _paused_in_a_commit(leader: Running, house: House) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'outbox'::regclass"
    )
    with writing(house.database) as connection:
        # The commit waits for this table after it has moved the checkpoint.
        connection.execute(text("LOCK TABLE outbox IN EXCLUSIVE MODE"))
        house.act()
        while not connection.scalar(waiting):
            pass
        leader.send(signal.SIGSTOP)


def test_on_sqlite_a_leader_that_hangs_in_a_commit_holds_the_file_until_it_is_killed(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    databases = SqliteDatabases(tmp_path)
    new_database = maker(databases)
    with new_database() as engine:
        house = House(*market, engine, new_database)
        given = house.environment(BUSY_TIMEOUT_MS="100")
        with running(given, dying(Step.LEDGERED, signal.SIGSTOP)) as first:
            first.line("started")
            with running(given) as second:
                second.line("standing_by")
                for _ in range(3):
                    assert second.line("retrying")["code"] == "storage_locked"
                first.end(signal.SIGKILL)

                assert second.line("started")["fence"] == 2
                second.line("caught_up")
                assert second.end(signal.SIGTERM) == 0
        house.require_exact()


def test_one_that_does_not_stand_by_takes_over_at_once_and_the_older_one_stops(
    house: House,
) -> None:
    with running(house.environment(STAND_BY="false")) as first:
        first.line("caught_up")
        with running(house.environment(STAND_BY="false")) as second:
            assert second.line("started")["fence"] == 2
            assert first.ended() == 6
            assert "Another indexer has taken over" in first.said[-1]
            house.act()
            second.line("added")


def test_one_that_is_taken_over_from_stands_by_and_leads_again_once_the_other_is_stopped(
    house: House,
) -> None:
    with running(house.environment()) as first:
        first.line("caught_up")
        with running(house.environment(STAND_BY="false")) as second:
            second.line("caught_up")
            first.line("standing_by")
            assert second.end(signal.SIGTERM) == 0
        assert first.line("started")["fence"] == 3
        # It was let go of: nobody's silence was waited for.
        assert silences(first) == []
