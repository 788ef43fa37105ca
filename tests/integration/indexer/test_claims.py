"""The claim to lead, on both databases: one has it, and who shows no life loses it."""

from __future__ import annotations

import os
from time import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from indexer.identity import MirrorId
from indexer.leading import claim_of, life_name
from indexer.reads.leaders import leadership
from indexer.store.locks import LABEL, key_of, name_of
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseUnreachableError
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.market import Action
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from indexer.store.claims import Claim
    from tests.databases import Databases


class Processes:
    """Claims of different processes, each with an engine of its own."""

    def __init__(self, database: Engine) -> None:
        self._url = database.url
        self.engines: list[Engine] = []
        self.claims: list[Claim] = []

    def claim(self, mirror: MirrorId = MIRROR) -> Claim:
        number = len(self.engines)
        life = name_of(mirror, f"host{number}", 1000 + number)
        self.engines.append(open_engine(self._url, label=f"{LABEL}{life}"))
        self.claims.append(claim_of(self.engines[-1], mirror, life))
        return self.claims[-1]

    def end(self) -> None:
        for claim, engine in zip(self.claims, self.engines, strict=True):
            claim.release()
            engine.dispose()


@pytest.fixture
def processes(database: Engine) -> Iterator[Processes]:
    made = Processes(database)
    yield made
    made.end()


def test_one_has_it_and_the_other_sees_its_signs(processes: Processes) -> None:
    one, other = processes.claim(), processes.claim()
    assert one.take() is None
    assert one.take() is None

    first = other.take()
    assert first is not None
    assert other.take() == first

    assert one.keep()
    assert other.take() not in {None, first}


def test_one_that_is_released_is_free_at_once(processes: Processes) -> None:
    one, other = processes.claim(), processes.claim()
    assert one.take() is None
    other.release()
    assert other.take() is not None

    one.release()

    assert other.take() is None
    assert one.take() is not None


def test_one_that_showed_life_since_is_not_replaced(processes: Processes) -> None:
    one, other = processes.claim(), processes.claim()
    one.take()
    old = other.take()
    assert one.keep()

    assert other.take(old) is not None

    assert one.keep()


def test_one_that_was_silent_is_replaced_and_finds_out(processes: Processes) -> None:
    one, other = processes.claim(), processes.claim()
    one.take()
    sign = other.take()
    assert sign is not None

    while (found := other.take(sign)) is not None:
        # While a session is being ended its lock is held, by nobody any more.
        assert found == sign or not found.holder

    try:
        assert not one.keep()
    except DatabaseUnreachableError:
        # Its session was ended; the next sign opens another, which does not have the lock.
        assert not one.keep()
    assert other.keep()


def test_mirrors_of_one_database_have_claims_of_their_own(processes: Processes) -> None:
    names = (MIRROR, MirrorId(MIRROR.chain_id, "others"), MirrorId(1))
    claims = [processes.claim(name) for name in names]

    assert [one.take() for one in claims] == [None] * 3
    assert all(one.keep() for one in claims)
    assert len({key_of(name) for name in names}) == 3


def test_a_leader_whose_mirror_moves_is_alive(processes: Processes, database: Engine) -> None:
    tree = Tree()
    tree.grow([DEPLOY, CREATE])
    shell = started(database, TreeNode(tree))
    caught_up(shell)
    one, other = processes.claim(), processes.claim()
    one.take()
    silent = other.take()
    tree.grow([Action("bump", 1)])
    caught_up(shell)
    # On PostgreSQL commits are another session's, and keep no lock.
    alive = database.dialect.name == "sqlite"

    assert (other.take() != silent) == alive


def test_a_row_that_somebody_deleted_is_taken_again(processes: Processes, database: Engine) -> None:
    one, other = processes.claim(), processes.claim()
    one.take()
    with writing(database) as connection:
        connection.execute(text("DELETE FROM leases"))

    assert one.keep()
    assert other.take() is not None


def test_a_session_that_was_cut_is_opened_and_locked_again(postgres_databases: Databases) -> None:
    url = postgres_databases.create(migrated=True)
    engine, admin = open_engine(url), open_engine(url)
    claim = claim_of(engine, MIRROR, "life")
    assert claim.take() is None
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with writing(admin) as connection:
        assert connection.execute(cut).rowcount == 1

    with pytest.raises(DatabaseUnreachableError):
        claim.keep()
    assert claim.keep()

    claim.release()
    engine.dispose()
    admin.dispose()


def test_ousting_ends_every_session_of_that_process_and_no_other(
    postgres_databases: Databases,
) -> None:
    url = postgres_databases.create(migrated=True)
    hung = open_engine(url, label=f"{LABEL}hung")
    waiting, bystander = open_engine(url, label=f"{LABEL}next"), open_engine(url)
    one, other = claim_of(hung, MIRROR, "hung"), claim_of(waiting, MIRROR, "next")
    one.take()
    sign = other.take()
    with reading(bystander) as beside:

        def write() -> None:
            with writing(hung) as connection:
                connection.execute(text("SELECT 1"))
                while other.take(sign) is not None:
                    pass
                connection.execute(text("SELECT 1"))

        with pytest.raises(DatabaseUnreachableError):
            write()
        assert beside.scalar(text("SELECT 1")) == 1
    for claim in (one, other):
        claim.release()
    for engine in (hung, waiting, bystander):
        engine.dispose()


def test_people_are_told_who_leads_since_when_and_who_waits(
    processes: Processes, database: Engine
) -> None:
    before = int(time())
    with reading(database) as connection:
        assert leadership(connection, MIRROR).leader is None
    one, other = processes.claim(), processes.claim()
    elsewhere = processes.claim(MirrorId(1))
    assert (one.take(), elsewhere.take()) == (None, None)
    assert other.take() is not None

    with reading(database) as connection:
        told = leadership(connection, MIRROR)
        unknown = database.dialect.name == "sqlite"
        assert told.leader == "host0:1000"
        assert told.since is not None
        assert before <= told.since <= time()
        assert told.standing_by == (None if unknown else ("host1:1001",))
        assert leadership(connection, MirrorId(1)).leader == "host2:1002"
    one.release()
    with reading(database) as connection:
        assert leadership(connection, MIRROR).leader is None
    assert other.take() is None
    with reading(database) as connection:
        told = leadership(connection, MIRROR)
    assert told.leader == "host1:1001"
    assert told.standing_by == (None if unknown else ())


def test_a_name_fits_into_what_a_server_keeps_and_is_of_one_life() -> None:
    names = {name_of(MIRROR, "h" * 99, 4_194_304) for _ in range(9)}
    assert len(names) == 9
    assert max(len(f"{LABEL}{name}") for name in names) <= 63
    assert len({life_name(MIRROR), life_name(MIRROR)}) == 2
    assert life_name(MIRROR).partition(" ")[0].endswith(f":{os.getpid()}")
