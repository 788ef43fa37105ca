"""What somebody with gas to spend can do to a mirror and to who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from indexer.queries import listings_of_drop, mirror_status
from indexer.rpc.errors import NodeRefused
from indexer.store import fold_tables as folded
from indexer.store.history import MIRROR as TABLES
from indexer.sync.shell import Limits, Outcome
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.test_listings import DROP, END, FIRST, begin
from tests.integration.indexer.test_listings import MIRROR as LISTED
from tests.integration.indexer.tree import Tree, TreeNode
from tests.integration.rows import ROWS, word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from indexer.rpc.values import RawLog

STEPS = 100


class SmallNode(TreeNode):
    """A node that gives the logs of one block at most: the blocks are full of somebody's logs."""

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        if len(hashes) > 1:
            raise NodeRefused("eth_getLogs", -32003, "response too large")
        return super().block_logs(hashes)


def test_blocks_too_full_to_be_given_together_are_asked_for_one_by_one(database: Engine) -> None:
    tree = Tree(final_depth=100)
    tree.grow([DEPLOY, CREATE])
    shell = started(database, SmallNode(tree), limits=Limits(head_blocks=32))
    caught_up(shell)
    for _ in range(32):
        tree.grow([])

    # Half as many after each failure.
    for _ in range(5):
        with pytest.raises(NodeRefused):
            shell.step()
    assert shell.step() is Outcome.PROGRESSED

    with reading(database) as connection:
        assert mirror_status(connection, MIRROR).head.number == tree.tip.number - 31
    require_exact(database, MIRROR, tree)


def test_dead_listings_of_a_seat_do_not_make_each_other_slower_to_read(tmp_path: Path) -> None:
    few, many = (work_of(tmp_path / f"{count}.db", count) for count in (400, 1_600))
    # Four times as many cost four times as much, and a little for sorting them.
    assert many < 6 * few


def work_of(path: Path, count: int) -> int:
    """The steps that SQLite takes for one page of a drop whose seat has so many listings."""
    engine = open_engine(f"sqlite:///{path}")
    TABLES.upgrade(engine)
    with writing(engine) as connection:
        begin(connection)
        row = {**ROWS[folded.stored_listings], "block_hash": word(2), "block_number": 2}
        row |= {"seat": int(FIRST), "price": 1, "expiry": END}
        # The contract takes any counter: none of these was ever alive.
        rows = [{**row, "log_index": number, "counter": number} for number in range(count)]
        connection.execute(insert(folded.stored_listings), rows)
    taken = 0

    def note() -> int:
        nonlocal taken
        taken += 1
        return 0

    with reading(engine) as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(note, STEPS)
        assert len(listings_of_drop(connection, LISTED, DROP, END)) == min(count, 100)
        driver.set_progress_handler(None, 0)
    engine.dispose()
    return taken
