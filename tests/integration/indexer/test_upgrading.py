"""The steps of later versions, down and up with a whole mirror in the tables."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from indexer.queries import audit_status, mirror_status, seats_of_owner
from indexer.reads.levels import MirrorIncomplete
from indexer.store import audits, late
from indexer.store.audit_tables import audits as audit_rows
from indexer.store.audits import DisagreementOpen, Finding
from indexer.store.fold_tables import FOLDED, delegation_states, seat_states
from indexer.store.fold_versions import FoldsHalfBuilt
from indexer.store.history import MIRROR as HISTORY
from indexer.store.leases import Lease, noted
from indexer.store.tables import blocks, events, fold_versions, outbox
from indexer.sync import rebuilding
from indexer.sync.rebuilding import rebuild_stale
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer import processes
from tests.integration.indexer.auditing import StateTreeNode, audit_all, auditor
from tests.integration.indexer.delegating import REGISTRY
from tests.integration.indexer.folding_again import folded_again
from tests.integration.indexer.market import PEOPLE, Action
from tests.integration.indexer.oracle import dump, require_exact, require_outbox
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    NOON,
    Crash,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.test_bulk_history import EAGER
from tests.integration.indexer.test_filling import ADDED, NARROW, joined, mixed_tree
from tests.integration.indexer.test_folding_again import Dying
from tests.integration.indexer.test_rebuilding import Told, held
from tests.integration.indexer.tree import Tree, TreeNode
from tests.seats_command import seats

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.sync.shell import Shell
    from tests.integration.indexer.conftest import NewDatabase
    from tests.seats_command import SeatsCommand

__all__ = ["seats"]

BEFORE: Final = "mirror_0004"
STEPS: Final = tuple(f"mirror_{number:04}" for number in range(1, int(HISTORY.newest[-4:])))
"""Every step but the last."""
FORMER: Final = (
    *("create", "verifier", "payout", "bump", "list", "credit", "withdraw", "offer"),
    *("mint", "sale", "gift", "cancel", "held_gift") * 4,
)
"""What the former contract had events for."""
FORMER_TABLES: Final = (blocks, events, *(one for one in FOLDED if one is not delegation_states))
"""Those that there were before the later steps, of which the chain decides."""


def mirrored(engine: Engine, *blocks: list[Action]) -> Tree:
    HISTORY.upgrade(engine)
    tree = Tree(safe_depth=2, final_depth=4)
    tree.grow([DEPLOY, CREATE])
    for block in blocks:
        tree.grow(block)
    caught_up(started(engine, TreeNode(tree)))
    return tree


def started_again(engine: Engine, tree: Tree) -> Shell:
    """Begin to lead as a process does: tables first, then the chain."""
    assert rebuild_stale(held(engine), Told())
    return started(engine, TreeNode(tree))


@pytest.mark.parametrize("step", STEPS)
def test_a_mirror_that_went_down_and_up_is_whole_before_it_is_level(
    empty_database: Engine, step: str
) -> None:
    dice = Random(11)
    tree = mirrored(empty_database, *(actions(dice, 6) for _ in range(60)))
    following = started(empty_database, TreeNode(tree))
    for _ in range(8):
        tree.grow(actions(dice, 4))
        caught_up(following)
    with reading(empty_database) as connection:
        before = dump(connection)
    lost = {one for one in FORMER_TABLES if before[one.name]}
    assert {"seat_states", "closing_states", "spent_offers"} <= {one.name for one in lost}

    HISTORY.downgrade(empty_database, step)
    HISTORY.upgrade(empty_database)

    HISTORY.require_current(empty_database)
    with reading(empty_database) as connection:
        now = dump(connection, *lost)
        emptied = {name for name, rows in now.items() if not rows}
        complete = {
            row["fold"]
            for row in dump(connection, fold_versions)["fold_versions"]
            if row["complete"]
        }
        assert not emptied & complete
        if step < "mirror_0008":
            assert mirror_status(connection, MIRROR).level_at is None
            assert complete == {"delegation_states"}
        if emptied:
            with pytest.raises(MirrorIncomplete):
                seats_of_owner(connection, MIRROR, PEOPLE[0], limit=9)
    following = started_again(empty_database, tree)
    require_exact(empty_database, MIRROR, tree)
    tree.grow(actions(dice, 4))
    caught_up(following)
    require_exact(empty_database, MIRROR, tree)


def test_tables_that_are_half_built_are_handed_to_no_former_program(
    empty_database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "AT_ONCE", 40)
    dice = Random(11)
    tree = mirrored(empty_database, *(actions(dice, 6) for _ in range(60)))
    told = Dying(2)
    with pytest.raises(Crash):
        folded_again(empty_database, told)
    with reading(empty_database) as connection:
        before = dump(connection)
    assert before["seat_states"]

    for step in ("mirror_0007", BEFORE, "mirror_0003"):
        with pytest.raises(FoldsHalfBuilt, match="`seats index rebuild` finish them first"):
            HISTORY.downgrade(empty_database, step)
        HISTORY.require_current(empty_database)
        with reading(empty_database) as connection:
            assert dump(connection) == before
    # Steps of the program itself go on with what is half built.
    HISTORY.downgrade(empty_database, "mirror_0008")
    HISTORY.upgrade(empty_database)
    rest = folded_again(empty_database)
    assert rest == len(before["events"]) - sum(told.pieces)
    require_exact(empty_database, MIRROR, tree)
    HISTORY.downgrade(empty_database, "mirror_0007")


def test_where_no_folded_table_is_left_half_built_ones_go_too(
    empty_database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "AT_ONCE", 40)
    dice = Random(11)
    tree = mirrored(empty_database, *(actions(dice, 6) for _ in range(60)))
    with pytest.raises(Crash):
        folded_again(empty_database, Dying(2))

    HISTORY.downgrade(empty_database, "mirror_0002")
    HISTORY.upgrade(empty_database)

    caught_up(started_again(empty_database, tree))
    require_exact(empty_database, MIRROR, tree)
    HISTORY.downgrade(empty_database, "base")
    assert HISTORY.current(empty_database) is None


def test_a_mirror_of_the_former_contract_is_upgraded_to_what_it_would_be_folded_to(
    empty_database: Engine,
) -> None:
    dice = Random(7)
    blocks = [
        [Action(dice.choice(FORMER), dice.randrange(10**9)) for _ in range(4)] for _ in range(60)
    ]
    tree = mirrored(empty_database, *blocks)
    with reading(empty_database) as connection:
        tables = dump(connection)
    assert tables["platform_states"]
    assert len(tables["seat_states"]) > len(blocks)

    HISTORY.downgrade(empty_database, BEFORE)
    HISTORY.upgrade(empty_database)

    with reading(empty_database) as connection:
        assert dump(connection) == tables
    # Nobody knows that, so it is folded all the same.
    assert folded_again(empty_database) == len(tables["events"])
    with reading(empty_database) as connection:
        assert dump(connection) == tables
    require_exact(empty_database, MIRROR, tree)


def test_an_upgrade_tells_each_step_and_how_far_the_tables_are_that_one_copies(
    empty_database: Engine, seats: SeatsCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = Random(11)
    mirrored(empty_database, *(actions(dice, 8) for _ in range(30)))
    with reading(empty_database) as connection:
        tables = dump(connection) | dump(connection, outbox)
    HISTORY.downgrade(empty_database, BEFORE)
    address = empty_database.url.render_as_string(hide_password=False)
    given = processes.environment(address, "http://127.0.0.1:9", REGISTRY)
    for name in given.keys() - os.environ.keys():
        monkeypatch.setenv(name, given[name])

    said = seats("index", "upgrade")

    assert (said.exit, said.out) == (0, "")
    told = [json.loads(line) for line in said.err.splitlines()]
    steps = [f"mirror_{number:04}" for number in range(5, int(HISTORY.newest[-4:]) + 1)]
    assert [one["step"] for one in told if one["event"] == "upgrading"] == steps
    assert [one["step"] for one in told if one["event"] == "upgraded"] == steps
    assert told[0]["what"].startswith("Let the folded tables hold the whole life of a seat")
    assert {one["of"] for one in told if one["event"] != "copied"} == {len(steps)}
    assert all(one["took_s"] >= 0 for one in told if one["event"] == "upgraded")
    copied = {one["table"]: one["done"] for one in told if one["event"] == "copied"}
    wanted = ["seat_states", "platform_states"]
    if empty_database.dialect.name == "postgresql":
        wanted += ["events", "outbox"]
    assert {name: copied[name] for name in wanted} == {name: len(tables[name]) for name in wanted}


def test_the_step_down_leaves_seats_whose_they_are_and_the_ledger_gives_the_rest_again(
    empty_database: Engine,
) -> None:
    dice = Random(11)
    tree = mirrored(empty_database, *(actions(dice, 8) for _ in range(300)))
    with reading(empty_database) as connection:
        tables = dump(connection)
    assert {"check_in", "object", "claim", "collect", "burn"} <= {
        row["change"] for row in tables["seat_states"]
    }
    assert all(tables[name] for name in ("closing_states", "spent_offers", "used_seats"))

    HISTORY.downgrade(empty_database, BEFORE)

    with reading(empty_database) as connection:
        kept = [seat_states.c[name] for name in ("owner", "epoch", "flags", "held")]
        rows = connection.execute(
            select(seat_states.c.change, *kept).order_by(*seat_states.primary_key.columns)
        ).mappings()
        known = {"mint", "sale", "gift", "burn", "hold", "cancel", "lock"}
        for row, before in zip(rows, tables["seat_states"], strict=True):
            change = before["change"] if before["change"] in known else "hold"
            assert row == {"change": change, **{one.name: before[one.name] for one in kept}}

    HISTORY.upgrade(empty_database)
    folded_again(empty_database)
    with reading(empty_database) as connection:
        assert dump(connection) == tables
    require_exact(empty_database, MIRROR, tree)


def test_without_its_audits_a_mirror_is_the_same_and_can_be_audited_again(
    empty_database: Engine,
) -> None:
    dice = Random(7)
    tree = mirrored(empty_database, *(actions(dice, 6) for _ in range(30)))
    audit_all(auditor(empty_database, StateTreeNode(tree)))
    with reading(empty_database) as connection:
        tables = dump(connection)
        written = dump(connection, audit_rows)
    assert written["audits"]

    HISTORY.downgrade(empty_database, "mirror_0005")
    with reading(empty_database) as connection:
        assert dump(connection, *FORMER_TABLES) == {
            one.name: tables[one.name] for one in FORMER_TABLES
        }
    HISTORY.upgrade(empty_database)

    with reading(empty_database) as connection:
        assert dump(connection) == tables
        status = audit_status(connection, MIRROR)
        assert status.audited is None
    assert rebuild_stale(held(empty_database), Told())
    audit_all(auditor(empty_database, StateTreeNode(tree)))
    with reading(empty_database) as connection:
        assert dump(connection, audit_rows) == written


def test_a_step_down_past_the_leases_leaves_the_mirror_as_it_is_and_nobody_leading(
    empty_database: Engine,
) -> None:
    dice = Random(5)
    tree = mirrored(empty_database, *(actions(dice, 4) for _ in range(40)))
    claim = Lease(empty_database, MIRROR, "one")
    assert claim.take() is None
    with reading(empty_database) as connection:
        tables = dump(connection)

    HISTORY.downgrade(empty_database, "mirror_0005")
    with reading(empty_database) as connection:
        assert dump(connection, *FORMER_TABLES) == {
            one.name: tables[one.name] for one in FORMER_TABLES
        }
    HISTORY.upgrade(empty_database)

    assert rebuild_stale(held(empty_database), Told())
    require_exact(empty_database, MIRROR, tree)
    assert Lease(empty_database, MIRROR, "other").take() is None


def test_a_step_down_past_what_leaders_say_of_themselves_leaves_the_mirror_as_it_is(
    empty_database: Engine,
) -> None:
    dice = Random(6)
    tree = mirrored(empty_database, *(actions(dice, 4) for _ in range(10)))
    claim = Lease(empty_database, MIRROR, "one")
    assert claim.take() is None
    with reading(empty_database) as connection:
        tables = dump(connection)
        assert noted(connection, MIRROR) is not None

    HISTORY.downgrade(empty_database, "mirror_0009")
    with reading(empty_database) as connection:
        assert dump(connection) == tables
    HISTORY.upgrade(empty_database)

    require_exact(empty_database, MIRROR, tree)
    with reading(empty_database) as connection:
        assert noted(connection, MIRROR) is None


def test_a_disagreement_outlives_the_step_that_says_what_it_was_about(
    empty_database: Engine,
) -> None:
    mirrored(empty_database, [Action("mint", 1)])
    found = Finding(
        block_number=2,
        what="the owner of seat 1",
        mirrored="a",
        on_chain="b",
        about={"seat": "1"},
        found_at=NOON,
    )
    with writing(empty_database) as connection:
        audits.note(connection, MIRROR, found)

    HISTORY.downgrade(empty_database, "mirror_0012")
    HISTORY.upgrade(empty_database)

    with reading(empty_database) as connection:
        assert audits.finding(connection, MIRROR) == replace(found, about=None)
    with writing(empty_database) as connection:
        audits.note(connection, MIRROR, found)
        assert audits.finding(connection, MIRROR) == found

    # Below is a program that knows of no audit.
    with pytest.raises(DisagreementOpen, match="disagree, and the program that this step leads"):
        HISTORY.downgrade(empty_database, "mirror_0006")
    HISTORY.require_current(empty_database)
    with reading(empty_database) as connection:
        assert audits.finding(connection, MIRROR) == found
    HISTORY.downgrade(empty_database, "base")
    assert HISTORY.current(empty_database) is None


@pytest.mark.parametrize("passes", [1, 200])
def test_a_step_down_past_the_registry_leaves_the_seats_alone_and_it_can_be_added_again(
    empty_database: Engine, new_database: NewDatabase, passes: int
) -> None:
    HISTORY.upgrade(empty_database)
    tree = mixed_tree()
    following = started(empty_database, TreeNode(tree))
    caught_up(following)
    for number in range(9):
        tree.grow([Action("delegate", number), Action("mint", number)])
        caught_up(following)
    # One pass fills a part in; with all of them it joins.
    adding = started(empty_database, TreeNode(tree), limits=NARROW, added=ADDED)
    for _ in range(passes):
        adding.step()
    require_exact(empty_database, MIRROR, tree)
    assert joined(empty_database) is (passes > 1)
    with new_database() as other:
        caught_up(started(other, TreeNode(tree)))
        with reading(other) as connection:
            alone = dump(connection, *FORMER_TABLES)

    HISTORY.downgrade(empty_database, "mirror_0007")
    with reading(empty_database) as connection:
        assert dump(connection, *FORMER_TABLES) == alone
    HISTORY.upgrade(empty_database)

    require_taken_back(empty_database, told=passes > 1)
    folded_again(empty_database)
    caught_up(started(empty_database, TreeNode(tree), limits=NARROW, added=ADDED))
    require_exact(empty_database, MIRROR, tree)
    folded_again(empty_database)
    require_exact(empty_database, MIRROR, tree)
    with new_database() as other:
        caught_up(started(other, TreeNode(tree), added=ADDED))
        with reading(empty_database) as held, reading(other) as connection:
            assert dump(held) == dump(connection)


def require_taken_back(engine: Engine, *, told: bool) -> None:
    """Whatever the outbox said of the registry it has taken back, the last first, word for word."""
    with reading(engine) as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.seq)).all()
        of_registry = [row for row in rows if REGISTRY in row.payload]
        applied = [row.payload for row in of_registry if row.kind == "apply"]
        taken_back = [row.payload for row in of_registry if row.kind == "retract"]
        assert taken_back == applied[::-1]
        assert bool(applied) is told
        next_seq = mirror_status(connection, MIRROR).next_seq
        require_outbox(connection, MIRROR, next_seq, in_order=False)


def test_a_mirror_whose_indexes_wait_for_the_end_of_history_goes_down_and_up(
    empty_database: Engine,
) -> None:
    HISTORY.upgrade(empty_database)
    tree = mixed_tree()
    started(empty_database, TreeNode(tree), limits=EAGER).step()
    assert late.missing(empty_database)

    HISTORY.downgrade(empty_database, "mirror_0011")
    HISTORY.upgrade(empty_database)

    caught_up(started(empty_database, TreeNode(tree), limits=EAGER))
    assert not late.missing(empty_database)
    require_exact(empty_database, MIRROR, tree)
