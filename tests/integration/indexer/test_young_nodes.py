"""A node that reads its chain anew: what it lacks is no reason to end, where a mirror is begun."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from indexer.process import prepare
from indexer.queries import mirror_status, outbox_since
from indexer.rpc import probe
from indexer.rpc.errors import ContractMissing, ViewChanged
from indexer.rpc.values import Mark, View
from indexer.settings import IndexerSettings
from indexer.store import checkpoints, ledger
from indexer.sync.backfilling import Limits
from indexer.sync.memory import Memory
from marketplace.storage.transactions import reading
from tests.integration.indexer.market import SEATS, Action
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, NOON, caught_up, started
from tests.integration.indexer.tree import CHAIN_ID, Tree, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.sync.shell import Shell
    from marketplace.domain.addresses import ChecksumAddress


@dataclass
class Young(TreeNode):
    """Has read its chain up to a block, and nothing of the contract."""

    head: int = 0

    def view(self) -> View:
        block = self.tree.tip.path()[self.head]
        return View(block.header, None, self.tree.genesis.header.mark)

    def code(self, address: ChecksumAddress) -> bytes:
        assert address == SEATS
        return b""


def test_a_node_that_has_not_read_what_is_final_here_is_asked_again(database: Engine) -> None:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(20):
        tree.grow()
    settings = settings_of(database)
    for start_block in (0, 1):
        unread = settings.model_copy(update={"start_block": start_block})
        with pytest.raises(ContractMissing):
            prepare(database, Young(tree, 20), unread, lambda: NOON)
    caught_up(started(database, TreeNode(tree)))

    with pytest.raises(ViewChanged, match="at block 3, and block 15 is final here"):
        prepare(database, Young(tree, 3), settings, lambda: NOON)
    with pytest.raises(ViewChanged, match=f"no contract at {SEATS}, whose events are mirrored"):
        prepare(database, Young(tree, 20), settings, lambda: NOON)

    assert fence_of(database) == 1
    assert prepare(database, TreeNode(tree), settings, lambda: NOON).fence == 2


def settings_of(database: Engine) -> IndexerSettings:
    return IndexerSettings(
        database=SecretStr(database.url.render_as_string(hide_password=False)),
        node=SecretStr("http://127.0.0.1:1"),
        chain_id=CHAIN_ID,
        contract=SEATS,
        start_block=1,
    )


def fence_of(database: Engine) -> int:
    with reading(database) as connection:
        found = checkpoints.load(connection, MIRROR)
    assert found is not None
    return found.fence


@dataclass
class Absent(TreeNode):
    """Leaves the finalized block out of some of its answers, as a gateway does that is busy."""

    answers: int = 0
    absent: int = 3

    def view(self) -> View:
        self.answers += 1
        seen = super().view()
        return View(seen.head, seen.safe, None) if self.answers == self.absent else seen


def test_one_answer_without_a_final_block_never_ends_who_takes_a_mirror_over(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "YOUNG", 15)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(20):
        tree.grow()
    caught_up(started(database, TreeNode(tree)))
    settings, node = settings_of(database), Absent(tree, absent=1)
    with pytest.raises(ViewChanged, match="the node calls no block final, and block 15 was"):
        prepare(database, node, settings, lambda: NOON)
    assert fence_of(database) == 1

    # All checks are of one answer: the next may be another machine's.
    for absent in (2, 3):
        node = Absent(tree, absent=absent)
        prepare(database, node, settings, lambda: NOON)
        assert node.answers == 1


def test_one_answer_without_a_final_block_does_not_make_history_news(database: Engine) -> None:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(30):
        tree.grow([Action("mint", number)])
    shell = started(database, Absent(tree), limits=Limits(5, 5))
    shell.step()
    shell.step()
    with pytest.raises(ViewChanged, match="no block final now"):
        shell.step()
    with reading(database) as connection:
        assert not mirror_status(connection, MIRROR).live

    caught_up(shell)

    with reading(database) as connection:
        assert ledger.outbox_origin(connection, MIRROR) == tree.finalized.header.mark
        first = outbox_since(connection, MIRROR, 1)[0]
    assert first.block.number == tree.finalized.number + 1


@dataclass
class Earlier(TreeNode):
    """Calls an earlier block final in some of its answers: a machine that lags behind others."""

    spoilt: tuple[int, ...] = ()
    final: int = 10
    answers: int = 0

    def view(self) -> View:
        self.answers += 1
        seen = super().view()
        if self.answers not in self.spoilt:
            return seen
        return View(seen.head, seen.safe, self.tree.tip.path()[self.final].header.mark)


@pytest.mark.parametrize("final", [3, 10])
def test_an_earlier_final_block_than_before_does_not_make_history_news(
    database: Engine, final: int
) -> None:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(30):
        tree.grow([Action("mint", number)])
    shell = started(database, Earlier(tree, (2, 3), final), limits=Limits(5, 5))
    shell.step()
    for _ in range(2):
        with pytest.raises(ViewChanged, match=f"block {final} the last final one, and 25 was"):
            shell.step()
    with reading(database) as connection:
        status = mirror_status(connection, MIRROR)
    assert (status.head.number, status.live) == (5, False)

    caught_up(shell)

    with reading(database) as connection:
        assert ledger.outbox_origin(connection, MIRROR) == tree.finalized.header.mark
        first = outbox_since(connection, MIRROR, 1)[0]
    assert first.block.number == tree.finalized.number + 1


def twenty_passes(shell: Shell) -> None:
    for _ in range(20):
        shell.step()


def test_machines_that_lag_a_little_hold_a_history_up_only_at_its_end(database: Engine) -> None:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(30):
        tree.grow([Action("mint", number)])
    final = tree.finalized.number
    node = Earlier(tree, tuple(range(2, 99, 2)), final - 1)
    shell = started(database, node, limits=Limits(5, 5))
    for reached in range(5, final - 1, 5):
        shell.step()
        with reading(database) as connection:
            assert mirror_status(connection, MIRROR).head.number == reached

    with pytest.raises(ViewChanged, match=f"block {final - 1} the last final one, and {final} was"):
        twenty_passes(shell)
    caught_up(shell)

    with reading(database) as connection:
        assert ledger.outbox_origin(connection, MIRROR) == tree.finalized.header.mark


@dataclass
class Astray(TreeNode):
    """Gives its first answer from a chain that is longer by far."""

    answers: int = 0

    def view(self) -> View:
        self.answers += 1
        seen = super().view()
        if self.answers > 1:
            return seen
        return View(replace(seen.head, number=20_000_000), None, Mark(10_000_000, "0x" + "ab" * 32))


def test_one_stray_answer_holds_a_history_up_for_a_minute_at_most(database: Engine) -> None:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(30):
        tree.grow([Action("mint", number)])
    now = [NOON]
    shell = started(database, Astray(tree), limits=Limits(5, 5), memory=Memory(lambda: now[0]))
    with pytest.raises(ViewChanged):
        twenty_passes(shell)
    with pytest.raises(ViewChanged, match="the last final one, and 10000000 was"):
        twenty_passes(shell)
    with reading(database) as connection:
        assert not mirror_status(connection, MIRROR).live

    now[0] += 60
    caught_up(shell)

    with reading(database) as connection:
        assert ledger.outbox_origin(connection, MIRROR) == tree.finalized.header.mark


def test_where_history_was_over_an_earlier_final_block_holds_nothing_up(database: Engine) -> None:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(30):
        tree.grow([Action("mint", number)])
    node = Earlier(tree)
    shell = started(database, node, limits=Limits(5, 5))
    caught_up(shell)
    node.spoilt = tuple(range(1_000))
    tree.grow([Action("mint", 99)])

    caught_up(shell)

    with reading(database) as connection:
        assert mirror_status(connection, MIRROR).head.number == tree.tip.number


def test_genesis_called_final_by_a_long_chain_does_not_make_history_news(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "YOUNG", 20)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(30):
        tree.grow([Action("mint", number)])
    shell = started(database, Earlier(tree, (1,), final=0), limits=Limits(5, 5))
    with pytest.raises(ViewChanged, match="no block final now"):
        shell.step()

    caught_up(shell)

    with reading(database) as connection:
        assert ledger.outbox_origin(connection, MIRROR) == tree.finalized.header.mark
