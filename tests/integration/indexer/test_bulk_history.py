"""History read in other ways, one ahead, without indexes, cut anywhere: the tables are the same."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, insert, inspect

from indexer.queries import mirror_status
from indexer.rpc.errors import NodeSilent
from indexer.store import late, ledger
from indexer.store.fold_tables import FOLDED
from indexer.store.tables import checkpoints
from indexer.sync.backfilling import Limits
from indexer.sync.progress import Progress
from indexer.sync.steps import Step
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.simulating import MIRROR, Crash, Mortal, caught_up, started
from tests.integration.indexer.test_commits import busy_tree
from tests.integration.indexer.tree import TreeNode
from tests.integration.rows import ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from indexer.rpc.values import RangeLogs
    from indexer.sync.shell import Shell
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.indexer.tree import Tree

EAGER = Limits(range_blocks=4, head_blocks=4, late_index_blocks=1)
"""Late indexes for any history that takes more than one range."""


def any_limits(dice: Random) -> Limits:
    return Limits(
        range_blocks=dice.choice([1, 3, 40, 1_000]),
        head_blocks=dice.choice([1, 2, 32]),
        prefetch=dice.random() < 0.7,
        late_index_blocks=dice.choice([0, 1]),
    )


def lived(engine: Engine, tree: Tree, dice: Random) -> int:
    """Reach the head of a tree with crashes anywhere on the way; gives how many there were."""
    crashes = 0
    shell = None
    for _ in range(500):
        watcher = Mortal(countdown=dice.choice([-1, *range(1, 25)]))
        shell = started(engine, TreeNode(tree), watcher, any_limits(dice))
        try:
            caught_up(shell)
        except Crash:
            crashes += 1
            continue
        finally:
            shell.close()
        return crashes
    raise AssertionError("it never came to the head")


@pytest.mark.parametrize("seed", range(4))
def test_any_ranges_threads_and_crashes_give_identical_tables(
    new_database: NewDatabase, seed: int
) -> None:
    tree, dice = busy_tree(), Random(seed)
    with new_database() as plain:
        caught_up(started(plain, TreeNode(tree), limits=Limits(1, 1, prefetch=False)))
        with reading(plain) as connection:
            expected = dump(connection)
            head = mirror_status(connection, MIRROR).head
    crashes = 0
    for _ in range(3):
        with new_database() as engine:
            crashes += lived(engine, tree, dice)
            with reading(engine) as connection:
                assert dump(connection) == expected
                status = mirror_status(connection, MIRROR)
            assert (status.head, status.live) == (head, True)
            assert not late.missing(engine)
    assert crashes


def test_indexes_of_readers_are_missing_until_the_mirror_is_live(database: Engine) -> None:
    tree = busy_tree()
    watcher = Mortal()
    shell = started(database, TreeNode(tree), watcher, EAGER)
    everything = {index.name for table in FOLDED for index in table.indexes}

    shell.step()
    assert {index.name for index in late.missing(database)} == everything
    while not is_live(database):
        assert Step.INDEXED not in watcher.steps
        shell.step()

    assert not late.missing(database)
    assert watcher.steps.count(Step.INDEXED) == len(everything)
    caught_up(shell)
    shell.close()
    require_exact(database, MIRROR, tree)


def test_each_index_that_is_built_late_is_told_before_and_after(database: Engine) -> None:
    told: list[dict[str, Any]] = []
    seconds = iter(range(10_000))
    progress = Progress(
        lambda event, **fields: told.append({"event": event, **fields}),
        lambda: float(next(seconds)),
    )
    shell = started(database, TreeNode(busy_tree()), limits=EAGER, progress=progress)
    caught_up(shell)

    indexes = [one for one in told if one["event"] != "progress"]
    everything = {index.name for table in FOLDED for index in table.indexes}
    of = len(everything)
    assert {one["index"] for one in indexes} == everything
    assert indexes[0] == {"event": "indexing", "index": indexes[0]["index"], "number": 1, "of": of}
    assert [(one["event"], one["number"], one["of"]) for one in indexes] == [
        (event, number, of) for number in range(1, of + 1) for event in ("indexing", "indexed")
    ]
    assert [one["took_s"] for one in indexes[1::2]] == [1] * of


def test_a_process_that_dies_among_the_indexes_leaves_the_rest_to_the_next(
    database: Engine,
) -> None:
    class Dying(Mortal):
        def reached(self, step: Step) -> None:
            super().reached(step)
            if step is Step.INDEXED:
                raise Crash

    tree = busy_tree()
    count = len([index for table in FOLDED for index in table.indexes])
    for gone in range(1, count + 1):
        with pytest.raises(Crash):
            caught_up(started(database, TreeNode(tree), Dying(), EAGER))
        assert len(late.missing(database)) == count - gone
        assert not is_live(database)

    caught_up(started(database, TreeNode(tree), Dying(), EAGER))

    assert is_live(database)
    require_exact(database, MIRROR, tree)


def test_indexes_stay_where_another_mirror_lives_in_the_tables(database: Engine) -> None:
    with writing(database) as connection:
        row = {**ROWS[checkpoints], "contract_set": "others"}
        connection.execute(insert(checkpoints).values(**row))
    shell = started(database, TreeNode(busy_tree()), limits=EAGER)

    shell.step()

    assert not late.missing(database)


@pytest.mark.parametrize(("blocks", "is_left"), [(21, True), (22, False)])
def test_a_short_history_leaves_no_index_for_later(
    database: Engine, blocks: int, *, is_left: bool
) -> None:
    tree = busy_tree(blocks=26, final_depth=6)
    limits = Limits(4, 4, late_index_blocks=blocks)
    assert tree.finalized.number == 21

    started(database, TreeNode(tree), limits=limits).step()

    assert bool(late.missing(database)) is is_left


def test_indexes_are_built_in_the_form_that_migrations_give_them(
    new_database: NewDatabase,
) -> None:
    tree = busy_tree()
    with new_database() as engine, new_database() as untouched:
        caught_up(started(engine, TreeNode(tree), limits=EAGER))
        for table in FOLDED:
            assert forms(engine, table.name) == forms(untouched, table.name)


def forms(engine: Engine, table: str) -> list[dict[str, Any]]:
    """The indexes of a table. What a partial one holds is a text, and no two texts are equal."""
    return [
        {
            **index,
            "dialect_options": {
                name: str(value) for name, value in index.get("dialect_options", {}).items()
            },
        }
        for index in inspect(engine).get_indexes(table)
    ]


def test_a_range_that_fails_ahead_is_asked_for_again_in_halves(database: Engine) -> None:
    asked: list[tuple[int, int]] = []

    class Refusing(TreeNode):
        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            asked.append((first, last))
            if last - first > 1:
                raise NodeSilent("too much")
            return super().range_logs(first, last, addresses)

    tree = busy_tree()
    shell = started(database, Refusing(tree), limits=Limits(range_blocks=80))

    failures = passes_until_head(shell)

    # Halves until two blocks are answered, and then no more than one beyond.
    assert failures >= 3
    sizes = [last - first + 1 for first, last in asked]
    assert all(size <= 3 for size in sizes[sizes.index(2) :])
    require_exact(database, MIRROR, tree)


def test_progress_is_told_for_history_and_not_for_the_head(database: Engine) -> None:
    tree = busy_tree()
    told: list[dict[str, Any]] = []
    seconds = iter(range(10_000))

    shell = started(
        database,
        TreeNode(tree),
        limits=Limits(range_blocks=3),
        progress=Progress(
            lambda _event, **fields: told.append(fields), lambda: float(next(seconds))
        ),
    )
    caught_up(shell)

    final = tree.finalized.number
    with reading(database) as connection:
        history = [row for row in dump(connection)["events"] if row["block_number"] <= final]  # type: ignore[operator] # a number
    assert told[-1]["done"] == told[-1]["of"] == final
    assert told[-1]["events"] == len(history)
    assert told[-1]["left_s"] == 0
    assert [one["done"] for one in told] == sorted({one["done"] for one in told})


def passes_until_head(shell: Shell) -> int:
    failures = 0
    for _ in range(300):
        try:
            caught_up(shell, passes=1)
        except NodeSilent:
            failures += 1
        except AssertionError:
            continue
        else:
            return failures
    raise AssertionError("it never came to the head")


def is_live(engine: Engine) -> bool:
    with reading(engine) as connection:
        return mirror_status(connection, MIRROR).live


def test_a_block_without_events_is_found_by_one_look_into_the_ledger(database: Engine) -> None:
    caught_up(started(database, TreeNode(busy_tree())))
    asked: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        asked.append((call[2], call[3]))

    with writing(database) as connection:
        event.listen(connection, "before_cursor_execute", note)
        ledger.prune_blocks(connection, MIRROR, 1, 5)
        event.remove(connection, "before_cursor_execute", note)
        statement, parameters = asked[-1]
        if database.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            wanted = "block_number = blocks.number"
        else:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            # A range in its place would be read once for each block of the range.
            wanted = "(chain_id=? AND contract_set=? AND block_number=?)"
        told = "\n".join(str(row[-1]) for row in plan)
    assert wanted in told
