"""That a life can fail, that its seed repeats it, and lives that failed once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select

from indexer.store.fold_tables import seat_states
from indexer.sync.steps import Step
from marketplace.storage.transactions import writing
from tests.simulation.faults import KINDS
from tests.simulation.running import Account, lived

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.simulation.lives import Life


def lose_a_row(life: Life) -> None:
    """After each commit a row of the mirror is gone."""
    reached = life.witness.reached

    def spoilt(step: Step) -> None:
        if step is Step.COMMITTED:
            with writing(life.engine) as connection:
                connection.execute(delete(seat_states))
        reached(step)

    life.witness.reached = spoilt  # type: ignore[method-assign] # the fault


def test_a_mirror_that_loses_a_row_is_found_out(mirror_engine: Engine) -> None:
    one = lived(mirror_engine, 1, mirror_engine.dialect.name, lose_a_row)
    # By the oracle after the commit, or by the next fold, which misses what it stands on.
    assert re.search("AssertionError: seat_states|is not alive", one.failure)


def lose_rows_for_a_moment(life: Life) -> None:
    """While the mirror catches up at the end, what a commit leaves is wrong until the next pass."""
    reached = life.witness.reached
    lost: list[dict[str, object]] = []

    def spoilt(step: Step) -> None:
        reached(step)
        if step is Step.COMMITTED and life.faults.calm:
            with writing(life.engine) as connection:
                rows = connection.execute(select(seat_states)).mappings()
                lost.extend(dict(row) for row in rows)
                connection.execute(delete(seat_states))
        if step is Step.READ and lost:
            with writing(life.engine) as connection:
                connection.execute(insert(seat_states), lost)
            lost.clear()

    life.witness.reached = spoilt  # type: ignore[method-assign] # the fault


def test_what_is_wrong_after_one_commit_and_right_after_the_next_is_found_out(
    mirror_engine: Engine,
) -> None:
    one = lived(mirror_engine, 3, mirror_engine.dialect.name, lose_rows_for_a_moment)
    assert "AssertionError: seat_states" in one.failure


@pytest.mark.parametrize("seed", range(2))
def test_the_mirror_is_the_chain_after_every_commit(mirror_engine: Engine, seed: int) -> None:
    """Two of the many that `make simulate` lives."""
    one = lived(mirror_engine, seed, mirror_engine.dialect.name)
    assert not one.failure
    assert one.commits


def test_an_account_names_what_never_came() -> None:
    account = Account(databases={"postgresql"})
    assert account.missing == list(KINDS)
    account.faults.update(KINDS[1:])
    assert account.missing == [KINDS[0]]


def test_what_a_database_cannot_do_is_not_missed_there() -> None:
    account = Account(databases={"sqlite"})
    assert account.missing == [kind for kind in KINDS if kind != "disconnected"]
    account.databases.add("postgresql")
    assert "disconnected" in account.missing
