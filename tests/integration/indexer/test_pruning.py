"""Old messages go, numbers stay without gaps, and who comes too late is told so."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from indexer import pruning
from indexer.consumers import ConsumerUnfit, consumers, forget, note_read
from indexer.identity import MirrorId
from indexer.pruning import Pruner, pruned
from indexer.queries import MirrorMissing, OutboxPruned, mirror_status, outbox_since
from indexer.reads.messages import first_message
from indexer.store import checkpoints
from indexer.store.checkpoints import FenceLost
from indexer.store.history import MIRROR as HISTORY
from indexer.store.outbox_tables import outbox_consumers, outbox_marks
from indexer.sync.hold import Hold
from indexer.sync.loop import Pace
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseLockedError, StoreOutdatedError
from marketplace.storage.transactions import reading, writing
from tests.conformance.chains import CHAIN_ID
from tests.integration.indexer.market import Action
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.processes import environment, running, served_market
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import GENESIS_TIME, Tree, TreeNode
from tests.seats_command import seats

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.sync.shell import Shell
    from tests.seats_command import SeatsCommand

__all__ = ["seats"]

KEEP_S = 240
"""For twenty blocks."""
PATIENCE_S = 10


@dataclass
class World:
    """A chain, its mirror, a pruner, and the clock of the machine that they run on."""

    engine: Engine
    tree: Tree
    shell: Shell
    now: float = GENESIS_TIME

    def __post_init__(self) -> None:
        with reading(self.engine) as connection:
            found = checkpoints.load(connection, MIRROR)
        assert found is not None
        self.pruner = Pruner(Hold(self.engine, MIRROR, found.fence), KEEP_S, lambda: self.now)

    def lives(self, blocks: int, *, prunes: bool = True) -> int:
        """Let so many blocks come, each with a message, and the clock go with them."""
        gone = 0
        for number in range(blocks):
            self.tree.grow([Action("bump", number)])
            caught_up(self.shell)
            self.now = self.tree.tip.header.timestamp_s
            if prunes:
                gone += self.pruner.step()
        return gone

    @property
    def next_seq(self) -> int:
        with reading(self.engine) as connection:
            return mirror_status(connection, MIRROR).next_seq

    def kept(self, seq: int | None = None) -> list[int]:
        """The numbers from one on, or from the first that is there."""
        with reading(self.engine) as connection:
            if seq is None:
                seq = first_message(connection, MIRROR)
            return [one.seq for one in outbox_since(connection, MIRROR, seq, limit=9_999)]

    def note(self, name: str, seq: int) -> None:
        with writing(self.engine) as connection:
            note_read(connection, MIRROR, name, seq)


@pytest.fixture
def world(database: Engine) -> World:
    tree = Tree(final_depth=4)
    tree.grow([DEPLOY, CREATE])
    for number in range(6):
        tree.grow([Action("bump", number)])
    shell = started(database, TreeNode(tree))
    caught_up(shell)
    return World(database, tree, shell)


def test_what_is_old_goes_and_what_is_young_stays_without_gaps(world: World) -> None:
    assert world.lives(15) == 0
    assert world.kept() == list(range(1, world.next_seq))

    gone = world.lives(45)

    kept = world.kept()
    assert kept == list(range(gone + 1, world.next_seq))
    # A message of each of the last twenty blocks, and of those since the mark before.
    assert 20 <= len(kept) <= 23
    require_exact(world.engine, MIRROR, world.tree)


def test_who_comes_too_late_is_told_to_begin_again_and_passes_over_nothing(world: World) -> None:
    gone = world.lives(60)
    assert gone > 30
    for seq in (1, gone):
        with pytest.raises(OutboxPruned, match="begin again with a snapshot") as told:
            world.kept(seq)
        assert (told.value.seq, told.value.first) == (seq, gone + 1)
    assert world.kept(gone + 1)[0] == gone + 1


def test_an_outbox_that_was_emptied_goes_on_with_its_numbers(world: World) -> None:
    world.lives(10)
    last = world.next_seq - 1
    # Blocks come, and no message.
    for _ in range(40):
        world.tree.grow([])
    caught_up(world.shell)
    world.now = world.tree.tip.header.timestamp_s
    assert world.pruner.step() == last

    assert world.kept(last + 1) == []
    with pytest.raises(OutboxPruned):
        world.kept(last)
    world.lives(1)
    assert world.kept(last + 1) == [last + 1]
    require_exact(world.engine, MIRROR, world.tree)


def test_what_a_known_consumer_has_not_read_stays_however_old(world: World) -> None:
    world.lives(10)
    world.note("webhooks", 5)
    world.note("mails", 9)
    assert world.lives(60) == 4
    assert world.kept(5)[0] == 5

    world.note("webhooks", 12)
    assert world.pruner.step() == 4
    with writing(world.engine) as connection:
        forget(connection, MIRROR, "mails")
        assert consumers(connection, MIRROR) == {"webhooks": 12}
    assert world.pruner.step() == 3
    assert world.kept(12)[0] == 12


def test_what_a_consumer_is_saying_that_it_needs_stays_and_holds_nobody_up(
    database: Engine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "PIECE", 3)
    world.lives(60)
    world.lives(20, prunes=False)
    impatient = open_engine(database.url, busy_timeout_ms=100)
    beside = World(impatient, world.tree, world.shell, world.now)
    with writing(database) as connection:
        first = first_message(connection, MIRROR)
        note_read(connection, MIRROR, "new", first)
        # It marks what was told by now, and asks for what may go.
        prunes = Thread(target=steps, args=(beside, 2), daemon=True)
        prunes.start()
        prunes.join(PATIENCE_S)
        is_held = prunes.is_alive()

    prunes.join(PATIENCE_S)
    impatient.dispose()
    assert not is_held
    assert world.kept()[0] == first
    world.note("new", first + 2)
    assert world.pruner.step() == 2


def steps(world: World, times: int) -> None:
    for _ in range(times):
        # SQLite has one writer for a file.
        with suppress(DatabaseLockedError):
            world.pruner.step()


def test_a_consumer_that_cannot_be_meant_is_refused(world: World, database: Engine) -> None:
    gone = world.lives(60)
    for name, seq in (("", gone + 1), ("x" * 65, gone + 1), ("ahead", world.next_seq + 1)):
        with pytest.raises(ConsumerUnfit, match="cannot be noted"):
            world.note(name, seq)
    with pytest.raises(OutboxPruned):
        world.note("late", gone)
    with writing(database) as connection:
        with pytest.raises(ConsumerUnfit, match="it is not known; nobody is"):
            forget(connection, MIRROR, "nobody")
        with pytest.raises(MirrorMissing):
            note_read(connection, MirrorId(MIRROR.chain_id, "other"), "one", 1)
        assert consumers(connection, MIRROR) == {}


@pytest.mark.parametrize("wrong", ["ahead", "behind"])
def test_one_wrong_clock_throws_nothing_away(world: World, wrong: str) -> None:
    """The machine's clock leaps a year; or a minute's reading is of what took the chain long."""
    world.lives(10)
    if wrong == "ahead":
        world.now += 31_536_000
    else:
        for number in range(60):
            world.tree.grow([Action("bump", number)])
        caught_up(world.shell)
    for _ in range(3):
        assert world.pruner.step() == 0

    assert world.kept() == list(range(1, world.next_seq))


def test_so_much_goes_at_once_that_no_block_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "PIECE", 7)
    world.note("waiting", 1)
    world.lives(60)
    world.note("waiting", 30)
    went = [world.pruner.step() for _ in range(6)]

    assert went == [7, 7, 7, 7, 1, 0]


def test_one_that_was_taken_over_from_notes_nothing(world: World) -> None:
    world.lives(3)
    with writing(world.engine) as connection:
        checkpoints.take_over(connection, MIRROR)
        before = dump(connection, outbox_marks)
    world.now += KEEP_S
    started(world.engine, TreeNode(world.tree))
    grown = World(world.engine, world.tree, started(world.engine, TreeNode(world.tree)))
    grown.lives(1, prunes=False)
    with pytest.raises(FenceLost):
        world.pruner.step()

    with reading(world.engine) as connection:
        assert dump(connection, outbox_marks) == before


class Heard:
    """Hears lines, and the wish to stop."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.stops = 0

    def write(self, event: str, **fields: str | float | bool) -> None:
        assert fields
        self.lines.append(event)

    def stop(self) -> None:
        self.stops += 1


def test_beside_the_loop_it_ends_with_it_and_takes_it_along_when_it_cannot_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard()
    pace = Pace(poll_s=0.001, first_s=0.001, most_s=0.01, database_patience_s=1)
    with pruned(world.pruner, pace, heard, heard):
        pass
    assert (heard.lines, heard.stops) == ([], 0)

    def spoilt() -> int:
        raise StoreOutdatedError("mirror", "it", "a", "b")

    monkeypatch.setattr(world.pruner, "step", spoilt)
    beside = pruned(world.pruner, pace, heard, heard)
    beside.__enter__()
    while not heard.stops:
        pass
    with pytest.raises(StoreOutdatedError):
        beside.__exit__(None, None, None)
    assert heard.stops == 1


def test_a_step_down_past_what_consumers_note_keeps_every_message(
    empty_database: Engine,
) -> None:
    HISTORY.upgrade(empty_database)
    tree = Tree(final_depth=4)
    tree.grow([DEPLOY, CREATE])
    tree.grow([Action("bump", 1)])
    shell = started(empty_database, TreeNode(tree))
    caught_up(shell)
    world = World(empty_database, tree, shell)
    world.lives(5)
    world.note("webhooks", 2)
    kept = world.kept()

    HISTORY.downgrade(empty_database, "mirror_0010")
    HISTORY.upgrade(empty_database)

    assert world.kept() == kept
    with reading(empty_database) as connection:
        assert dump(connection, outbox_marks, outbox_consumers) == {
            "outbox_marks": [],
            "outbox_consumers": [],
        }
    world.lives(1)
    require_exact(empty_database, MIRROR, tree)


def test_a_process_that_may_throws_away_and_says_so(
    database: Engine, seats: SeatsCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = MirrorId(CHAIN_ID)
    with served_market() as (url, market):
        given = environment(database.url, url, market.contract.address)
        with running(given) as indexer:
            indexer.line("caught_up")
            for _ in range(3):
                market.send("bo", market.contract.bump_counter())
                indexer.line("added")
        with writing(database) as connection:
            last = mirror_status(connection, mirror).next_seq - 1
            assert not connection.scalars(select(outbox_marks.c.next_seq)).all()
            row = {**mirror.columns, "next_seq": last + 1, "told_at": 0}
            connection.execute(insert(outbox_marks).values(**row))
            note_read(connection, mirror, "webhooks", last)
        more = {"SEATS_INDEXER_OUTBOX_DAYS": "1", "SEATS_INDEXER_STAND_BY": "false"}
        with running(given | more) as indexer:
            assert indexer.line("pruned")["messages"] == last - 1
    for name, value in given.items():
        if name.startswith("SEATS_"):
            monkeypatch.setenv(name, value)
    said = seats("index", "consumers")
    assert said.out == f"first seq  {last}\nnext seq   {last + 1}\nconsumers\n  webhooks  {last}\n"
    assert "webhooks" not in seats("index", "consumers", "--forget", "webhooks").out
    refused = seats("index", "consumers", "--forget", "webhooks")
    assert (refused.exit, "it is not known; nobody is" in refused.err) == (2, True)
