"""Situations in which lives failed once, told without dice: each says that it has come.

Two more that a seed had found stand in `test_serving`, where no mirror is needed: a node that falls
silent on an open connection, and a request that a killed process leaves unfinished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.queries import mirror_status
from indexer.store import checkpoints
from indexer.store.checkpoints import FenceLost
from indexer.sync.backfilling import Limits
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.auditing import audited
from tests.integration.indexer.simulating import MIRROR, caught_up
from tests.simulation import ending, lives
from tests.simulation.running import lived

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Engine

    from indexer.sync.shell import Shell
    from tests.simulation.lives import Life
    from tests.simulation.serving import Served

SHORT = 45
"""A seed whose chain begins with so few blocks that none of them is final."""


def stay_short(life: Life) -> None:
    """The chain stands still."""
    life.chain.moves = lambda *_dice, **_sizes: None  # type: ignore[method-assign] # the script


def test_a_leader_that_was_taken_over_while_it_had_nothing_to_do_finds_its_fence_at_the_end(
    mirror_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[FenceLost] = []

    def watched(shell: Shell, passes: int) -> None:
        try:
            caught_up(shell, passes)
        except FenceLost as error:
            found.append(error)
            raise

    def take_over_at_last(life: Life) -> None:
        calm_down = life.calm_down

        def taken_over() -> None:
            calm_down()
            with writing(life.engine) as connection:
                checkpoints.take_over(connection, MIRROR)

        life.calm_down = taken_over  # type: ignore[method-assign] # what once came by dice

    monkeypatch.setattr(lives, "caught_up", watched)
    one = lived(mirror_engine, 2, mirror_engine.dialect.name, take_over_at_last)
    assert not one.failure
    assert found


def test_a_leader_that_was_taken_over_leaves_the_stop_to_who_follows(
    mirror_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As seed 1796103385 on PostgreSQL."""

    def take_over_at_last(life: Life) -> None:
        def taken_over(_: Life, served: Served) -> None:
            with writing(life.engine) as connection:
                checkpoints.take_over(connection, MIRROR)
            ending._leave_final(life, served)  # noqa: SLF001 - otherwise chosen by dice

        monkeypatch.setattr(lives, "end_as_told", taken_over)

    one = lived(mirror_engine, 2, mirror_engine.dialect.name, take_over_at_last)
    assert not one.failure


def test_a_mirror_that_asks_for_one_block_at_a_time_reaches_the_tip(mirror_engine: Engine) -> None:
    left: list[int] = []

    def one_by_one(life: Life) -> None:
        stay_short(life)
        life.limits = lambda: Limits(1, 1, prefetch=False)  # type: ignore[method-assign] # the script
        calm_down = life.calm_down

        def far_behind() -> None:
            calm_down()
            for _ in range(210):
                life.tree.grow()
            with reading(life.judge.engine) as connection:
                head = mirror_status(connection, MIRROR).head.number
            left.append(life.tree.tip.number - head)

        life.calm_down = far_behind  # type: ignore[method-assign] # the script

    one = lived(mirror_engine, SHORT, mirror_engine.dialect.name, one_by_one)
    assert not one.failure
    assert left[0] > 200


def test_of_a_chain_on_which_nothing_is_final_nothing_is_audited(mirror_engine: Engine) -> None:
    lives_: list[Life] = []

    def note(life: Life) -> None:
        lives_.append(life)
        stay_short(life)

    one = lived(mirror_engine, SHORT, mirror_engine.dialect.name, note)
    assert not one.failure
    assert one.commits
    assert lives_[0].tree.finalized.number == 0
    assert audited(mirror_engine) is None
