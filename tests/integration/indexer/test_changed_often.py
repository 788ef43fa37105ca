"""What somebody changes thousands of times costs nobody who asks more than what is changed once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import insert, text

from indexer.queries import (
    DelegatedSeat,
    Level,
    MirrorId,
    SeatFact,
    arrivals,
    counters_of,
    credit_of,
    crowd_facts,
    gate_facts,
    held_among,
    seats_named,
    seats_of_owner,
)
from indexer.store import fold_tables as folded
from indexer.store import tables as mirror
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, SeatId
from marketplace.storage.transactions import reading, writing
from tests.integration.plans import work_of
from tests.integration.rows import ROWS, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Engine, Table

    from indexer.queries import At

MIRROR: Final = MirrorId(131277322940537, "seats")
DROP, SEAT, OTHER = DropId(7), SeatId(7_200_013), SeatId(7_200_014)
OWNER, GUEST, SEATS = (checksum_address(bytes([one]) * 20) for one in (0x10, 0x22, 0x5E))
OFTEN: Final = 2_000
SEAT_BEFORE: Final = {"seat": int(SEAT), "owner": OWNER, "moved_block": 2}


def state(table: Table, block: int, log: int, **changes: object) -> dict[str, object]:
    place = {"block_number": block, "log_index": log, "block_hash": word(block)}
    return {**ROWS[table], **place, **changes}


def change_often(connection: Connection, table: Table, times: int, **changes: object) -> None:
    """States of one thing, in the blocks from 3 up to 6, after which nothing is changed."""
    rows = [state(table, 3 + 4 * one // times, one, **changes) for one in range(times)]
    connection.execute(insert(table), rows)


@pytest.fixture
def market(database: Engine) -> Engine:
    """OWNER's seat, which is lent to GUEST; head 7, safe 5, finalized 3."""
    with writing(database) as connection:
        connection.execute(insert(mirror.checkpoints).values(**ROWS[mirror.checkpoints]))
        for number in range(2, 8):
            block = {"number": number, "hash": word(number), "parent_hash": word(number - 1)}
            connection.execute(insert(mirror.blocks).values(**{**ROWS[mirror.blocks], **block}))
        for kind, address in (("seats", SEATS), ("delegations", GUEST)):
            row = {"kind": kind, "address": address, "joined": 1}
            contracts = mirror.mirrored_contracts
            connection.execute(insert(contracts).values(**{**ROWS[contracts], **row}))
        connection.execute(insert(folded.drop_states).values(**state(folded.drop_states, 2, 0)))
        came = state(folded.seat_states, 2, 0, **SEAT_BEFORE, change="mint")
        lent = state(folded.delegation_states, 2, 0, **LENT)
        connection.execute(insert(folded.seat_states).values(**came))
        connection.execute(insert(folded.delegation_states).values(**lent))
    return database


LENT: Final = {
    "delegator": OWNER,
    "delegate": GUEST,
    "scope": "all",
    "contract": ZERO_ADDRESS,
    "token": 0,
    "rights": "0x" + "00" * 32,
    "enabled": 1,
}
OWNED: Final = (SeatFact(SEAT, OWNER, 2),)


def the_owners_gate(connection: Connection) -> None:
    for at in (Level.LATEST, Level.SAFE, 5):
        assert gate_facts(connection, MIRROR, OWNER, {DROP}, "", at=at).seats == OWNED


def the_delegates_gate(connection: Connection) -> None:
    told = (DelegatedSeat(SEAT, OWNER, 2),)
    for at in (Level.LATEST, Level.SAFE, 5):
        assert gate_facts(connection, MIRROR, GUEST, {DROP}, "", at=at).delegated == told


def the_crowds_gate(connection: Connection) -> None:
    found = crowd_facts(connection, MIRROR, (OWNER, GUEST), {DROP}, "")
    assert found.seats == OWNED
    assert found.delegated == {GUEST: (DelegatedSeat(SEAT, OWNER, 2),)}


def seats_by_name_or_owner(connection: Connection) -> None:
    for at, block in ((Level.LATEST, 6), (Level.FINALIZED, 3)):
        (named,) = seats_named(connection, MIRROR, {SEAT, OTHER}, at)
        assert (named.id, named.owner, named.moved_block, named.as_of_block) == (
            *(SEAT, OWNER, 2),
            block,
        )
        assert seats_of_owner(connection, MIRROR, OWNER, at) == (named,)
    assert held_among(connection, MIRROR, {(SEAT, OWNER), (SEAT, GUEST)}) == {(SEAT, OWNER)}
    assert [one.seat for one in arrivals(connection, MIRROR, DROP, (OWNER,), 0)] == [SEAT]


@pytest.mark.parametrize(
    "ask",
    [the_owners_gate, the_delegates_gate, the_crowds_gate, seats_by_name_or_owner],
)
def test_a_seat_whose_listings_are_cancelled_often_costs_nobody_more(
    market: Engine, ask: Callable[[Connection], None]
) -> None:
    work = worked(market, ask, folded.seat_states, {**SEAT_BEFORE, "change": "cancel"})
    assert work[OFTEN] <= 2 * work[4]


@pytest.mark.parametrize("ask", [the_delegates_gate, the_crowds_gate])
def test_delegations_that_are_revoked_often_cost_nobody_more(
    market: Engine, ask: Callable[[Connection], None]
) -> None:
    other = {**LENT, "scope": "token", "contract": SEATS, "token": int(SEAT), "enabled": 0}
    work = worked(market, ask, folded.delegation_states, other)
    assert work[OFTEN] <= 2 * work[4]


@pytest.mark.parametrize("ask", [the_delegates_gate, the_crowds_gate])
def test_delegations_of_what_is_no_seat_cost_a_few_steps_in_an_index_each(
    market: Engine, ask: Callable[[Connection], None]
) -> None:
    other = {**LENT, "scope": "token", "contract": SEATS, "token": 1}
    work = worked(market, ask, folded.delegation_states, other)
    # Entries of the index are walked through, three times; SQLite takes sixteen steps for one.
    assert work[OFTEN] - work[4] <= 60 * OFTEN


def counters_and_credits(connection: Connection) -> None:
    ats: tuple[At, ...] = (Level.LATEST, 6)
    for at in ats:
        assert counters_of(connection, MIRROR, {OWNER, GUEST}, at) == {OWNER: 9}
        assert credit_of(connection, MIRROR, OWNER, ZERO_ADDRESS, at) == 5


@pytest.mark.parametrize(
    ("table", "given"),
    [
        (folded.counter_states, {"account": OWNER, "counter": 9}),
        (folded.credit_states, {"account": OWNER, "currency": ZERO_ADDRESS, "amount": 5}),
    ],
    ids=["counter", "credit"],
)
def test_a_counter_and_a_credit_that_change_often_cost_nobody_more(
    market: Engine, table: Table, given: Mapping[str, object]
) -> None:
    other = {
        folded.counter_states: state(folded.counter_states, 2, 0, account=OWNER, counter=9),
        folded.credit_states: state(
            folded.credit_states, 2, 0, account=OWNER, currency=ZERO_ADDRESS, amount=5
        ),
    }
    with writing(market) as connection:
        for name, row in other.items():
            connection.execute(insert(name).values(**row))
    work = worked(market, counters_and_credits, table, given)
    assert work[OFTEN] <= 2 * work[4]


def worked(
    engine: Engine, ask: Callable[[Connection], None], table: Table, given: Mapping[str, object]
) -> dict[int, int]:
    """What a question costs, by how often a thing was changed."""

    def question() -> None:
        with reading(engine) as connection:
            ask(connection)

    work = {}
    for times in (4, OFTEN):
        with writing(engine) as connection:
            connection.execute(table.delete().where(table.c.block_number > 2))
            change_often(connection, table, times, **given)
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"ANALYZE {table.name}"))
        work[times] = work_of(engine, question)
    return work
