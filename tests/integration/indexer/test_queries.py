"""What the mirror answers, at each level, at a block, and when it has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from indexer.identity import MirrorId
from indexer.queries import (
    BlockNotMirrored,
    DropFact,
    Level,
    MirrorMissing,
    SeatFact,
    arrivals,
    crowd_facts,
    drop_place,
    drop_terms,
    drops,
    gate_facts,
    gate_facts_now,
    held_among,
    listings_of,
    minted_by,
    mirror_status,
    outbox_since,
    ownership_history,
    sales_of,
    seat,
    seats_named,
    seats_of_drop,
    seats_of_owner,
)
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from tests.integration.indexer.market import PEOPLE, Action
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import CHAIN_ID, GENESIS_TIME, Tree, TreeNode
from tests.integration.plans import ends_to_end, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from marketplace.domain.addresses import ChecksumAddress
    from tests.databases import Databases

MINTS = [Action("mint", number) for number in range(8)]


@pytest.fixture(scope="module")
def tree() -> Tree:
    """Mints in block 2, one change of hands in each of blocks 3 to 14; 8 is final, 12 safe."""
    grown = Tree(safe_depth=2, final_depth=6)
    grown.grow([DEPLOY, CREATE])
    grown.grow(MINTS)
    for number in range(6):
        grown.grow([Action("sale", number)])
        grown.grow([Action("gift", number)])
    return grown


@pytest.fixture(scope="module")
def connection(databases: Databases, tree: Tree) -> Iterator[Connection]:
    engine = open_engine(databases.create(migrated=True))
    caught_up(started(engine, TreeNode(tree)))
    with reading(engine) as connection:
        yield connection
    engine.dispose()
    databases.drop(engine.url)


def owners(tree: Tree, number: int) -> dict[int, str]:
    market = tree.tip.path()[number].market
    return {seat: model.owner for seat, model in market.seats.items()}


def test_the_status_dates_every_level(connection: Connection, tree: Tree) -> None:
    status = mirror_status(connection, MIRROR)

    for level, number in ((Level.LATEST, 14), (Level.SAFE, 12), (Level.FINALIZED, 8)):
        moment = status.at(level)
        assert (moment.number, moment.timestamp_s) == (number, GENESIS_TIME + 12 * number)
        assert moment.mark == tree.tip.path()[number].header.mark
    assert (status.generation, status.live) == (0, True)


@pytest.mark.parametrize("number", [*range(2, 15), Level.LATEST, Level.SAFE, Level.FINALIZED])
def test_a_seat_is_known_as_of_every_block(
    connection: Connection, tree: Tree, number: int | Level
) -> None:
    status = mirror_status(connection, MIRROR)
    block = status.at(number).number if isinstance(number, Level) else number
    wanted = owners(tree, block)
    assert wanted

    for seat_id, owner in wanted.items():
        found = seat(connection, MIRROR, SeatId(seat_id), number)
        assert found is not None
        assert found.owner == owner
        assert found.as_of_block <= block
    for person in PEOPLE:
        owned = seats_of_owner(connection, MIRROR, person, number)
        assert {one.id for one in owned} == {one for one in wanted if wanted[one] == person}
    everyone = seats_of_drop(connection, MIRROR, DropId(1), number)
    assert {one.id: one.owner for one in everyone} == wanted


def test_levels_disagree_where_seats_have_moved_since(connection: Connection, tree: Tree) -> None:
    assert owners(tree, 14) != owners(tree, 12) != owners(tree, 8)
    for seat_id, owner in owners(tree, 8).items():
        final = seat(connection, MIRROR, SeatId(seat_id), Level.FINALIZED)
        assert final is not None
        assert final == seat(connection, MIRROR, SeatId(seat_id), 8)
        assert final.owner == owner


@pytest.mark.parametrize("after", [0, 2, 6, 14])
def test_what_came_to_somebody_is_what_the_histories_of_seats_say(
    connection: Connection, tree: Tree, after: int
) -> None:
    for people in (PEOPLE[:1], PEOPLE[1:], PEOPLE):
        wanted = {
            (change.owner, seat_id, change.block.number)
            for seat_id in map(SeatId, owners(tree, 14))
            for change in ownership_history(connection, MIRROR, seat_id)
            if change.owner in people and change.block.number > after
        }
        found = arrivals(connection, MIRROR, DropId(1), people, after)
        assert {(one.owner, one.seat, one.block_number) for one in found} == wanted
        assert [one.block_number for one in found] == sorted(one.block_number for one in found)
    assert arrivals(connection, MIRROR, DropId(2), PEOPLE, 0) == ()


@pytest.mark.parametrize("account", [*PEOPLE, None])
def test_the_gates_facts_are_one_statement(
    connection: Connection, account: ChecksumAddress | None
) -> None:
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(connection, "before_cursor_execute", note)
    facts = gate_facts(connection, MIRROR, account, {DropId(1), DropId(99)})
    event.remove(connection, "before_cursor_execute", note)

    assert len(asked) == 1
    status = mirror_status(connection, MIRROR)
    marks = (status.head.mark, status.safe.mark, status.finalized.mark)
    assert (facts.head, facts.safe, facts.finalized) == marks
    assert (facts.live, facts.level_at) == (status.live, status.level_at)
    terms = drop_terms(connection, MIRROR, DropId(1))
    assert terms is not None
    drop = terms.drop
    fact = DropFact(DropId(1), drop.mentor, drop.verifier, drop.state, drop.terms_hash)
    assert facts.drops == (fact,)


def test_of_each_tier_the_gate_is_told_the_seat_that_was_held_longest(
    connection: Connection,
) -> None:
    left_out = 0
    for account in PEOPLE:
        owned = seats_of_owner(connection, MIRROR, account)
        longest: dict[int, SeatFact] = {}
        for one in sorted(owned, key=lambda seat: (seat.moved_block, seat.id)):
            longest.setdefault(one.tier, SeatFact(one.id, one.owner, one.moved_block))

        facts = gate_facts(connection, MIRROR, account, {DropId(1)})

        assert facts.seats == tuple(sorted(longest.values(), key=lambda fact: fact.seat))
        left_out += len(owned) - len(facts.seats)
    assert left_out > 0


@pytest.mark.parametrize("until", [None, 2, 8, 99])
def test_who_has_held_a_seat_is_what_its_history_says(
    connection: Connection, tree: Tree, until: int | None
) -> None:
    asked = {(SeatId(seat_id), person) for seat_id in owners(tree, 14) for person in PEOPLE}
    wanted = {
        (seat_id, change.owner)
        for seat_id, _ in asked
        for change in ownership_history(connection, MIRROR, seat_id)
        if until is None or change.block.number <= until
    }
    assert held_among(connection, MIRROR, asked, until) == wanted & asked
    assert wanted & asked not in (set(), asked)
    assert held_among(connection, MIRROR, set()) == frozenset()


def test_the_gates_facts_of_an_unknown_drop_still_date_the_mirror(connection: Connection) -> None:
    facts = gate_facts(connection, MIRROR, PEOPLE[0], {DropId(99)})

    assert (facts.drops, facts.seats) == ((), ())
    assert facts.head.number == 14


def test_the_history_names_every_owner_with_how_and_where(
    connection: Connection, tree: Tree
) -> None:
    path = tree.tip.path()
    for seat_id in owners(tree, 14):
        history = ownership_history(connection, MIRROR, SeatId(seat_id))
        assert [one.epoch for one in history] == list(range(len(history)))
        assert history[0].how == "mint"
        for one in history:
            block = path[one.block.number]
            assert block.header.mark == one.block.mark
            assert block.market.seats[seat_id].owner == one.owner
            assert one.tx_hash in {log.tx_hash for log in block.logs}
        sold = [one for one in history if one.how == "sale"]
        sales = sales_of(connection, MIRROR, SeatId(seat_id))
        assert [sale.buyer for sale in sales] == [one.owner for one in sold]
        early = ownership_history(connection, MIRROR, SeatId(seat_id), 2)
        assert early == history[:1]
        parted = range(len(history))
        places = [None, *((one.block.number, one.log_index) for one in history)]
        of_each = [
            ownership_history(connection, MIRROR, SeatId(seat_id), after=places[start], limit=1)
            for start in parted
        ]
        assert of_each == [(one,) for one in history]
        sales_of_each = [
            sales_of(
                connection, MIRROR, SeatId(seat_id), after=places[start], until=places[start + 1]
            )
            for start in parted
        ]
        assert [len(one) for one in sales_of_each] == [one.how == "sale" for one in history]
        assert tuple(one for page in sales_of_each for one in page) == sales


def test_seats_come_in_pages(connection: Connection, tree: Tree) -> None:
    wanted = sorted(owners(tree, 14))
    found: list[int] = []
    while page := seats_of_drop(
        connection, MIRROR, DropId(1), after=SeatId(found[-1]) if found else None, limit=3
    ):
        found += [one.id for one in page]

    assert found == wanted
    assert seats_of_drop(connection, MIRROR, DropId(2)) == ()


def test_several_seats_are_read_at_once_as_of_a_block(connection: Connection) -> None:
    some = [one.id for one in seats_of_drop(connection, MIRROR, DropId(1))][::2]
    for number in (2, 9, 14):
        alone = [seat(connection, MIRROR, one, number) for one in some]
        asked = [*reversed(some), SeatId(1_099_999)]
        assert list(seats_named(connection, MIRROR, asked, number)) == alone
    assert seats_named(connection, MIRROR, some, 1) == ()


def test_drops_are_found_by_mentor(connection: Connection, tree: Tree) -> None:
    mentor = tree.tip.market.drops[1]
    other = next(person for person in PEOPLE if person != mentor)

    assert [one.drop_id for one in drops(connection, MIRROR)] == [1]
    assert [one.drop_id for one in drops(connection, MIRROR, mentor=mentor)] == [1]
    assert drops(connection, MIRROR, mentor=other) == ()
    assert drops(connection, MIRROR, after=DropId(1)) == ()
    assert drops(connection, MIRROR, 0) == ()


def test_a_drop_counts_its_sales_as_of_a_block(connection: Connection, tree: Tree) -> None:
    now, then = (drop_terms(connection, MIRROR, DropId(1), at) for at in (14, 1))

    assert now is not None
    assert then is not None
    assert sum(tier.issued for tier in now.tiers) == len(tree.tip.market.seats)
    assert sum(phase.sold for phase in now.phases) == len(tree.tip.market.seats)
    assert (then.escrowed, sum(tier.issued for tier in then.tiers)) == (0, 0)
    minted = sum(
        minted_by(connection, MIRROR, DropId(1), PhaseIndex(phase), person)
        for phase in range(2)
        for person in PEOPLE
    )
    assert minted == len(tree.tip.market.seats)
    assert listings_of(connection, MIRROR, SeatId(min(owners(tree, 14)))) == ()


def test_messages_are_read_from_a_number_on(connection: Connection) -> None:
    everything = outbox_since(connection, MIRROR, 1)

    assert outbox_since(connection, MIRROR, 3, limit=2) == everything[2:4]
    transfer = next(message for message in everything if message.event == "Transfer")
    assert {"from", "to", "id"} == set(transfer.arguments)


@pytest.mark.parametrize("number", [15, -1])
def test_a_block_that_is_not_mirrored_has_no_answer(connection: Connection, number: int) -> None:
    with pytest.raises(BlockNotMirrored, match="the mirror's head is block 14"):
        seat(connection, MIRROR, SeatId(1), number)


def test_another_mirror_in_the_same_database_has_no_answer(connection: Connection) -> None:
    other = MirrorId(CHAIN_ID, "vault")

    for ask in (
        lambda: mirror_status(connection, other),
        lambda: seat(connection, other, SeatId(1)),
        lambda: gate_facts(connection, other, PEOPLE[0], {DropId(1)}),
    ):
        with pytest.raises(MirrorMissing, match="python -m indexer run"):
            ask()


def test_the_gate_knows_the_same_whichever_way_it_asks(connection: Connection) -> None:
    for person in (*PEOPLE, None):
        for asked in ({DropId(1)}, {DropId(2)}, {DropId(2), DropId(1)}):
            known = gate_facts(connection, MIRROR, person, asked)
            assert gate_facts_now(connection.engine, MIRROR, person, asked) == known
    with pytest.raises(MirrorMissing):
        gate_facts_now(connection.engine, MirrorId(CHAIN_ID, "vault"), PEOPLE[0], {DropId(1)})


def test_a_crowd_is_known_as_each_of_it_is(connection: Connection) -> None:
    for asked in ({DropId(1)}, {DropId(2), DropId(1)}, {DropId(99)}):
        crowd = crowd_facts(connection, MIRROR, PEOPLE, asked, "")
        assert crowd.facts == gate_facts(connection, MIRROR, None, asked)
        for person in PEOPLE:
            known = gate_facts(connection, MIRROR, person, asked, "")
            assert tuple(one for one in crowd.seats if one.owner == person) == known.seats
            assert crowd.delegated.get(person, ()) == known.delegated
    nobody = crowd_facts(connection, MIRROR, (), {DropId(1)})
    assert (nobody.seats, nobody.delegated) == ((), {})
    with pytest.raises(MirrorMissing):
        crowd_facts(connection, MirrorId(CHAIN_ID, "vault"), PEOPLE, {DropId(1)})


def test_a_drop_stands_where_its_last_state_does(connection: Connection, tree: Tree) -> None:
    created = tree.tip.path()[1].header
    found = drop_place(connection.engine, MIRROR, DropId(1))

    assert found is not None
    assert (found[0], found[2]) == (created.number, created.hash)
    assert drop_place(connection.engine, MIRROR, DropId(2)) is None


@pytest.mark.parametrize("person", [PEOPLE[0], None])
def test_single_questions_read_no_table_from_end_to_end(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, person: ChecksumAddress | None
) -> None:
    engine = connection.engine
    told = plan_of(
        monkeypatch, lambda: gate_facts_now(engine, MIRROR, person, {DropId(1), DropId(2)})
    )
    told += plan_of(monkeypatch, lambda: drop_place(engine, MIRROR, DropId(1)))

    assert len(told) > 2
    # The few seats that an index gave are walked through, and no table.
    assert not ends_to_end(told, r"held|\(subquery")


def test_the_gate_reads_no_table_from_end_to_end(connection: Connection) -> None:
    asked: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        asked.append((call[2], call[3]))

    event.listen(connection, "before_cursor_execute", note)
    gate_facts(connection, MIRROR, PEOPLE[0], {DropId(1), DropId(2)})
    event.remove(connection, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    explain = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        explain = "EXPLAIN"
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    told = [
        str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)
    ]
    # What is left are the few seats that an index gave.
    assert not [line for line in told if "Seq Scan" in line or "SCAN seat_states" in line]
    assert not [line for line in told if "SCAN drop_states" in line]
    # PostgreSQL takes any index of a table that is as small as this one.
    if connection.dialect.name == "sqlite":
        assert any("seat_states_owner_idx" in line for line in told)
