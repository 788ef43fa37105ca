"""The auditor: what agrees is written down once for all, and whatever differs stops the mirror."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import delete, select, update

from indexer.audit import examining
from indexer.audit.auditor import AuditDisagreed
from indexer.audit.examining import Care
from indexer.queries import audit_status, event_count, mirror_status
from indexer.rpc.errors import NodeSilent
from indexer.rpc.node import RpcNode
from indexer.rpc.values import StateAnswers
from indexer.store import audits, fold_tables, heartbeats
from indexer.store.audit_tables import audits as audit_rows
from indexer.store.checkpoints import FenceLost
from indexer.store.tables import METADATA, blocks, events
from indexer.store.tables import checkpoints as checkpoint_rows
from indexer.sync.backfilling import Limits
from marketplace.domain.errors import ChainUnavailable
from marketplace.domain.money import Wei
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.auditing import (
    StateTreeNode,
    WiredStateNode,
    audit_all,
    audited,
    auditor,
    by_hand,
    finding,
    holdings,
    without_a_drop,
    without_a_seat,
)
from tests.integration.indexer.market import PEOPLE, Action
from tests.integration.indexer.oracle import dump
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
from tests.simulation.faults import Faults
from tests.simulation.serving import TIMEOUT_S, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

    from indexer.rpc.values import Call, RangeLogs, RawLog
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.indexer.conftest import NewDatabase

EVERYTHING: Final = Care(samples=200)


@pytest.fixture(scope="module")
def tree() -> Tree:
    """A chain on which everything happened, some of which no fold depends on."""
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


def test_everything_final_is_audited_and_one_digest_stands_for_it(
    mirrored: Engine, tree: Tree
) -> None:
    node = StateTreeNode(tree)

    answers = audit_all(auditor(mirrored, node, EVERYTHING))

    found = audited(mirrored)
    assert found is not None
    assert found.last == tree.finalized.header.mark
    assert found.digest == by_hand(tree, found.config_hash)
    assert found.owed == {"0x" + "0" * 40: holdings(tree.finalized.market)}
    assert answers > node.asked > 20
    with reading(mirrored) as connection:
        status = audit_status(connection, MIRROR)
        assert (status.audited, status.digest, status.finding) == (found.last, found.digest, None)
        assert found.events < event_count(connection, MIRROR) == len(dump(connection)["events"])


def test_however_it_is_cut_the_rows_are_the_same(
    new_database: NewDatabase, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audits, "WINDOW_BLOCKS", 9)
    rows = []
    for most_blocks in (1, 4, 100):
        with new_database() as engine:
            caught_up(started(engine, TreeNode(tree)))
            # A new auditor each time, as after a restart.
            while auditor(engine, StateTreeNode(tree), most_blocks=most_blocks).step() is not None:
                pass
            with reading(engine) as connection:
                rows.append(dump(connection, audit_rows)["audits"])

    assert [row["last_number"] for row in rows[0]] == [8, 17, 26, tree.finalized.number]
    assert rows[0] == rows[1] == rows[2]


def _event(connection: Connection, name: str) -> dict[str, Any]:
    row = connection.execute(select(events).filter_by(event=name)).mappings().first()
    assert row is not None
    return {one: row[one] for one in ("block_number", "log_index")}


def without_an_event(connection: Connection) -> None:
    connection.execute(delete(events).filter_by(**_event(connection, "ListingStored")))


def with_other_data(connection: Connection) -> None:
    at = _event(connection, "ListingStored")
    connection.execute(update(events).filter_by(**at).values(data=b"\x01" * 32))


def with_another_transaction(connection: Connection) -> None:
    at = _event(connection, "Transfer")
    connection.execute(update(events).filter_by(**at).values(tx_hash=f"0x{7:064x}"))


def with_another_meaning(connection: Connection) -> None:
    at = _event(connection, "Transfer")
    connection.execute(update(events).filter_by(**at).values(arguments='{"id":"7"}'))


def without_a_block(connection: Connection) -> None:
    at = _event(connection, "Transfer")
    connection.execute(delete(blocks).filter_by(number=at["block_number"]))


def with_another_time(connection: Connection) -> None:
    at = _event(connection, "Transfer")
    connection.execute(
        update(blocks)
        .filter_by(number=at["block_number"])
        .values(timestamp_s=blocks.c.timestamp_s + 1)
    )


def with_another_owner(connection: Connection) -> None:
    states = fold_tables.seat_states
    thief = PEOPLE[0]
    connection.execute(update(states).where(states.c.owner != thief).values(owner=thief))


def with_more_money(name: str, column: str) -> Callable[[Connection], None]:
    table = METADATA.tables[name]

    def change(connection: Connection) -> None:
        connection.execute(update(table).values({column: Wei(2**200)}))

    return change


TAMPERING: Final = {
    "the events": (without_an_event, with_other_data, with_another_transaction),
    "the meaning of log": (with_another_meaning,),
    "the block": (without_a_block,),
    "the time of the block": (with_another_time,),
    "the owner of seat": (with_another_owner,),
    "what waits with seat": (with_more_money("seat_states", "held"),),
    "what there is of seat": (without_a_seat,),
    "what there is of drop": (without_a_drop,),
    "owes its seats": (with_more_money("tier_states", "escrowed"),),
    "may withdraw of ETH": (with_more_money("credit_states", "amount"),),
}


@pytest.mark.parametrize(
    ("what", "tampered"),
    [(what, change) for what, changes in TAMPERING.items() for change in changes],
)
def test_what_was_changed_in_the_tables_stops_the_mirror(
    mirrored: Engine, tree: Tree, what: str, tampered: Callable[[Connection], None]
) -> None:
    with writing(mirrored) as connection:
        tampered(connection)
    shell = started(mirrored, TreeNode(tree))

    with pytest.raises(AuditDisagreed) as refusal:
        audit_all(auditor(mirrored, StateTreeNode(tree), EVERYTHING))

    assert what in refusal.value.what
    assert f"--from {refusal.value.block_number}" in str(refusal.value)
    noted = finding(mirrored)
    assert noted is not None
    assert (noted.what, noted.block_number, noted.found_at) == (
        *(refusal.value.what, refusal.value.block_number, NOON),
    )
    position = audited(mirrored)
    assert position is None or position.last.number < refusal.value.block_number
    with reading(mirrored) as connection:
        assert mirror_status(connection, MIRROR).level_at is None
    # Whoever was in the middle of a pass cannot call it level again.
    with pytest.raises(FenceLost):
        shell.step()


def test_a_contract_that_has_less_than_it_owes_stops_the_mirror(
    mirrored: Engine, tree: Tree
) -> None:
    with pytest.raises(AuditDisagreed, match="what the contract has of ETH"):
        audit_all(auditor(mirrored, StateTreeNode(tree, missing=1)))


def test_a_disagreement_is_settled_when_mirror_and_chain_agree_again(
    mirrored: Engine, tree: Tree
) -> None:
    with reading(mirrored) as connection:
        time_s = dump(connection)["blocks"]
    with writing(mirrored) as connection:
        with_another_time(connection)
    with pytest.raises(AuditDisagreed):
        audit_all(auditor(mirrored, StateTreeNode(tree)))
    with pytest.raises(AuditDisagreed):
        audit_all(auditor(mirrored, StateTreeNode(tree)))
    assert not auditor(mirrored, StateTreeNode(tree)).is_settled()

    with writing(mirrored) as connection:
        for row in time_s:
            at = {name: row[name] for name in ("number", "hash")}
            connection.execute(
                update(blocks).filter_by(**at).values(timestamp_s=row["timestamp_s"])
            )
    audit_all(auditor(mirrored, StateTreeNode(tree)))

    assert finding(mirrored) is None
    found = audited(mirrored)
    assert found is not None
    assert found.last == tree.finalized.header.mark


@dataclass
class ForgetfulNode(StateTreeNode):
    """Leaves out of ranges what is no fold's business, as a node whose index is broken."""

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        answer = super().range_logs(first, last, addresses)
        return replace(answer, logs=tuple(log for log in answer.logs if not is_listing(log)))


def is_listing(log: RawLog) -> bool:
    return len(log.topics) > 1 and len(log.data) == 32 * 6


def left_out_of_history(engine: Engine, tree: Tree) -> tuple[ForgetfulNode, list[RawLog]]:
    """Mirror a chain by a node that leaves logs out of ranges; gives those that it left out."""
    node = ForgetfulNode(tree)
    caught_up(started(engine, node, limits=Limits(1_000, 1)))
    told = [log for block in tree.finalized.path() for log in block.logs if is_listing(log)]
    with reading(engine) as connection:
        held = {(row["block_number"], row["log_index"]) for row in dump(connection)["events"]}
    return node, [log for log in told if (log.block_number, log.log_index) not in held]


@pytest.mark.parametrize(("every_header", "probed"), [(True, 0), (False, 100)])
def test_a_log_that_a_node_always_leaves_out_of_ranges_is_seen_where_blooms_are_asked_for(
    database: Engine,
    tree: Tree,
    monkeypatch: pytest.MonkeyPatch,
    *,
    every_header: bool,
    probed: int,
) -> None:
    monkeypatch.setattr(examining, "PROBED", probed)
    node, left_out = left_out_of_history(database, tree)
    assert left_out

    with pytest.raises(AuditDisagreed) as refusal:
        audit_all(auditor(database, node, Care(every_header=every_header, samples=0)))

    assert (refusal.value.what, refusal.value.block_number) == (
        *("the events", left_out[0].block_number),
    )


def test_some_blocks_of_long_history_are_held_against_their_bloom(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "PROBED", 20)
    node, left_out = left_out_of_history(database, tree)
    bearing = {log.block_number for log in left_out}
    # Two thirds of all blocks are looked at: that none of these is among them is one in 600.
    assert (len(bearing), tree.finalized.number) == (6, 33)

    with pytest.raises(AuditDisagreed) as refusal:
        audit_all(auditor(database, node, Care(samples=0)))

    assert refusal.value.block_number in bearing


def test_what_was_left_out_while_the_mirror_caught_up_is_seen(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "PROBED", 0)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(20):
        tree.grow()
    caught_up(started(database, TreeNode(tree)))
    # It is down, and comes back when all of this is final.
    for number in range(6):
        tree.grow([Action("mint", number)])
    (stored,) = (tree.grow([Action("list", 0)]),)
    for _ in range(20):
        tree.grow()
    node = ForgetfulNode(tree)
    caught_up(started(database, node))

    with pytest.raises(AuditDisagreed) as refusal:
        audit_all(auditor(database, node, Care(samples=0)))

    assert refusal.value.block_number == stored.number


def test_a_node_without_old_states_is_audited_by_its_logs(mirrored: Engine, tree: Tree) -> None:
    one = auditor(mirrored, StateTreeNode(tree, forgets=True))

    stretch = one.step()

    assert stretch is not None
    assert stretch.claims is None
    assert audit_all(one) == 0
    found = audited(mirrored)
    assert found is not None
    assert found.digest == by_hand(tree, found.config_hash)


def test_a_node_that_answers_nothing_for_old_states_does_not_stop_a_right_mirror(
    mirrored: Engine, tree: Tree
) -> None:
    class Empty(StateTreeNode):
        def state(
            self, number: int, account: ChecksumAddress, calls: Sequence[Call]
        ) -> StateAnswers | None:
            assert super().state(number, account, calls)
            return StateAnswers(0, (b"",) * len(calls))

    stretch = auditor(mirrored, Empty(tree)).step()

    assert stretch is not None
    assert stretch.claims is None
    assert finding(mirrored) is None


def test_one_bad_answer_stops_nothing(mirrored: Engine, tree: Tree) -> None:
    class Once(StateTreeNode):
        spoilt = False

        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            answer = super().range_logs(first, last, addresses)
            if self.spoilt:
                return answer
            self.spoilt = True
            return replace(answer, logs=answer.logs[1:])

    audit_all(auditor(mirrored, Once(tree)))

    assert finding(mirrored) is None


def test_a_silent_node_changes_nothing_and_is_asked_for_less(mirrored: Engine, tree: Tree) -> None:
    asked: list[int] = []

    class Silent(StateTreeNode):
        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            asked.append(last - first + 1)
            if len(asked) < 3:
                raise NodeSilent("no answer in time")
            return super().range_logs(first, last, addresses)

    one = auditor(mirrored, Silent(tree), most_blocks=16)
    for _ in range(2):
        with pytest.raises(NodeSilent):
            one.step()
    assert audited(mirrored) is None

    assert one.step() is not None
    assert asked == [16, 8, 4]


def test_any_fault_of_a_node_heals_and_none_is_called_a_disagreement(
    mirrored: Engine, tree: Tree
) -> None:
    faults = Faults(Random(3))
    with (
        serving(tree, faults) as served,
        closing(RpcNode.at(served.url, timeout_s=TIMEOUT_S, batch_limit=100)) as wire,
    ):
        one = auditor(mirrored, WiredStateNode(tree, wire=wire), most_blocks=3)
        for _ in range(400):
            try:
                if one.step() is None:
                    break
            except ChainUnavailable:
                continue

    assert sum(faults.happened.values()) > 10
    found = audited(mirrored)
    assert found is not None
    assert found.digest == by_hand(tree, found.config_hash)


def test_who_was_fenced_off_writes_nothing(mirrored: Engine, tree: Tree) -> None:
    class TakenOver(StateTreeNode):
        def state(self, *asked: Any) -> Any:  # noqa: ANN401 - handed on as it is
            started(mirrored, TreeNode(tree))
            return super().state(*asked)

    with pytest.raises(FenceLost):
        auditor(mirrored, TakenOver(tree)).step()
    assert audited(mirrored) is None

    late = auditor(mirrored, StateTreeNode(tree))
    started(mirrored, TreeNode(tree))
    with pytest.raises(FenceLost):
        late.step()


def test_when_something_else_is_mirrored_the_audit_begins_anew(
    mirrored: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audits, "WINDOW_BLOCKS", 4)
    audit_all(auditor(mirrored, StateTreeNode(tree)))
    before = audited(mirrored)
    with writing(mirrored) as connection:
        connection.execute(update(checkpoint_rows).values(config_hash=f"0x{9:064x}"))
    with reading(mirrored) as connection:
        assert audit_status(connection, MIRROR).audited is None

    assert auditor(mirrored, StateTreeNode(tree), most_blocks=2).step() is not None

    after = audited(mirrored)
    assert before is not None
    assert after is not None
    assert after.last.number == 2 < before.last.number
    with reading(mirrored) as connection:
        assert len(dump(connection, audit_rows)["audits"]) == 1


@pytest.mark.parametrize(
    ("later_s", "is_free"), [(0, True), (10, True), (11, False), (3_600, False), (-1, False)]
)
def test_it_waits_while_the_mirror_was_not_level_lately(
    mirrored: Engine, tree: Tree, later_s: int, *, is_free: bool
) -> None:
    # The row of before stays while what came meanwhile is read, however long that takes.
    one = auditor(mirrored, StateTreeNode(tree), now=NOON + later_s)

    assert one.is_free() is is_free


def test_it_waits_while_the_mirror_was_never_level(mirrored: Engine, tree: Tree) -> None:
    with writing(mirrored) as connection:
        heartbeats.stop(connection, MIRROR)

    assert not auditor(mirrored, StateTreeNode(tree)).is_free()
