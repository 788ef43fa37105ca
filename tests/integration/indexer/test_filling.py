"""A contract that a mirror is given later: its history comes alone, in steps, beside the head."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from msgspec import structs

from indexer.identity import Contract, Contracts, Kind
from indexer.queries import DelegationsIncomplete, delegations_of, mirror_status
from indexer.rpc.errors import NodeSilent
from indexer.store import contracts as contract_rows
from indexer.store.contracts import ContractsDiffer, register, require_allowed
from indexer.store.fold_tables import outbox_origins
from indexer.store.tables import mirrored_contracts
from indexer.sync.shell import Limits
from marketplace.bindings.logs import LogUnknown
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.delegating import REGISTRY
from tests.integration.indexer.faulty import FaultyTreeNode
from tests.integration.indexer.market import PEOPLE, SEATS, STRANGER, Action
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    Crash,
    Mortal,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.tree import Tree, TreeNode, bloom_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from indexer.rpc.values import BlockHeader, RangeLogs, RawLog
    from indexer.sync.shell import Shell
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.indexer.oracle import Dump
    from tests.integration.indexer.tree import Block

ADDED: Final = (Contract(Kind.DELEGATIONS, REGISTRY, 2),)
NARROW: Final = Limits(range_blocks=4, head_blocks=3)


def mixed(dice: Random) -> list[Action]:
    """A block of the market's actions and the registry's."""
    told = [Action("delegate", dice.randrange(10**9)) for _ in range(dice.randint(0, 2))]
    return [*actions(dice, 3), *told]


def mixed_tree(blocks: int = 30, final_depth: int = 6, seed: int = 5) -> Tree:
    dice = Random(seed)
    tree = Tree(final_depth=final_depth)
    tree.grow([DEPLOY, CREATE])
    for _ in range(blocks):
        tree.grow(mixed(dice))
    return tree


class Noting(TreeNode):
    """Notes what it is asked for."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree)
        self.ranges: list[tuple[ChecksumAddress, ...]] = []
        self.hashes: list[str] = []

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        self.ranges.append(tuple(addresses))
        return super().range_logs(first, last, addresses)

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        self.hashes += hashes
        return super().block_logs(hashes)


class Told:
    """Remembers what it was told of the filling, and can be asked."""

    def __init__(self) -> None:
        self.fills: list[int] = []
        self.ofs: set[int] = set()
        self.joins: list[int] = []
        self.failures: list[ChainUnavailable] = []

    def filled(self, kind: Kind, next_block: int, events: int, *, of: int) -> None:
        assert kind is Kind.DELEGATIONS
        assert events >= 0
        self.fills.append(next_block)
        self.ofs.add(of)

    def joined(self, kind: Kind, head: int) -> None:
        assert kind is Kind.DELEGATIONS
        self.joins.append(head)

    def fill_failed(self, kind: Kind, error: ChainUnavailable, passes: int) -> None:
        assert kind is Kind.DELEGATIONS
        assert passes > 0
        self.failures.append(error)


def tables_of(engine: Engine) -> Dump:
    with reading(engine) as connection:
        return dump(connection)


def test_a_contract_that_comes_later_is_filled_in_without_asking_for_the_others(
    new_database: NewDatabase,
) -> None:
    tree = mixed_tree()
    with new_database() as late, new_database() as early:
        caught_up(started(late, TreeNode(tree)))
        node, told = Noting(tree), Told()
        shell = started(late, node, limits=NARROW, added=ADDED, told=told)
        caught_up(shell)
        require_exact(late, MIRROR, tree)

        assert set(node.ranges) == {(REGISTRY,)}
        assert len(told.fills) > 3
        assert told.fills == sorted(set(told.fills))
        assert told.ofs == {tree.finalized.number}
        assert told.joins == [tree.tip.number]
        above = {
            block.header.hash
            for block in tree.tip.path()
            if block.number > tree.finalized.number
            and any(log.address == REGISTRY for log in block.logs)
        }
        assert above
        assert set(node.hashes) == above
        caught_up(started(early, TreeNode(tree), added=ADDED))
        require_exact(early, MIRROR, tree)
        assert tables_of(late) == tables_of(early)
        assert tables_of(late)["delegation_states"]


def test_blocks_before_its_own_first_one_do_not_count_however_they_are_asked_for(
    new_database: NewDatabase,
) -> None:
    tree = mixed_tree()
    added = (Contract(Kind.DELEGATIONS, REGISTRY, 12),)
    dumps = []
    for begun in (True, False):
        for limits in (NARROW, Limits(100, 32)):
            with new_database() as engine:
                if begun:
                    caught_up(started(engine, TreeNode(tree)))
                caught_up(started(engine, TreeNode(tree), limits=limits, added=added))
                dumps.append(tables_of(engine))
    assert all(tables == dumps[0] for tables in dumps)
    blocks = {row["block_number"] for row in dumps[0]["events"] if row["address"] == REGISTRY}
    assert min(map(int, map(str, blocks))) >= 12


def test_once_joined_it_is_followed_with_the_others(database: Engine) -> None:
    tree = mixed_tree()
    caught_up(started(database, TreeNode(tree)))
    shell = started(database, TreeNode(tree), added=ADDED)
    caught_up(shell)
    for number in range(10):
        tree.grow([Action("delegate", number), Action("mint", number)])
        caught_up(shell)
        require_exact(database, MIRROR, tree)


def test_the_head_is_followed_while_history_comes_in(database: Engine) -> None:
    tree, dice = mixed_tree(60), Random(3)
    caught_up(started(database, TreeNode(tree)))
    shell = started(database, TreeNode(tree), limits=NARROW, added=ADDED)
    followed = 0
    while not joined(database):
        block = tree.grow(mixed(dice))
        shell.step()
        with reading(database) as connection:
            assert mirror_status(connection, MIRROR).head.mark == block.header.mark
        require_exact(database, MIRROR, tree)
        followed += 1
    assert followed > 10
    caught_up(shell)
    require_exact(database, MIRROR, tree)


def test_a_node_that_gives_no_history_of_it_does_not_hold_up_the_head(database: Engine) -> None:
    tree, dice = mixed_tree(), Random(3)
    caught_up(started(database, TreeNode(tree)))

    class Refusing(TreeNode):
        refuses = True

        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            if self.refuses and addresses == (REGISTRY,):
                raise NodeSilent("no answer in time")
            return super().range_logs(first, last, addresses)

    node, told = Refusing(tree), Told()
    shell = started(database, node, added=ADDED, told=told)
    for _ in range(20):
        block = tree.grow(mixed(dice))
        shell.step()
        with reading(database) as connection:
            assert mirror_status(connection, MIRROR).head.mark == block.header.mark
    assert 2 <= len(told.failures) < 10
    with reading(database) as connection, pytest.raises(DelegationsIncomplete, match="Try again"):
        delegations_of(connection, MIRROR, PEOPLE[0])
    node.refuses = False
    passes = 0
    while not joined(database):
        shell.step()
        passes += 1
        assert passes < 600
    require_exact(database, MIRROR, tree)


def test_history_of_another_chain_is_not_filled_in(database: Engine) -> None:
    tree, elsewhere, dice = mixed_tree(), Tree(final_depth=6), Random(9)
    elsewhere.grow()
    # A second block after genesis: no hash from here on is one of the first tree's.
    elsewhere.grow([DEPLOY, CREATE], elsewhere.genesis)
    for _ in range(30):
        elsewhere.grow(mixed(dice))
    other = TreeNode(elsewhere)
    caught_up(started(database, TreeNode(tree)))

    class Strange(TreeNode):
        """Another machine behind the same address, on a chain of its own, answers for history."""

        is_strange = False

        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            self.is_strange = True
            return other.range_logs(first, last, addresses)

        def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
            if not self.is_strange:
                return super().headers(numbers)
            self.is_strange = False
            return other.headers(numbers)

    told = Told()
    started(database, Strange(tree), added=ADDED, told=told).step()
    assert ["lacks the block that is final here" in str(one) for one in told.failures] == [True]
    assert not tables_of(database)["delegation_states"]
    require_exact(database, MIRROR, tree)


def test_silence_of_a_machine_on_another_chain_is_not_filled_in(database: Engine) -> None:
    tree, elsewhere = mixed_tree(), Tree(final_depth=6)
    elsewhere.grow([DEPLOY])
    elsewhere.grow([DEPLOY], elsewhere.genesis)
    for _ in range(30):
        elsewhere.grow()
    caught_up(started(database, TreeNode(tree)))

    class Strange(TreeNode):
        """The machine that answers for ranges knows nothing of the registry's events."""

        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            return TreeNode(elsewhere).range_logs(first, last, addresses)

    told = Told()
    started(database, Strange(tree), added=ADDED, told=told).step()

    assert ["names two blocks" in str(one) for one in told.failures] == [True]
    assert not joined(database)


def test_history_that_is_not_there_yet_is_not_called_empty(database: Engine) -> None:
    tree = mixed_tree()
    caught_up(started(database, TreeNode(tree)))
    shell = started(database, TreeNode(tree), limits=NARROW, added=ADDED)
    shell.step()
    with reading(database) as connection:
        reached = contract_rows.load(connection, MIRROR)[Kind.DELEGATIONS].next_block
        assert reached == 6
        delegations_of(connection, MIRROR, PEOPLE[0], reached - 1)
        with pytest.raises(DelegationsIncomplete):
            delegations_of(connection, MIRROR, PEOPLE[0], reached)


def test_a_crash_at_any_step_of_the_filling_changes_nothing_in_the_end(
    new_database: NewDatabase,
) -> None:
    undisturbed, steps = filled_with_a_crash(new_database, -1)
    assert steps > 15
    for number in range(1, steps + 1):
        tables, _ = filled_with_a_crash(new_database, number)
        assert tables == undisturbed, f"after a crash at step {number}"


def filled_with_a_crash(new_database: NewDatabase, countdown: int) -> tuple[Dump, int]:
    tree = mixed_tree(14)
    with new_database() as engine:
        caught_up(started(engine, TreeNode(tree)))
        watcher = Mortal(countdown=countdown)
        shell = started(engine, TreeNode(tree), watcher, NARROW, added=ADDED)
        try:
            caught_up(shell)
        except Crash:
            caught_up(started(engine, TreeNode(tree), limits=NARROW, added=ADDED))
        require_exact(engine, MIRROR, tree)
        with reading(engine) as connection:
            found = dump(connection, outbox_origins, mirrored_contracts) | dump(connection)
        return found, len(watcher.steps)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_chain_does_meanwhile_the_tables_are_the_chains(
    database: Engine, seed: int
) -> None:
    dice = Random(f"filling {seed}")
    tree = mixed_tree(dice.randint(8, 25), dice.choice([3, 6]), seed)
    node = FaultyTreeNode(tree, dice, fault_rate=0.05)
    watcher = Mortal()
    calm = TreeNode(tree)
    caught_up(started(database, calm))

    def again() -> Shell:
        limits = Limits(dice.choice([1, 3, 100]), dice.choice([1, 2, 32]))
        return started(database, node, watcher, limits, added=ADDED)

    shell = again()
    for _ in range(20):
        moves(tree, dice)
        for _ in range(dice.randint(1, 3)):
            commits = watcher.commits
            shell = moved(shell, watcher, dice, again)
            if watcher.commits > commits:
                require_exact(database, MIRROR, tree)
    node.dice = None
    watcher.countdown = -1
    passes = 0
    while not joined(database):
        shell.step()
        passes += 1
        assert passes < 1_000
    caught_up(shell)
    require_exact(database, MIRROR, tree)


def moves(tree: Tree, dice: Random) -> None:
    """Let the chain grow, or part above what is final."""
    path = tree.tip.path()
    deepest = len(path) - 1 - tree.finalized.number
    if deepest and dice.random() < 0.4:
        parent: Block = path[-1 - dice.randint(1, deepest)]
        for _ in range(dice.randint(1, 4)):
            parent = tree.grow(mixed(dice), parent)
    else:
        tree.grow(mixed(dice))


def moved(shell: Shell, watcher: Mortal, dice: Random, again: Callable[[], Shell]) -> Shell:
    """Do a pass, which may fail or end in a crash."""
    watcher.countdown = dice.randint(1, 12) if dice.random() < 0.2 else -1
    try:
        shell.step()
    except ChainUnavailable:
        return shell
    except Crash:
        return again()
    return shell


def test_what_was_given_before_is_neither_changed_nor_left_out(database: Engine) -> None:
    caught_up(started(database, TreeNode(mixed_tree()), added=ADDED))
    with reading(database) as connection:
        noted = contract_rows.load(connection, MIRROR)
    require_allowed(noted, Contracts((SEATS,), 1, ADDED))
    for added in (
        (),
        (Contract(Kind.DELEGATIONS, STRANGER, 2),),
        (Contract(Kind.DELEGATIONS, REGISTRY, 4),),
    ):
        with pytest.raises(ContractsDiffer, match="from block 2 on"):
            require_allowed(noted, Contracts((SEATS,), 1, added))


def test_registering_twice_keeps_what_is_filled_in(database: Engine) -> None:
    tree = mixed_tree()
    caught_up(started(database, TreeNode(tree)))
    shell = started(database, TreeNode(tree), limits=NARROW, added=ADDED)
    shell.step()
    with writing(database) as connection:
        before = contract_rows.load(connection, MIRROR)
        register(connection, MIRROR, Contracts((SEATS,), 1, ADDED), begun=True)
        assert contract_rows.load(connection, MIRROR) == before


def test_a_registry_that_speaks_of_seats_stops_the_mirror(database: Engine) -> None:
    tree = mixed_tree()
    block = tree.grow([Action("mint", 1)])
    forged = tuple(structs.replace(log, address=REGISTRY) for log in block.logs)
    assert forged
    header = type(block.header)(
        **{
            **{name: getattr(block.header, name) for name in block.header.__slots__},
            "logs_bloom": bloom_of(forged),
        }
    )
    object.__setattr__(block, "logs", forged)
    object.__setattr__(block, "header", header)
    with pytest.raises(LogUnknown, match="no event of this version"):
        caught_up(started(database, TreeNode(tree), added=ADDED))


def joined(engine: Engine) -> bool:
    with reading(engine) as connection:
        return contract_rows.load(connection, MIRROR)[Kind.DELEGATIONS].joined
