"""A disagreement of before: just that is looked at again, and forgotten when it is gone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select, update

from indexer.audit.auditor import AuditDisagreed, Kept, beginning
from indexer.audit.background import Background
from indexer.audit.examining import Care, Examiner, StateGone
from indexer.identity import Contracts
from indexer.rpc.errors import NodeSilent
from indexer.store import audits, checkpoints, fold_tables
from indexer.store.audits import Finding
from indexer.store.tables import METADATA
from indexer.sync.loop import Pace
from marketplace.domain.money import Wei
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.auditing import (
    StateTreeNode,
    audit_all,
    audited,
    auditor,
    finding,
    without_a_drop,
    without_a_seat,
)
from tests.integration.indexer.market import PEOPLE, SEATS, Action
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    NOON,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

    from indexer.audit.auditor import Auditor, Stretch
    from indexer.rpc.values import BlockHeader, Call, RangeLogs, RawLog, StateAnswers
    from marketplace.domain.addresses import ChecksumAddress

EVERYTHING: Final = Care(samples=200)
NOTHING: Final = Care(samples=0)
"""Of an auditor that would not come upon it by itself."""

CLAIMS: Final = {
    "the owner of seat": ("seat_states", "owner", PEOPLE[0]),
    "owes its seats": ("tier_states", "escrowed", Wei(2**200)),
    "may withdraw of ETH": ("credit_states", "amount", Wei(2**200)),
}


class ShortMemory(StateTreeNode):
    """Knows the state of the newest final block alone."""

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        known = number == self.tree.finalized.number
        return super().state(number, account, calls) if known else None


@pytest.fixture(scope="module")
def tree() -> Tree:
    return grown()


def grown() -> Tree:
    dice = Random(5)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(20):
        tree.grow(actions(dice))
    for number in range(6):
        tree.grow([Action(kind, number) for kind in ("mint", "list", "credit")])
    for _ in range(12):
        tree.grow(actions(dice))
    return tree


@pytest.fixture
def mirrored(database: Engine, tree: Tree) -> Engine:
    caught_up(started(database, TreeNode(tree)))
    return database


def spoilt(engine: Engine, name: str, column: str, value: object) -> list[dict[str, Any]]:
    """Write a value over a column of all rows; gives what was there."""
    table = METADATA.tables[name]
    with writing(engine) as connection:
        before = [dict(row) for row in connection.execute(select(table)).mappings()]
        connection.execute(update(table).values({column: value}))
    return before


def mended(engine: Engine, name: str, column: str, rows: list[dict[str, Any]]) -> None:
    table = METADATA.tables[name]
    with writing(engine) as connection:
        for row in rows:
            key = {one.name: row[one.name] for one in table.primary_key}
            connection.execute(update(table).filter_by(**key).values({column: row[column]}))


def look_until_settled(one: Auditor, looks: int = 50) -> None:
    for _ in range(looks):
        if one.is_settled():
            return
        one.look_again()
    raise AssertionError(f"not settled after {looks} looks")


@pytest.mark.parametrize(("what", "spoiling"), CLAIMS.items())
@pytest.mark.parametrize("kind", [StateTreeNode, ShortMemory])
def test_what_the_contract_was_asked_for_is_asked_for_again(
    mirrored: Engine,
    tree: Tree,
    kind: type[StateTreeNode],
    what: str,
    spoiling: tuple[str, str, object],
) -> None:
    name, column, value = spoiling
    before = spoilt(mirrored, name, column, value)
    with pytest.raises(AuditDisagreed, match=what):
        audit_all(auditor(mirrored, StateTreeNode(tree), EVERYTHING))
    found = finding(mirrored)
    assert found is not None

    # Another process, which looks less closely and cuts otherwise.
    with pytest.raises(AuditDisagreed, match=what):
        auditor(mirrored, kind(tree), NOTHING, most_blocks=3).look_again()
    again = finding(mirrored)
    assert again is not None
    assert again.about == found.about

    mended(mirrored, name, column, before)
    one = auditor(mirrored, kind(tree), NOTHING, most_blocks=3)
    assert one.look_again() is None
    assert one.is_settled()


class Unindexed(StateTreeNode):
    """Has lost its index of logs for a while."""

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        return replace(super().range_logs(first, last, addresses), logs=())

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        return tuple(() for _ in hashes)

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        found = super().headers(numbers)
        return tuple(one and replace(one, logs_bloom=0) for one in found)


def test_another_disagreement_does_not_take_the_place_of_one_that_is_open(
    mirrored: Engine, tree: Tree
) -> None:
    before = spoilt(mirrored, *CLAIMS["the owner of seat"])
    with pytest.raises(AuditDisagreed, match="the owner of seat"):
        audit_all(auditor(mirrored, StateTreeNode(tree), EVERYTHING))
    found = finding(mirrored)

    with pytest.raises(AuditDisagreed, match="the events"):
        auditor(mirrored, Unindexed(tree), NOTHING).look_again()
    assert finding(mirrored) == found

    with pytest.raises(AuditDisagreed, match="the owner of seat"):
        auditor(mirrored, StateTreeNode(tree), NOTHING).look_again()
    mended(mirrored, "seat_states", "owner", before)
    auditor(mirrored, StateTreeNode(tree), NOTHING).look_again()
    assert finding(mirrored) is None


def test_a_node_without_the_state_settles_nothing(mirrored: Engine, tree: Tree) -> None:
    spoilt(mirrored, *CLAIMS["the owner of seat"])
    with pytest.raises(AuditDisagreed):
        audit_all(auditor(mirrored, StateTreeNode(tree), EVERYTHING))

    one = auditor(mirrored, StateTreeNode(tree, forgets=True), EVERYTHING)
    with pytest.raises(StateGone) as gone:
        one.look_again()
    assert str(gone.value) == (
        f"The node no longer has the contract's state at block {gone.value.block_number} or since, "
        "and mirror and chain disagreed about it. While that closes doors the mirror stands still, "
        "so that waiting does not help: name an archive node, or mirror into a new database. "
        "Asking again."
    )

    assert not one.is_settled()


class Full(StateTreeNode):
    """Knows the states of its newest blocks, as an ordinary node does."""

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        known = number >= self.tree.tip.number - self.tree.final_depth
        return super().state(number, account, calls) if known else None


def test_what_an_ordinary_node_could_have_settled_it_cannot_when_its_chain_has_gone_on(
    database: Engine,
) -> None:
    tree = grown()
    caught_up(started(database, TreeNode(tree)))
    before = spoilt(database, *CLAIMS["the owner of seat"])
    with pytest.raises(AuditDisagreed):
        audit_all(auditor(database, StateTreeNode(tree), EVERYTHING))
    with pytest.raises(AuditDisagreed):
        auditor(database, Full(tree)).look_again()
    mended(database, "seat_states", "owner", before)
    tree.grow()

    with pytest.raises(StateGone, match="waiting does not help"):
        auditor(database, Full(tree)).look_again()
    assert finding(database) is not None

    auditor(database, StateTreeNode(tree)).look_again()
    assert finding(database) is None


def test_after_a_rebuild_nothing_but_the_disagreement_is_looked_at(
    mirrored: Engine, tree: Tree
) -> None:
    states = fold_tables.seat_states
    before = spoilt(mirrored, states.name, "owner", PEOPLE[0])
    with pytest.raises(AuditDisagreed):
        audit_all(auditor(mirrored, StateTreeNode(tree), EVERYTHING))
    mended(mirrored, states.name, "owner", before)
    with writing(mirrored) as connection:
        audits.forget(connection, MIRROR)

    node = StateTreeNode(tree)
    one = auditor(mirrored, node, NOTHING)
    assert one.look_again() is None

    assert one.is_settled()
    assert node.asked == 2
    assert audited(mirrored) is None


def test_what_the_contract_has_altogether_is_seen_when_all_before_is_counted(
    mirrored: Engine, tree: Tree
) -> None:
    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        audit_all(auditor(mirrored, StateTreeNode(tree, missing=1)))
    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        auditor(mirrored, StateTreeNode(tree, missing=1)).look_again()

    one = auditor(mirrored, StateTreeNode(tree))
    while not one.is_settled():
        assert one.look_again() is not None


@pytest.mark.parametrize("most_blocks", [4, 100])
def test_what_the_contract_has_altogether_is_not_settled_by_a_node_without_the_state(
    mirrored: Engine, tree: Tree, most_blocks: int
) -> None:
    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        audit_all(auditor(mirrored, StateTreeNode(tree, missing=1), most_blocks=10))
    found = finding(mirrored)

    one = auditor(mirrored, StateTreeNode(tree, forgets=True), most_blocks=most_blocks)
    with pytest.raises(StateGone) as gone:
        look_until_settled(one)
    assert gone.value.block_number == tree.finalized.number
    assert finding(mirrored) == found
    # All is counted now, and what was missing is asked for as before.
    for _ in range(2):
        with pytest.raises(StateGone):
            auditor(mirrored, StateTreeNode(tree, forgets=True)).look_again()
    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        auditor(mirrored, StateTreeNode(tree, missing=1)).look_again()

    one = auditor(mirrored, StateTreeNode(tree))
    look_until_settled(one)
    assert finding(mirrored) is None


def test_what_the_contract_has_altogether_is_settled_at_the_newest_final_block(
    mirrored: Engine, tree: Tree
) -> None:
    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        audit_all(auditor(mirrored, StateTreeNode(tree, missing=1), most_blocks=10))

    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        look_until_settled(auditor(mirrored, ShortMemory(tree, missing=1), most_blocks=4))
    again = finding(mirrored)
    assert again is not None
    assert again.block_number == tree.finalized.number

    look_until_settled(auditor(mirrored, ShortMemory(tree), most_blocks=4))
    assert finding(mirrored) is None


def test_what_an_earlier_version_found_is_settled_when_its_block_is_passed(
    mirrored: Engine, tree: Tree
) -> None:
    last = tree.finalized.number
    found = Finding(
        block_number=last,
        what="the owner of seat 1",
        mirrored="a",
        on_chain="b",
        about=None,
        found_at=NOON,
    )
    with writing(mirrored) as connection:
        audits.note(connection, MIRROR, found)
    assert finding(mirrored) == found
    # It may be about owners or money.
    with pytest.raises(StateGone):
        look_until_settled(auditor(mirrored, StateTreeNode(tree, forgets=True)))
    assert finding(mirrored) == found
    with writing(mirrored) as connection:
        audits.forget(connection, MIRROR)

    one = auditor(mirrored, StateTreeNode(tree), most_blocks=last - 1)
    assert one.look_again() is not None
    assert not one.is_settled()
    assert one.look_again() is not None
    assert one.is_settled()
    with reading(mirrored) as connection:
        assert audits.finding(connection, MIRROR) is None


@dataclass
class Heavy(StateTreeNode):
    """Takes longer than anybody waits where more than twenty blocks are asked for."""

    now: float = 0

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        if last - first > 19:
            self.now += 10
            raise NodeSilent("no answer in time")
        return super().range_logs(first, last, addresses)

    def stop(self) -> None:
        raise AssertionError("nothing was found")

    def is_stopped(self) -> bool:
        return False

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def audited(self, stretch: Stretch) -> None:
        assert len(stretch.blocks) <= 20

    def audit_failed(self, error: Exception, failures: int, wait_s: float) -> None:
        assert (type(error), failures > 0, wait_s > 0) == (NodeSilent, True, True)


def test_what_smaller_questions_settle_is_settled_within_some_terms(database: Engine) -> None:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(120):
        tree.grow([Action("mint", number)] if number < 5 else [])
    caught_up(started(database, TreeNode(tree)))
    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        audit_all(auditor(database, StateTreeNode(tree, missing=10**30), NOTHING, most_blocks=8))
    node, kept = Heavy(tree), Kept.beginning(2_000)
    pace = Pace(poll_s=1, first_s=0.1, most_s=30, database_patience_s=1)

    def term() -> bool:
        one = auditor(database, node, NOTHING, kept=kept)
        return Background(one, pace, node).settle(node, 6, lambda: node.now)

    assert any(term() for _ in range(5))
    assert finding(database) is None


@pytest.mark.parametrize("tampered", [without_a_seat, without_a_drop])
def test_what_events_name_and_no_row_holds_is_seen_by_its_answers_too(
    mirrored: Engine, tree: Tree, tampered: Callable[[Connection], None]
) -> None:
    with writing(mirrored) as connection:
        tampered(connection)
    examiner = Examiner(
        mirrored, MIRROR, StateTreeNode(tree), Contracts((SEATS,), 1), Care(samples=200)
    )
    with reading(mirrored) as connection:
        found = checkpoints.load(connection, MIRROR)
    assert found is not None
    last = tree.finalized.number

    # From somewhere on nobody knows what was owed before, as `verify --from` does not.
    examined = examiner.examine(
        range(last - 3, last + 1),
        beginning(MIRROR, found, last - 3),
        Contracts((SEATS,), 1),
        owed_known=False,
    )

    difference = examined.difference
    assert difference is not None
    assert difference.mirrored in {"nobody", "nothing"}
    # It is found again for as long as the rows are gone, and nothing is settled meanwhile.
    assert examiner.ask_about(difference.about, [last]) == difference


def test_what_is_gone_stays_a_disagreement_at_the_next_start(mirrored: Engine, tree: Tree) -> None:
    with writing(mirrored) as connection:
        without_a_drop(connection)
    with pytest.raises(AuditDisagreed):
        audit_all(auditor(mirrored, StateTreeNode(tree)))

    with pytest.raises(AuditDisagreed, match="drop"):
        auditor(mirrored, StateTreeNode(tree)).look_again()

    assert finding(mirrored) is not None
