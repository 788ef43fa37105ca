"""On PostgreSQL each mirror's rows lie in partitions of its own, made before they are needed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import event, func, select, text

from indexer.identity import MirrorId
from indexer.queries import outbox_since, ownership_history
from indexer.store import ledger, partitions
from indexer.store.history import MIRROR as HISTORY
from indexer.store.partitions import EVENTS, OUTBOX, Room
from indexer.store.tables import events, outbox
from indexer.sync import shell
from indexer.sync.rebuilding import rebuild_stale
from marketplace.domain.ids import SeatId
from marketplace.storage.errors import DatabaseLockedError
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.market import Action
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.simulating import MIRROR, caught_up, started
from tests.integration.indexer.test_filling import ADDED, mixed_tree
from tests.integration.indexer.test_rebuilding import Told, held
from tests.integration.indexer.tree import TreeNode

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

    from tests.integration.indexer.tree import Tree

NARROW: Final = {
    "EVENTS": replace(EVENTS, first_width=4, narrowest=3),
    "OUTBOX": replace(OUTBOX, first_width=9, narrowest=8),
}


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let partitions be of a few blocks and messages, whatever is in them."""
    for name, kind in NARROW.items():
        monkeypatch.setattr(shell, name, kind)
    monkeypatch.setattr(partitions, "_STEEPEST", 1)


def is_postgres(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def parts(connection: Connection, table: str) -> list[str]:
    """The partitions of a table that hold rows."""
    names = connection.scalars(
        text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(:it)"),
        {"it": table},
    ).all()
    return [
        str(name)
        for name in names
        if connection.scalar(text(f'SELECT EXISTS (SELECT FROM "{name}")'))  # noqa: S608 - a catalogue's own name
    ]


def lived(engine: Engine) -> Tree:
    """A mirror with history, a head that was followed, and a reorganisation."""
    tree = mixed_tree(20)
    following = started(engine, TreeNode(tree), added=ADDED)
    caught_up(following)
    for number in range(26):
        tree.grow([Action("sale", number), Action("mint", number)])
        caught_up(following)
    parent = tree.tip.path()[-4]
    for number in range(4):
        parent = tree.grow([Action("mint", 50 + number)], parent)
    caught_up(following)
    return tree


@pytest.mark.usefixtures("narrow")
def test_rows_lie_in_partitions_of_their_mirror_and_of_no_other(
    database: Engine,
) -> None:
    tree = lived(database)
    require_exact(database, MIRROR, tree)
    if not is_postgres(database):
        return
    with reading(database) as connection:
        for table in ("events", "outbox"):
            held = parts(connection, table)
            assert len(held) > 1
            assert all(name.startswith(f"{table}_{MIRROR.chain_id}_") for name in held)


@pytest.mark.usefixtures("narrow")
def test_what_is_asked_of_a_place_looks_into_one_partition(database: Engine) -> None:
    tree = lived(database)
    if not is_postgres(database):
        return
    seat = SeatId(min(tree.tip.market.seats))
    head = tree.tip.number
    with writing(database) as connection:
        last = connection.scalar(select(func.max(outbox.c.seq))) or 0
        moments = {one.block.number for one in ownership_history(connection, MIRROR, seat)}
        asked: dict[str, tuple[Callable[[], object], int]] = {
            "messages from a number on": (lambda: outbox_since(connection, MIRROR, last), 1),
            "what a rollback takes back": (
                lambda: list(ledger.events_above(connection, MIRROR, head - 1)),
                1,
            ),
            "how much that is": (lambda: ledger.count_above(connection, MIRROR, head - 1), 1),
            "what is pruned": (
                lambda: ledger.prune_blocks(connection, MIRROR, head - 6, head - 5),
                1,
            ),
            "a seat's history": (
                lambda: ownership_history(connection, MIRROR, seat),
                len(moments),
            ),
            "what is cut off": (lambda: ledger.delete_above(connection, MIRROR, head - 1), 1),
        }
        for what, (ask, most) in asked.items():
            touched = read_by(connection, ask)
            assert 1 <= len(touched) <= most, (what, touched)


def read_by(connection: Connection, ask: Callable[[], object]) -> set[str]:
    """The partitions that a question really reads, by its plan."""
    statements: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:  # noqa: ANN401 - an event of SQLAlchemy's
        statements.append((given[2], given[3]))

    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    found: set[str] = set()
    for statement, parameters in statements:
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        told = plan.scalar()
        found |= _relations(json.loads(told) if isinstance(told, str) else told)
    return {name for name in found if name.startswith(("events_", "outbox_"))}


def _relations(node: Any) -> set[str]:  # noqa: ANN401 - JSON
    if isinstance(node, list):
        return {name for one in node for name in _relations(one)}
    if not isinstance(node, dict):
        return set()
    own = {node["Relation Name"]} if node.get("Actual Loops") and "Relation Name" in node else set()
    return own | {name for one in node.values() for name in _relations(one)}


def test_room_is_made_before_the_last_tenth_is_begun(database: Engine) -> None:
    caught_up(started(database, TreeNode(mixed_tree(10))))
    room = Room(database, MIRROR)
    kind = replace(EVENTS, first_width=100, narrowest=1)
    fresh = MirrorId(MIRROR.chain_id, "it's 100% ours")
    other = Room(database, fresh)
    other.make(kind, 50)
    room.make(EVENTS, 12)
    if not is_postgres(database):
        return
    with reading(database) as connection:
        assert bounds(connection, fresh) == [(0, 150)]
    other.make(kind, 134)
    with reading(database) as connection:
        assert bounds(connection, fresh) == [(0, 150)]
    other.make(kind, 135)
    with reading(database) as connection:
        # Nothing was in the first one.
        assert bounds(connection, fresh) == [(0, 150), (150, 150 + 8 * 150)]


def bounds(connection: Connection, mirror: MirrorId) -> list[tuple[int, int]]:
    found = partitions._parts(connection, EVENTS, mirror)  # noqa: SLF001 - what the catalogue says
    return sorted((one.first, one.past) for one in found)


@pytest.mark.parametrize(
    ("size", "wanted"),
    [(0, 8_000), (8 * 2**30, 1_000), (2 * 8 * 2**30, 500), (10**15, 125), (4 * 2**30, 2_000)],
)
def test_a_partition_is_as_wide_as_the_one_before_was_full(size: int, wanted: int) -> None:
    last = partitions._Part(first=0, past=1_000, size=size)  # noqa: SLF001 - a value
    assert partitions.next_width(replace(EVENTS, narrowest=1), last) == wanted
    assert partitions.next_width(EVENTS, last) == max(1_000, wanted)


def test_making_room_waits_for_no_reader(database: Engine) -> None:
    caught_up(started(database, TreeNode(mixed_tree(10))))
    with reading(database) as connection:
        assert connection.execute(select(events)).first() is not None
        Room(database, MIRROR).make(EVENTS, 10**6)
        if is_postgres(database):
            with reading(database) as other:
                assert bounds(other, MIRROR)[-1][1] > 10**6


def test_a_lock_that_others_keep_is_waited_for_only_where_there_is_no_room(
    database: Engine,
) -> None:
    caught_up(started(database, TreeNode(mixed_tree(10))))
    if not is_postgres(database):
        Room(database, MIRROR).make(EVENTS, 10**6)
        return
    with reading(database) as connection:
        past = bounds(connection, MIRROR)[-1][1]
    with database.begin() as holding:
        holding.execute(text("LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE"))
        Room(database, MIRROR).make(EVENTS, past - 1)
        with pytest.raises(DatabaseLockedError):
            Room(database, MIRROR).make(EVENTS, past)
    Room(database, MIRROR).make(EVENTS, past)
    with reading(database) as connection:
        assert bounds(connection, MIRROR)[-1][1] > past


def test_the_steps_go_down_and_up_with_a_mirror_in_the_tables(empty_database: Engine) -> None:
    HISTORY.upgrade(empty_database)
    tree = mixed_tree(25)
    following = started(empty_database, TreeNode(tree))
    caught_up(following)
    for number in range(5):
        tree.grow([Action("mint", number)])
        caught_up(following)
    with reading(empty_database) as connection:
        tables = dump(connection, outbox) | dump(connection)
    assert tables["outbox"]
    HISTORY.downgrade(empty_database, "mirror_0008")
    with reading(empty_database) as connection:
        assert dump(connection, outbox) | dump(connection) == tables
    HISTORY.downgrade(empty_database, "mirror_0005")
    HISTORY.upgrade(empty_database)
    with reading(empty_database) as connection:
        assert dump(connection, outbox) | dump(connection) == tables
        if is_postgres(empty_database):
            assert all(MIRROR_PART in name for name in parts(connection, "events"))
    assert rebuild_stale(held(empty_database), Told())
    tree.grow([Action("mint", 77), Action("sale", 3)])
    caught_up(started(empty_database, TreeNode(tree), added=ADDED))
    require_exact(empty_database, MIRROR, tree)


MIRROR_PART: Final = f"_{MIRROR.chain_id}_"
