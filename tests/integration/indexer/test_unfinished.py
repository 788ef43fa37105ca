"""What a mirror still lacks is said by its tables: by the status of any process, and by figures."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from indexer.folds.states import Sale, SeatState
from indexer.metrics import PREFIX, TableMetrics
from indexer.store.fold_tables import FOLDED
from indexer.sync import rebuilding
from indexer.sync.rebuilding import rebuild_stale
from tests.integration.indexer import processes
from tests.integration.indexer.simulating import MIRROR, NOON, caught_up, started
from tests.integration.indexer.test_bulk_history import EAGER
from tests.integration.indexer.test_commits import busy_tree
from tests.integration.indexer.test_filling import ADDED, NARROW, Told, mixed_tree
from tests.integration.indexer.test_rebuilding import Told as ToldOfFolds
from tests.integration.indexer.test_rebuilding import changed, held
from tests.integration.indexer.tree import TreeNode
from tests.seats_command import seats

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from tests.seats_command import SeatsCommand

    Status = Callable[[], dict[str, Any]]
    Said = Callable[..., str]

__all__ = ["seats"]


@pytest.fixture
def said(database: Engine, seats: SeatsCommand, monkeypatch: pytest.MonkeyPatch) -> Said:
    """What `seats index status` tells people."""
    address = database.url.render_as_string(hide_password=False)
    chain = str(MIRROR.chain_id)
    given = processes.environment(address, "http://127.0.0.1:9", ADDED[0].address, CHAIN_ID=chain)
    for name in given.keys() - os.environ.keys():
        monkeypatch.setenv(name, given[name])
    return lambda *more: seats("index", "status", "--offline", *more).out


@pytest.fixture
def status(said: Said) -> Status:
    """What it tells programs."""

    def told() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(said("--json"))
        return found

    return told


def figures(engine: Engine) -> dict[str, dict[str, float]]:
    """Those of what is under way: by label, or by nothing."""
    collected = TableMetrics(engine, MIRROR, lambda: float(NOON), lambda: None).collect()
    return {
        family.name.removeprefix(f"{PREFIX}_"): {
            " ".join(sample.labels.values()): sample.value for sample in family.samples
        }
        for family in collected
        if any(word in family.name for word in ("filling", "folding", "indexes"))
    }


NOTHING = {
    "filling_block": {},
    "filling_blocks_left": {},
    "folding_block": {},
    "folding_blocks_left": {},
    "indexes_missing": {"": 0},
}


def test_a_whole_mirror_lacks_nothing(database: Engine, status: Status, said: Said) -> None:
    caught_up(started(database, TreeNode(mixed_tree()), added=ADDED))

    told = status()

    assert (told["filling"], told["folding"], told["indexes_missing"]) == ({}, None, [])
    assert not {"filling", "folding"} & set(said().split())
    assert "indexes missing" not in said()
    assert figures(database) == NOTHING


def test_a_contract_that_is_filled_in_is_named_with_how_far_it_is(
    database: Engine, status: Status, said: Said
) -> None:
    tree, fills = mixed_tree(), Told()
    caught_up(started(database, TreeNode(tree)))
    shell = started(database, TreeNode(tree), limits=NARROW, added=ADDED, told=fills)
    while len(fills.fills) < 2:
        shell.step()

    final, reached = tree.finalized.number, fills.fills[-1]
    assert status()["filling"] == {
        "delegations": {"start_block": 2, "next_block": reached, "of": final}
    }
    assert f"filling          delegations from block 2: {reached - 1} of {final}" in said()
    assert figures(database) == NOTHING | {
        "filling_block": {"delegations": reached - 1},
        "filling_blocks_left": {"delegations": final - reached + 1},
    }
    caught_up(shell)
    assert figures(database) == NOTHING


def test_folds_that_are_built_again_are_named_with_how_far_they_are(
    database: Engine, status: Status, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "AT_ONCE", 15)
    tree, folded = mixed_tree(), ToldOfFolds()
    caught_up(started(database, TreeNode(tree), added=ADDED))
    changed(monkeypatch, SeatState, 2)
    changed(monkeypatch, Sale, 2)
    head = tree.tip.number
    waiting = status()["folding"]
    assert waiting == {"folds": ["sales", "seat_states"], "next_block": 0, "of": head}

    assert not rebuild_stale(held(database), folded, lambda: len(folded.events) == 2)

    told = status()["folding"]
    reached = told["next_block"]
    assert 0 < reached < head
    assert told == waiting | {"next_block": reached}
    assert f"folding          sales, seat_states: {reached - 1} of {head}" in said()
    assert figures(database) == NOTHING | {
        "folding_block": {"sales": reached - 1, "seat_states": reached - 1},
        "folding_blocks_left": {"sales": head - reached + 1, "seat_states": head - reached + 1},
    }
    assert rebuild_stale(held(database), folded)
    assert status()["folding"] is None


def test_tables_that_a_later_program_folded_do_not_keep_the_status_back(
    database: Engine, status: Status
) -> None:
    caught_up(started(database, TreeNode(mixed_tree()), added=ADDED))
    with pytest.MonkeyPatch.context() as later:
        changed(later, SeatState, 2)
        assert rebuild_stale(held(database), ToldOfFolds())

    assert status()["folding"] is None


def test_indexes_that_wait_for_the_end_of_history_are_named(
    database: Engine, status: Status, said: Said
) -> None:
    shell = started(database, TreeNode(busy_tree()), limits=EAGER)
    shell.step()

    everything = sorted(str(index.name) for table in FOLDED for index in table.indexes)
    assert status()["indexes_missing"] == everything
    assert f"indexes missing  {len(everything)}: {everything[0]}, {everything[1]}" in said()
    assert figures(database)["indexes_missing"] == {"": len(everything)}
    caught_up(shell)
    assert status()["indexes_missing"] == []
