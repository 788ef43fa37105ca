"""A difference that was seen once, before the second look: it is not dropped, whatever comes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

import pytest

from indexer.audit import auditor as auditing
from indexer.audit.auditor import AuditDisagreed, Kept
from indexer.audit.examining import StateGone
from indexer.rpc.errors import NodeSilent
from marketplace.storage.errors import DatabaseLockedError
from tests.integration.indexer.auditing import StateTreeNode, audit_all, audited, auditor
from tests.integration.indexer.simulating import caught_up, started
from tests.integration.indexer.test_findings import (
    CLAIMS,
    EVERYTHING,
    NOTHING,
    grown,
    mended,
    spoilt,
)
from tests.integration.indexer.tree import TreeNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from indexer.rpc.values import Call, StateAnswers
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.indexer.tree import Tree


@pytest.fixture(scope="module")
def tree() -> Tree:
    return grown()


@pytest.fixture
def mirrored(database: Engine, tree: Tree) -> Engine:
    caught_up(started(database, TreeNode(tree)))
    return database


@dataclass
class Fickle(StateTreeNode):
    """Has forgotten every state but one when it is asked for the second time."""

    kept: int = -1
    times: int = 0

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        self.times += 1
        known = self.times == 1 or number == self.kept
        return super().state(number, account, calls) if known else None


def test_a_difference_that_is_seen_once_before_the_state_is_gone_is_not_dropped(
    mirrored: Engine, tree: Tree
) -> None:
    spoilt(mirrored, *CLAIMS["the owner of seat"])
    one = auditor(mirrored, Fickle(tree), EVERYTHING, most_blocks=28)
    # However often: nothing of it is noted until somebody with the state has answered.
    for _ in range(3):
        with pytest.raises(StateGone, match="at block 28"):
            one.step()
    assert audited(mirrored) is None
    assert one.is_settled()

    # Of its newest final block an ordinary node has the state.
    one = auditor(mirrored, Fickle(tree, kept=tree.finalized.number), EVERYTHING, most_blocks=28)
    with pytest.raises(
        AuditDisagreed, match=f"the owner of seat .* at block {tree.finalized.number}"
    ):
        one.step()
    assert audited(mirrored) is None


@dataclass
class Restarting(Fickle):
    """Is silent when it is asked for the second time."""

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        found = super().state(number, account, calls)
        if self.times == 2:
            raise NodeSilent("the connection was closed")
        return found


def test_a_difference_that_is_seen_once_before_the_node_is_silent_is_not_dropped(
    mirrored: Engine, tree: Tree
) -> None:
    spoilt(mirrored, *CLAIMS["the owner of seat"])
    node = Restarting(tree, kept=tree.finalized.number)
    one = auditor(mirrored, node, EVERYTHING, most_blocks=28)
    with pytest.raises(NodeSilent):
        one.step()

    with pytest.raises(AuditDisagreed, match="the owner of seat"):
        one.step()

    assert audited(mirrored) is None


def test_one_bad_answer_before_the_state_is_gone_stops_nothing(
    mirrored: Engine, tree: Tree
) -> None:
    before = spoilt(mirrored, *CLAIMS["the owner of seat"])

    class Mended(Fickle):
        def state(
            self, number: int, account: ChecksumAddress, calls: Sequence[Call]
        ) -> StateAnswers | None:
            if self.times == 1:
                # As if the first answer had been the wrong one.
                mended(mirrored, "seat_states", "owner", before)
            return super().state(number, account, calls)

    one = auditor(mirrored, Mended(tree, kept=tree.finalized.number), EVERYTHING, most_blocks=28)
    stretch = one.step()

    assert stretch is not None
    assert stretch.claims is None
    assert one.is_settled()
    assert audit_all(one) > 0


def test_what_the_contract_has_altogether_is_asked_for_again_where_the_state_is_gone_meanwhile(
    mirrored: Engine, tree: Tree
) -> None:
    one = auditor(mirrored, Fickle(tree, missing=1), NOTHING, most_blocks=28)
    with pytest.raises(StateGone, match="at block 28"):
        one.step()
    assert audited(mirrored) is None

    # What is owed is carried on, and held against the next state that there is.
    assert one.step() is not None
    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        audit_all(auditor(mirrored, StateTreeNode(tree, missing=1), NOTHING))


@dataclass
class Unsteady(StateTreeNode):
    """Is silent at each second question, gives a bad answer at the third, and then forgets."""

    times: int = 0

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        self.times += 1
        if self.times in {2, 4}:
            raise NodeSilent("the connection was closed")
        if self.times > 4 and number != self.tree.finalized.number:
            return None
        found = super().state(number, account, calls)
        if self.times != 3 or found is None or len(calls) == 1:
            return found
        return replace(found, results=(bytes(31) + b"\x07", *found.results[1:]))


@pytest.mark.parametrize("is_one_term", [True, False])
def test_a_second_difference_that_is_seen_once_does_not_take_the_place_of_the_first(
    mirrored: Engine, tree: Tree, *, is_one_term: bool
) -> None:
    spoilt(mirrored, *CLAIMS["owes its seats"])
    node, kept = Unsteady(tree), Kept.beginning(28)
    one = auditor(mirrored, node, EVERYTHING, kept=kept)

    def step_on() -> None:
        nonlocal one
        for _ in range(5):
            with suppress(NodeSilent):
                one.step()
            if not is_one_term:
                one = auditor(mirrored, node, EVERYTHING, kept=kept)

    with pytest.raises(AuditDisagreed, match="owes its seats"):
        step_on()

    assert audited(mirrored) is None


@dataclass
class Forgetting(StateTreeNode):
    """Knows every state for so many questions, and from then on that of the newest final block."""

    known: int = 0
    times: int = 0

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        self.times += 1
        if self.times > self.known and number != self.tree.finalized.number:
            return None
        return super().state(number, account, calls)


@pytest.mark.parametrize("known", [1, 2])
def test_a_difference_that_could_not_be_written_down_is_not_dropped(
    mirrored: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch, known: int
) -> None:
    spoilt(mirrored, *CLAIMS["the owner of seat"])
    one = auditor(mirrored, Forgetting(tree, known=known), EVERYTHING, most_blocks=28)

    def locked(_engine: Engine) -> NoReturn:
        raise DatabaseLockedError("it")

    with monkeypatch.context() as patch:
        patch.setattr(auditing, "writing", locked)
        with pytest.raises(DatabaseLockedError):
            one.step()

    with pytest.raises(AuditDisagreed, match="the owner of seat"):
        one.step()
    assert not one.is_settled()


class Recent(StateTreeNode):
    """Knows the states of the newest blocks alone."""

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        return super().state(number, account, calls) if number > 25 else None


def test_what_was_seen_in_a_mirror_that_an_older_copy_has_replaced_stops_nothing(
    mirrored: Engine,
    tree: Tree,
    new_database: NewDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoilt(mirrored, *CLAIMS["owes its seats"])
    kept, tip = Kept.beginning(28), tree.tip
    with pytest.raises(NodeSilent):
        auditor(mirrored, Restarting(tree), EVERYTHING, kept=kept).step()

    with new_database() as copy:
        with monkeypatch.context() as before:
            before.setattr(tree, "tip", tip.path()[25])
            before.setattr(tree, "finalized", tip.path()[19])
            caught_up(started(copy, TreeNode(tree)))
        one = auditor(copy, Recent(tree), EVERYTHING, kept=kept)

        audit_all(one)
        assert one.is_settled()
