"""Being told that there are new messages: soon, by whatever process, and never relied on."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from indexer.identity import MirrorId
from indexer.queries import mirror_status, outbox_bell, outbox_since
from indexer.store.notices import ring
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseUnreachableError
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.market import Action
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import CHAIN_ID, Tree, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.queries import Message
    from indexer.sync.shell import Shell
    from tests.databases import Databases

BACKSTOP_S = 20.0
SOON_S = BACKSTOP_S / 2


@pytest.fixture
def tree() -> Tree:
    tree = Tree(final_depth=4)
    tree.grow([DEPLOY, CREATE])
    for number in range(8):
        tree.grow([Action("bump", number)])
    return tree


@pytest.fixture
def shell(database: Engine, tree: Tree) -> Shell:
    shell = started(database, TreeNode(tree))
    caught_up(shell)
    return shell


def next_seq(engine: Engine) -> int:
    with reading(engine) as connection:
        return mirror_status(connection, MIRROR).next_seq


class Consumer:
    """Another process's engine; reads what is told, as the outbox's page says."""

    def __init__(self, url: str, seq: int, wanted: int) -> None:
        self.engine = open_engine(url)
        self.seq, self.wanted = seq, seq + wanted
        self.read: list[Message] = []
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.consume)

    def consume(self) -> None:
        while self.seq < self.wanted:
            try:
                with outbox_bell(self.engine, MIRROR) as bell:
                    self.follow(lambda: bell.wait(BACKSTOP_S))
            except DatabaseUnreachableError:
                continue

    def follow(self, wait: object) -> None:
        assert callable(wait)
        while True:
            with reading(self.engine) as connection:
                told = outbox_since(connection, MIRROR, self.seq)
            self.read += told
            self.seq += len(told)
            self.ready.set()
            if self.seq >= self.wanted:
                return
            wait()


def test_a_consumer_is_told_at_once_of_what_is_applied_and_retracted(
    database: Engine, tree: Tree, shell: Shell
) -> None:
    url = database.url.render_as_string(hide_password=False)
    consumer = Consumer(url, next_seq(database), wanted=3)
    consumer.thread.start()
    assert consumer.ready.wait(BACKSTOP_S)
    parent = tree.tip
    tree.grow([Action("bump", 77)])
    caught_up(shell)
    tree.grow([Action("bump", 78)], parent)

    caught_up(shell)

    began = monotonic()
    consumer.thread.join()
    assert monotonic() - began < SOON_S
    assert [one.kind for one in consumer.read] == ["apply", "retract", "apply"]
    consumer.engine.dispose()


def test_what_came_between_looking_and_waiting_is_not_slept_over(
    database: Engine, tree: Tree, shell: Shell
) -> None:
    with outbox_bell(database, MIRROR) as bell:
        tree.grow([Action("bump", 77)])
        caught_up(shell)

        assert bell.wait(BACKSTOP_S)
        assert not bell.wait(0)


def test_a_notice_that_never_comes_costs_the_wait_and_no_message(
    database: Engine, tree: Tree, shell: Shell
) -> None:
    seq = next_seq(database)
    tree.grow([Action("bump", 77)])
    caught_up(shell)
    with outbox_bell(database, MIRROR) as bell:
        # It was said before anybody listened.
        assert not bell.wait(0.01)
        with reading(database) as connection:
            assert len(outbox_since(connection, MIRROR, seq)) == 1


@pytest.mark.usefixtures("shell")
def test_a_commit_that_is_undone_tells_nobody(database: Engine) -> None:
    class Undone(Exception):
        """The transaction ends here."""

    def undo() -> None:
        with writing(database) as connection:
            ring(connection, MIRROR)
            raise Undone

    with outbox_bell(database, MIRROR) as bell:
        with pytest.raises(Undone):
            undo()
        assert not bell.wait(0.05)


def test_on_a_server_the_notices_of_another_mirror_are_passed_over(
    postgres_databases: Databases,
) -> None:
    engine = open_engine(postgres_databases.create(migrated=True))
    others = MirrorId(CHAIN_ID, "others")
    with outbox_bell(engine, MIRROR) as bell:
        with writing(engine) as connection:
            ring(connection, others)
        assert not bell.wait(0.05)
        with writing(engine) as connection:
            ring(connection, others)
            ring(connection, MIRROR)
        assert bell.wait(BACKSTOP_S)
    engine.dispose()


def test_a_bell_whose_connection_is_lost_says_so_and_the_consumer_goes_on(
    postgres_databases: Databases,
) -> None:
    tree = Tree(final_depth=4)
    tree.grow([DEPLOY, CREATE])
    engine = open_engine(postgres_databases.create(migrated=True))
    shell = started(engine, TreeNode(tree))
    caught_up(shell)
    url = engine.url.render_as_string(hide_password=False)
    consumer = Consumer(url, next_seq(engine), wanted=1)
    consumer.thread.start()
    assert consumer.ready.wait(BACKSTOP_S)
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    with writing(engine) as connection:
        assert connection.execute(others).rowcount == 1
    tree.grow([Action("bump", 77)])
    caught_up(shell)

    began = monotonic()
    consumer.thread.join()

    assert monotonic() - began < SOON_S
    assert [one.kind for one in consumer.read] == ["apply"]
    consumer.engine.dispose()
    engine.dispose()
