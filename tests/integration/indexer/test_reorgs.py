"""Named reorganisations and lags (I-01 to I-10, I-13, I-21), each compared with the oracle."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace as changed

from indexer.audit.auditor import AuditDisagreed
from indexer.queries import drop_terms, mirror_status, seat
from indexer.rpc.errors import ChainDiffers, LogsContradict, ViewChanged
from indexer.rpc.values import View
from indexer.store.checkpoints import FenceLost
from indexer.sync.decision import FinalizedReplaced
from indexer.sync.shell import Outcome, Shell
from marketplace.domain.ids import DropId, SeatId
from marketplace.storage.transactions import reading
from tests.integration.indexer.auditing import StateTreeNode, auditor, finding
from tests.integration.indexer.commanding import settings_of
from tests.integration.indexer.market import Action
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    Mortal,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.tree import Tree, TreeNode
from tests.seats_command import seats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from indexer.queries import MirrorStatus
    from indexer.rpc.values import BlockHeader, RawLog
    from tests.integration.indexer.tree import Block
    from tests.seats_command import SeatsCommand

__all__ = ["seats"]

MINT = Action("mint", 5)
SALE = Action("sale", 9)
DEPTH = 6


class World:
    """A chain of twelve busy blocks and a mirror that has caught up with it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        dice = Random(11)
        self.tree = Tree(final_depth=DEPTH)
        self.tree.grow([DEPLOY, CREATE])
        for _ in range(11):
            self.tree.grow([MINT, *actions(dice, 3)])
        self.node = TreeNode(self.tree)
        self.watcher = Mortal()
        self.shell: Shell = started(engine, self.node, self.watcher)
        caught_up(self.shell)

    def branch(self, depth: int, length: int, *held: Action) -> Block:
        """Replace the top blocks by others."""
        parent = self.tree.tip.path()[-1 - depth]
        for _ in range(length):
            parent = self.tree.grow(held, parent)
        return parent

    def status(self) -> MirrorStatus:
        with reading(self.engine) as connection:
            return mirror_status(connection, MIRROR)

    def require_tip(self) -> None:
        self.require_tip_by(self.shell)

    def require_tip_by(self, shell: Shell) -> None:
        caught_up(shell)
        assert self.status().head.mark == self.tree.tip.header.mark
        require_exact(self.engine, MIRROR, self.tree)


@pytest.fixture
def world(database: Engine) -> World:
    return World(database)


@pytest.mark.parametrize("depth", range(1, DEPTH + 1))
def test_a_branch_of_any_depth_above_finalized_replaces_the_old_one(
    world: World, depth: int
) -> None:
    world.branch(depth, depth + 1, MINT)

    world.require_tip()

    assert world.watcher.rollbacks == 1
    assert world.status().generation == 1


def test_a_branch_that_leaves_the_finalized_block_stops_the_mirror(
    world: World, seats: SeatsCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.status()
    assert before.level_at is not None
    final = world.tree.finalized
    replacing = world.branch(DEPTH + 1, DEPTH + 2).path()[final.number]

    with pytest.raises(FinalizedReplaced, match="no door opens on it"):
        caught_up(world.shell)

    # Nothing is mirrored or forgotten; but nobody decides on it, from this commit on.
    assert world.status() == replace(before, level_at=None)
    found = finding(world.engine)
    assert found is not None
    assert (found.block_number, found.mirrored, found.on_chain, found.about) == (
        *(final.number, final.header.hash, replacing.header.hash, {}),
    )
    for name, value in settings_of(world.engine).items():
        monkeypatch.setenv(name, value)
    said = seats("index", "status", "--offline")
    assert f"the hash of the final block at block {final.number}" in said.out
    assert replacing.header.hash in said.out


def test_a_shorter_branch_that_leaves_the_finalized_block_stops_the_mirror(world: World) -> None:
    world.branch(DEPTH + 1, 1)

    with pytest.raises(FinalizedReplaced):
        world.shell.step()

    assert world.status().level_at is None
    assert finding(world.engine) is not None


def test_a_replaced_final_block_stops_whoever_starts_until_the_chain_has_it_again(
    world: World,
) -> None:
    first = world.tree.tip
    world.branch(DEPTH + 1, DEPTH + 2)
    with pytest.raises(FinalizedReplaced):
        world.shell.step()

    again = started(world.engine, world.node)
    looking = auditor(world.engine, StateTreeNode(world.tree))
    assert not looking.is_settled()
    with pytest.raises(AuditDisagreed, match=f"at block {world.status().finalized.number}: "):
        looking.look_again()
    assert world.status().level_at is None

    world.tree.move(first)
    again = started(world.engine, world.node)
    looking = auditor(world.engine, StateTreeNode(world.tree))
    looking.look_again()
    assert looking.is_settled()
    world.require_tip_by(again)
    assert world.status().level_at is not None


def test_who_was_taken_over_meanwhile_says_nothing_of_a_replaced_final_block(
    world: World,
) -> None:
    before = world.status()
    world.branch(DEPTH + 1, DEPTH + 2)

    class Paused(TreeNode):
        """Another indexer takes over while this node answers."""

        def view(self) -> View:
            started(world.engine, world.node)
            return super().view()

    shell = started(world.engine, Paused(world.tree))
    with pytest.raises(FenceLost):
        shell.step()

    assert world.status() == before
    assert finding(world.engine) is None


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_branch_that_is_shorter_or_as_long_is_followed(world: World, length: int) -> None:
    world.branch(3, length, MINT)

    world.require_tip()


def test_a_lower_head_on_the_same_branch_is_lag(world: World) -> None:
    before = world.status()
    tip = world.tree.tip
    world.tree.move(tip.path()[-4])

    assert world.shell.step() is Outcome.NODE_BEHIND

    assert world.status() == before
    world.tree.move(tip)
    assert world.shell.step() is Outcome.CAUGHT_UP


def test_the_first_branch_may_come_back(world: World) -> None:
    first = world.tree.tip
    world.branch(3, 4, MINT)
    world.require_tip()
    world.tree.move(first)

    world.require_tip()

    assert world.status().generation == 2


def test_a_second_reorganisation_may_come_before_the_first_is_followed(world: World) -> None:
    world.branch(2, 3, MINT)
    world.shell.step()
    world.branch(5, 5, SALE)

    world.require_tip()


def test_a_reorganisation_while_the_process_was_down_is_followed(world: World) -> None:
    world.branch(4, 6, MINT, SALE)
    world.shell = started(world.engine, world.node)

    world.require_tip()


def test_headers_of_two_branches_in_one_answer_are_not_taken_for_one(world: World) -> None:
    old = world.tree.grow([MINT])
    world.tree.grow([MINT], world.branch(1, 1, SALE))

    class Mixed(TreeNode):
        def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
            found = super().headers(numbers)
            return (old.header, *found[1:]) if numbers[0] == old.number else found

    shell = started(world.engine, Mixed(world.tree))
    shell.step()

    assert world.status().head.mark == old.header.mark
    require_exact(world.engine, MIRROR, world.tree)
    world.require_tip_by(started(world.engine, world.node))


def test_empty_blocks_may_replace_events_and_events_empty_blocks(world: World) -> None:
    world.branch(4, 4)
    world.require_tip()
    world.branch(4, 4, MINT, SALE)

    world.require_tip()


def test_a_transaction_that_is_mined_again_elsewhere_is_counted_once(world: World) -> None:
    orphan = world.tree.tip
    world.branch(1, 1)
    world.tree.grow([Action("stranger", 1), *orphan.actions])

    world.require_tip()


def test_a_drop_whose_creation_is_orphaned_was_never_there(world: World) -> None:
    number = DropId(len(world.tree.tip.market.drops) + 1)
    world.tree.grow([Action("create", 77)])
    world.require_tip()
    with reading(world.engine) as connection:
        assert drop_terms(connection, MIRROR, number) is not None

    world.branch(1, 2)
    world.require_tip()

    with reading(world.engine) as connection:
        assert drop_terms(connection, MIRROR, number) is None


def test_a_sale_that_is_orphaned_gives_the_seat_back(world: World) -> None:
    base = world.tree.tip
    world.tree.grow([Action("sale", number) for number in range(9)])
    world.require_tip()
    moved = {
        number
        for number, model in world.tree.tip.market.seats.items()
        if model.owner != base.market.seats[number].owner
    }
    assert moved

    world.branch(1, 1)
    world.require_tip()

    with reading(world.engine) as connection:
        for number in moved:
            found = seat(connection, MIRROR, SeatId(number))
            assert found is not None
            assert found.owner == base.market.seats[number].owner


def test_finalized_never_falls_when_the_node_forgets_it(world: World) -> None:
    before = world.status()

    class Forgetful(TreeNode):
        def view(self) -> View:
            return View(super().view().head, None, None)

    shell = started(world.engine, Forgetful(world.tree))
    world.tree.grow([MINT])
    caught_up(shell)

    after = world.status()
    assert after.head.number == before.head.number + 1
    assert (after.finalized, after.safe) == (before.finalized, before.safe)


def test_levels_rise_with_the_node_though_no_block_comes(world: World) -> None:
    before = world.status()
    world.tree.finalized = world.tree.tip.path()[-2]

    assert world.shell.step() is Outcome.CAUGHT_UP

    after = world.status()
    assert after.finalized.number == before.finalized.number + DEPTH - 1
    require_exact(world.engine, MIRROR, world.tree)


def test_safe_falls_to_the_ancestor_with_a_rollback_and_finalized_stands(world: World) -> None:
    before = world.status()
    world.branch(4, 5)

    world.shell.step()

    after = world.status()
    assert after.head == after.safe
    assert after.head.number == before.head.number - 4
    assert after.finalized == before.finalized


def test_a_node_that_began_anew_is_refused_while_it_is_followed(world: World) -> None:
    fresh = Tree()
    fresh._salt = 10_000  # noqa: SLF001 - another genesis needs another salt
    fresh.genesis = fresh._sealed(None, ())  # noqa: SLF001 - as above
    fresh.tip = fresh.finalized = fresh.genesis
    world.node.tree = fresh

    with pytest.raises(ChainDiffers, match="genesis"):
        world.shell.step()


def test_another_machines_head_does_not_make_the_mirror_leave_its_branch(world: World) -> None:
    """One machine behind the address names another head, and one that has ours gives the header."""
    ours = world.tree.tip
    other = world.tree.grow([MINT], ours.path()[-2])
    world.tree.move(ours)

    class TwoFaced(TreeNode):
        def view(self) -> View:
            return replace(super().view(), head=other.header)

    watcher = Mortal()
    shell = started(world.engine, TwoFaced(world.tree), watcher)

    with pytest.raises(ViewChanged):
        shell.step()

    assert watcher.rollbacks == 0
    assert world.status().head.mark == ours.header.mark


def test_two_different_logs_for_one_place_stop_the_mirror(world: World) -> None:
    class Contradictory(TreeNode):
        def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
            (logs,) = super().block_logs(hashes)
            return ((*logs, changed(logs[0], data=b"\x01")),)

    shell = started(world.engine, Contradictory(world.tree))
    world.tree.grow([MINT])

    with pytest.raises(LogsContradict):
        shell.step()
