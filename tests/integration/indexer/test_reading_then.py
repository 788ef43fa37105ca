"""What the gate and a wait list are told as of a level or a block: what was true then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.queries import (
    BlockNotMirrored,
    Level,
    SeatFact,
    arrivals,
    drops,
    gate_facts,
    gate_facts_now,
    listings_of_drop,
    mirror_status,
    newest_listings_of_drop,
    ownership_history,
    seats_of_owner,
)
from marketplace.domain.ids import DropId, SeatId
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from tests.integration.indexer.market import PEOPLE, Action
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode
from tests.integration.plans import ends_to_end, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from indexer.queries import At
    from marketplace.domain.addresses import ChecksumAddress
    from tests.databases import Databases

FIRST = DropId(1)
EVERY = [*range(21), *Level]


@pytest.fixture(scope="module")
def tree() -> Tree:
    """A drop in block 3, mints in block 4, then sales, gifts and nothing, over and over."""
    grown = Tree(safe_depth=2, final_depth=5)
    grown.grow()
    grown.grow([DEPLOY])
    grown.grow([CREATE])
    grown.grow([Action("mint", number) for number in range(8)])
    while grown.tip.number < 20:
        number = grown.tip.number
        kind = ("sale", "gift", None)[(number - 4) % 3]
        grown.grow([] if kind is None else [Action(kind, 10 * number + one) for one in range(3)])
    return grown


@pytest.fixture(scope="module")
def connection(databases: Databases, tree: Tree) -> Iterator[Connection]:
    engine = open_engine(databases.create(migrated=True))
    caught_up(started(engine, TreeNode(tree)))
    with reading(engine) as connection:
        yield connection
    engine.dispose()
    databases.drop(engine.url)


def number_of(connection: Connection, at: At) -> int:
    return mirror_status(connection, MIRROR).at(at).number if isinstance(at, Level) else at


def longest_held(connection: Connection, account: ChecksumAddress, at: At) -> tuple[SeatFact, ...]:
    longest: dict[int, SeatFact] = {}
    owned = seats_of_owner(connection, MIRROR, account, at)
    for one in sorted(owned, key=lambda seat: (seat.moved_block, seat.id)):
        longest.setdefault(one.tier, SeatFact(one.id, one.owner, one.moved_block))
    return tuple(sorted(longest.values(), key=lambda fact: fact.seat))


@pytest.mark.parametrize("at", EVERY)
def test_the_gate_is_told_what_was_true_then(connection: Connection, tree: Tree, at: At) -> None:
    number = number_of(connection, at)
    status = mirror_status(connection, MIRROR)
    known = {one.drop_id for one in drops(connection, MIRROR, at)}
    assert known == ({FIRST} if number >= 3 else set())
    for account in PEOPLE:
        facts = gate_facts(connection, MIRROR, account, {FIRST, DropId(99)}, at=at)

        assert facts.seats == longest_held(connection, account, at)
        assert {one.drop for one in facts.drops} == known
        # Lag and levels are the mirror's, whatever is asked about.
        assert (facts.head, facts.safe) == (status.head.mark, status.safe.mark)
        assert (facts.finalized, facts.level_at) == (status.finalized.mark, status.level_at)
    owners = {seat: one.owner for seat, one in tree.tip.path()[number].market.seats.items()}
    assert {one.seat for who in PEOPLE for one in longest_held(connection, who, at)} <= set(owners)


def test_the_levels_of_this_market_differ(connection: Connection) -> None:
    told = [
        [gate_facts(connection, MIRROR, one, {FIRST}, at=level).seats for one in PEOPLE]
        for level in Level
    ]
    assert told[0] != told[1] != told[2] != told[0]


@pytest.mark.parametrize("at", EVERY)
def test_facts_name_the_block_that_they_rest_on(connection: Connection, tree: Tree, at: At) -> None:
    number, path = number_of(connection, at), tree.tip.path()
    # Of what is final, blocks with events are kept, and the last one.
    final = path[-6].number
    kept = max(
        one.number for one in path[: number + 1] if one.logs or one.number in {0, *range(final, 21)}
    )

    facts = gate_facts(connection, MIRROR, PEOPLE[0], {FIRST}, at=at)

    assert facts.as_of == path[kept].header.mark
    if isinstance(at, Level):
        assert facts.as_of.number == number


@pytest.mark.parametrize("at", EVERY)
def test_the_gate_knows_the_same_then_whichever_way_it_asks(connection: Connection, at: At) -> None:
    for person in (PEOPLE[0], None):
        known = gate_facts(connection, MIRROR, person, {FIRST, DropId(2)}, at=at)
        assert gate_facts_now(connection.engine, MIRROR, person, {FIRST, DropId(2)}, at=at) == known


@pytest.mark.parametrize("at", [21, -1, 2**70, -(2**70)])
def test_a_block_that_is_not_mirrored_has_no_answer(connection: Connection, at: int) -> None:
    for ask in (
        lambda: gate_facts(connection, MIRROR, PEOPLE[0], {FIRST}, at=at),
        lambda: gate_facts(connection, MIRROR, None, {FIRST}, at=at),
        lambda: gate_facts_now(connection.engine, MIRROR, PEOPLE[0], {FIRST}, at=at),
        lambda: arrivals(connection, MIRROR, FIRST, PEOPLE, 0, at),
        lambda: listings_of_drop(connection, MIRROR, FIRST, 0, at),
        lambda: newest_listings_of_drop(connection, MIRROR, FIRST, 0, at),
    ):
        with pytest.raises(BlockNotMirrored, match="the mirror's head is block 20"):
            ask()


@pytest.mark.parametrize("at", EVERY)
def test_what_came_until_then_is_what_the_histories_said_then(
    connection: Connection, tree: Tree, at: At
) -> None:
    wanted = {
        (change.owner, seat, change.block.number)
        for seat in map(SeatId, tree.tip.market.seats)
        for change in ownership_history(connection, MIRROR, seat, at)
        if change.block.number > 5
    }
    found = arrivals(connection, MIRROR, FIRST, PEOPLE, 5, at)
    assert {(one.owner, one.seat, one.block_number) for one in found} == wanted


@pytest.mark.parametrize("person", [PEOPLE[0], None])
@pytest.mark.parametrize("at", [Level.SAFE, Level.FINALIZED, 9])
def test_single_questions_as_of_then_read_no_table_from_end_to_end(
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    person: ChecksumAddress | None,
    at: At,
) -> None:
    told = plan_of(
        monkeypatch,
        lambda: gate_facts_now(connection.engine, MIRROR, person, {FIRST, DropId(2)}, at=at),
    )

    assert len(told) > 2
    assert not ends_to_end(told, r"held|\(subquery")
    # PostgreSQL takes any index of a table that is as small as this one.
    if person is not None and connection.dialect.name == "sqlite":
        assert any(
            "seat_states_owner_idx (chain_id=? AND contract_set=? AND owner=?" in line
            for line in told
        )
