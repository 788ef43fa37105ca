"""A seat that was sold above the safe block: its listings and its delegates as of then and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update

from indexer.queries import (
    DelegatedSeat,
    Level,
    MirrorId,
    MirrorIncomplete,
    SeatFact,
    crowd_facts,
    gate_facts,
    gate_facts_now,
    listings_of_drop,
    newest_listings_of_drop,
)
from indexer.reads.conditions import bound_drops, places_for
from indexer.store import fold_tables as folded
from indexer.store import tables as mirror
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, SeatId
from marketplace.storage.transactions import reading, writing
from tests.integration.plans import ends_to_end, plans_of, rows_read, statements_asked
from tests.integration.rows import ROWS, word

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

    from indexer.queries import At
    from marketplace.domain.addresses import ChecksumAddress

MIRROR = MirrorId(131277322940537, "seats")
DROP, SEAT = DropId(7), SeatId(7_200_013)
END = 1_800_000_000
OWNER, LATER_OWNER, GUEST, SEATS = (
    checksum_address(bytes([one]) * 20) for one in (0x10, 0x11, 0x22, 0x5E)
)
REGISTRY = checksum_address(b"\xde" * 20)
NO_TABLES = r"held|found|pairs|wanted|\(subquery"


def note(connection: Connection, table: Table, block: int, **changes: object) -> None:
    place = {"block_number": block, "block_hash": word(block)}
    connection.execute(insert(table).values(**{**ROWS[table], **place, **changes}))


def own(connection: Connection, owner: str, block: int, **changes: object) -> None:
    note(connection, folded.seat_states, block, owner=owner, moved_block=block, **changes)


def store(connection: Connection, seller: str, price: int, block: int) -> None:
    note(connection, folded.stored_listings, block, seller=seller, price=price, expiry=END)


def let(connection: Connection, delegator: str, block: int, **changes: object) -> None:
    given = {"delegator": delegator, "delegate": GUEST, "contract": SEATS, "token": int(SEAT)}
    note(connection, folded.delegation_states, block, **{**given, **changes})


@pytest.fixture
def market(database: Engine) -> Engine:
    """OWNER's seat, which is sold in block 6; head 7, safe 5, finalized 3."""
    with writing(database) as connection:
        connection.execute(insert(mirror.checkpoints).values(**ROWS[mirror.checkpoints]))
        for number in range(2, 8):
            block = {"number": number, "hash": word(number), "parent_hash": word(number - 1)}
            connection.execute(insert(mirror.blocks).values(**{**ROWS[mirror.blocks], **block}))
        seats = {"kind": "seats", "address": SEATS, "joined": 1}
        for kind in (seats, {"kind": "delegations", "address": REGISTRY, "joined": 1}):
            row = {**ROWS[mirror.mirrored_contracts], **kind}
            connection.execute(insert(mirror.mirrored_contracts).values(**row))
        note(connection, folded.drop_states, 2)
        own(connection, OWNER, 2)
        own(connection, LATER_OWNER, 6)
    return database


def told_of(connection: Connection, at: At) -> list[tuple[str, int, int]]:
    """The drop's listings, which are the same in both orders: by whom, the price, the block."""
    by_price = listings_of_drop(connection, MIRROR, DROP, END, at)
    newest = newest_listings_of_drop(connection, MIRROR, DROP, END, at)
    found: list[tuple[str, int, int]] = [
        (one.listing.seller, one.listing.price, one.at.block_number) for one in by_price
    ]
    again = [(one.listing.seller, one.listing.price, one.block_number) for one in newest]
    assert sorted(found, key=lambda one: -one[2]) == again
    return found


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (2, []),
        (Level.FINALIZED, [(OWNER, 5, 3)]),
        (4, [(OWNER, 4, 4), (OWNER, 5, 3)]),
        (Level.SAFE, [(OWNER, 4, 4), (OWNER, 5, 3)]),
        (6, []),
        (7, [(LATER_OWNER, 9, 7)]),
        (Level.LATEST, [(LATER_OWNER, 9, 7)]),
    ],
)
def test_a_drops_listings_are_those_of_whoever_owned_the_seats_then(
    market: Engine, at: At, wanted: list[tuple[str, int, int]]
) -> None:
    with writing(market) as connection:
        store(connection, OWNER, 5, 3)
        store(connection, OWNER, 4, 4)
        # Told once more after the safe block: that changes nothing, then or now.
        note(connection, folded.stored_listings, 6, seller=OWNER, price=5, expiry=END, log_index=4)
        store(connection, LATER_OWNER, 9, 7)
    with reading(market) as connection:
        assert told_of(connection, at) == wanted


def test_a_seat_that_was_locked_since_could_be_listed_then(market: Engine) -> None:
    with writing(market) as connection:
        store(connection, LATER_OWNER, 9, 6)
        own(connection, LATER_OWNER, 7, change="lock", locked=1)
    with reading(market) as connection:
        assert told_of(connection, 6) == [(LATER_OWNER, 9, 6)]
        assert told_of(connection, Level.LATEST) == []


def test_pages_of_listings_go_on_as_of_then(market: Engine) -> None:
    with writing(market) as connection:
        for number in (2, 3, 4, 5):
            store(connection, OWNER, number, number)
    with reading(market) as connection:
        whole = listings_of_drop(connection, MIRROR, DROP, END, 4)
        assert [one.listing.price for one in whole] == [2, 3, 4]
        rest = listings_of_drop(connection, MIRROR, DROP, END, 4, after=whole[0].at, limit=9)
        assert rest == whole[1:]
        newest = newest_listings_of_drop(connection, MIRROR, DROP, END, 4)
        assert [one.listing.price for one in newest] == [4, 3, 2]
        before = (newest[0].block_number, newest[0].log_index)
        assert (
            newest_listings_of_drop(connection, MIRROR, DROP, END, 4, before=before) == newest[1:]
        )


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (3, ()),
        (4, (DelegatedSeat(SEAT, OWNER, 4),)),
        (Level.SAFE, (DelegatedSeat(SEAT, OWNER, 4),)),
        (6, ()),
        (Level.LATEST, (DelegatedSeat(SEAT, LATER_OWNER, 7),)),
    ],
)
def test_delegates_are_those_of_whoever_owned_the_seat_then(
    market: Engine, at: At, wanted: tuple[DelegatedSeat, ...]
) -> None:
    with writing(market) as connection:
        let(connection, OWNER, 4)
        let(connection, LATER_OWNER, 7)
    with reading(market) as connection:
        facts = gate_facts(connection, MIRROR, GUEST, {DROP}, "", at=at)
        assert facts.delegated == wanted
        assert facts.delegations_missing is False
    assert gate_facts_now(market, MIRROR, GUEST, {DROP}, "", at=at) == facts


def test_what_was_taken_back_since_was_delegated_then(market: Engine) -> None:
    with writing(market) as connection:
        let(connection, OWNER, 3, scope="all", contract="0x" + "0" * 40, token=0)
        let(connection, OWNER, 4, scope="all", contract="0x" + "0" * 40, token=0, enabled=0)
    with reading(market) as connection:
        for at, wanted in ((Level.FINALIZED, (DelegatedSeat(SEAT, OWNER, 3),)), (4, ())):
            facts = gate_facts(connection, MIRROR, GUEST, {DROP}, "", at=at)
            assert facts.delegated == wanted


def test_a_registry_is_missing_only_from_the_block_on_that_it_is_not_filled_in(
    database: Engine,
) -> None:
    with writing(database) as connection:
        connection.execute(insert(mirror.checkpoints).values(**ROWS[mirror.checkpoints]))
        row = {**ROWS[mirror.mirrored_contracts], "next_block": 5, "joined": 0}
        connection.execute(insert(mirror.mirrored_contracts).values(**row))
    with reading(database) as connection:
        told = {
            at: gate_facts(connection, MIRROR, GUEST, {DROP}, "", at=at).delegations_missing
            for at in (*Level, 4, 5)
        }
    assert told == {
        Level.LATEST: True,
        Level.SAFE: True,
        Level.FINALIZED: False,
        4: False,
        5: True,
    }


@pytest.mark.parametrize("at", [*Level, 5, 7])
def test_no_delegate_is_told_of_before_it_is_known_what_was_taken_back_since(
    market: Engine, at: At
) -> None:
    with writing(market) as connection:
        for block, owner in ((3, OWNER), (6, LATER_OWNER)):
            let(connection, owner, block)
        filling = update(mirror.mirrored_contracts).filter_by(kind="delegations")
        connection.execute(filling.values(joined=0, next_block=3))
    with reading(market) as connection:
        facts = gate_facts(connection, MIRROR, GUEST, {DROP}, "", at=at)
        assert (facts.delegated, facts.delegations_missing) == ((), True)
        crowd = crowd_facts(connection, MIRROR, (GUEST,), {DROP}, "")
        assert (crowd.delegated, crowd.facts.delegations_missing) == ({}, True)
    assert gate_facts_now(market, MIRROR, GUEST, {DROP}, "", at=at) == facts


def test_nobody_is_answered_out_of_a_table_that_is_built_again(market: Engine) -> None:
    fold = {**ROWS[mirror.fold_versions], "fold": "drop_states", "complete": 0}
    with writing(market) as connection:
        connection.execute(insert(mirror.fold_versions).values(**fold))
    for account in (None, OWNER):
        for at in (*Level, 4):
            with reading(market) as connection, pytest.raises(MirrorIncomplete):
                gate_facts(connection, MIRROR, account, {DROP}, at=at)
            with pytest.raises(MirrorIncomplete):
                gate_facts_now(market, MIRROR, account, {DROP}, at=at)
    with reading(market) as connection, pytest.raises(MirrorIncomplete):
        crowd_facts(connection, MIRROR, (OWNER,), {DROP})


def test_a_crowd_is_asked_about_without_reading_a_table_from_end_to_end(market: Engine) -> None:
    with writing(market) as connection:
        let(connection, LATER_OWNER, 7)
    crowd = (GUEST, OWNER, LATER_OWNER)

    def ask() -> None:
        with reading(market) as connection:
            found = crowd_facts(connection, MIRROR, crowd, {DROP}, "")
            alone = {one: gate_facts(connection, MIRROR, one, {DROP}, "") for one in crowd}
        assert found.delegated == {GUEST: alone[GUEST].delegated}
        assert found.seats == alone[LATER_OWNER].seats

    told = plans_of(market, ask)
    assert any("seat_states_owner_idx" in line for line in told)
    assert not ends_to_end(told, NO_TABLES)


def test_a_crowds_delegations_are_missing_where_one_accounts_are(database: Engine) -> None:
    with writing(database) as connection:
        connection.execute(insert(mirror.checkpoints).values(**ROWS[mirror.checkpoints]))
        row = {**ROWS[mirror.mirrored_contracts], "next_block": 5, "joined": 0}
        connection.execute(insert(mirror.mirrored_contracts).values(**row))
    with reading(database) as connection:
        assert crowd_facts(connection, MIRROR, (GUEST,), {DROP}).facts.delegations_missing is True


@pytest.mark.parametrize("at", [Level.SAFE, 4])
def test_what_is_asked_as_of_then_reads_no_table_from_end_to_end(market: Engine, at: At) -> None:
    with writing(market) as connection:
        let(connection, OWNER, 4)

    def ask() -> None:
        with reading(market) as connection:
            told_of(connection, at)
            assert gate_facts(connection, MIRROR, GUEST, {DROP}, "", at=at).delegated

    told = plans_of(market, ask)
    assert any("delegation_states" in line for line in told)
    assert not ends_to_end(told, NO_TABLES)


MANY = 40


def test_what_reaches_no_seat_of_the_drop_is_not_read(market: Engine) -> None:
    with writing(market) as connection:
        for number in range(MANY):
            # Of tokens that are no seats, of the drop's numbers and of others; and seats elsewhere.
            let(connection, LATER_OWNER, 6, log_index=number, token=7_300_001 + number)
            let(connection, LATER_OWNER, 6, log_index=MANY + number, token=2**200 + number)
            own(connection, LATER_OWNER, 6, log_index=MANY + number, seat=9_200_001 + number)

    def ask() -> None:
        with reading(market) as connection:
            assert gate_facts(connection, MIRROR, GUEST, {DROP}, "").delegated == ()
            assert crowd_facts(connection, MIRROR, (GUEST, OWNER), {DROP}, "").delegated == {}

    assert rows_read(market, ask) < 20


def test_of_many_delegations_and_seats_each_pair_that_fits_is_found(market: Engine) -> None:
    lent = [SeatId(7_200_100 + number) for number in range(0, 500, 2)]
    with writing(market) as connection:
        for number in range(500):
            own(connection, OWNER, 5, log_index=number, seat=7_200_100 + number)
        for number, seat in enumerate(lent):
            let(connection, OWNER, 6, log_index=number, token=int(seat))
        let(connection, LATER_OWNER, 7, scope="contract", token=0)

    with reading(market) as connection:
        found = gate_facts(connection, MIRROR, GUEST, {DROP}, "").delegated
        crowd = crowd_facts(connection, MIRROR, (GUEST, OWNER, LATER_OWNER), {DROP}, "").delegated

    wanted = (DelegatedSeat(SEAT, LATER_OWNER, 7), *(DelegatedSeat(one, OWNER, 6) for one in lent))
    assert found == wanted
    assert crowd == {GUEST: wanted}


def account_of(number: int) -> ChecksumAddress:
    return checksum_address(number.to_bytes(20, "big"))


@pytest.mark.parametrize(
    "given",
    [
        {"scope": "all", "contract": ZERO_ADDRESS, "token": 0},
        {"scope": "contract", "token": 0},
        {"scope": "token", "token": int(SEAT)},
        {"scope": "token", "contract": REGISTRY},
    ],
    ids=["all", "contract", "token", "junk"],
)
def test_whoever_delegates_to_a_whole_room_makes_few_statements_more(
    market: Engine, given: dict[str, object]
) -> None:
    owners = [account_of(1_000 + number) for number in range(20)]
    room = [account_of(2_000 + number) for number in range(20)]
    seats = {owner: SeatId(7_200_100 + place) for place, owner in enumerate(owners)}
    with writing(market) as connection:
        for place, (owner, seat) in enumerate(seats.items()):
            own(connection, owner, 5, log_index=place, seat=seat)
            token = {"token": int(seat)} if given.get("token") == int(SEAT) else {}
            for one, delegate in enumerate(room):
                log = {"log_index": 100 * place + one, "delegate": delegate}
                let(connection, owner, 6, **{**given, **token, **log})
    lent = tuple(DelegatedSeat(seat, owner, 6) for owner, seat in seats.items())

    def ask() -> None:
        with reading(market) as connection:
            found = crowd_facts(connection, MIRROR, room, {DROP}, "").delegated
        assert found == ({} if given.get("contract") == REGISTRY else dict.fromkeys(room, lent))

    assert statements_asked(market, ask) < 20


def test_delegations_are_not_read_where_no_right_is_named(market: Engine) -> None:
    with writing(market) as connection:
        let(connection, LATER_OWNER, 7)

    def ask(rights: str | None) -> None:
        with reading(market) as connection:
            gate_facts(connection, MIRROR, GUEST, {DROP}, rights)
            crowd_facts(connection, MIRROR, (GUEST,), {DROP}, rights)

    looked = {
        rights: any("ever_all" in line for line in plans_of(market, lambda: ask(rights)))  # noqa: B023 - called at once
        for rights in ("", None)
    }
    assert looked == {"": True, None: False}


def test_a_question_about_many_drops_is_one_of_a_few_statements(market: Engine) -> None:
    wanted = {}
    with reading(market) as connection:
        for count in (1, 2, 3, 5, 8, 13, 200, 850):
            drops = {DropId(7 + more) for more in range(count)}
            facts = gate_facts(connection, MIRROR, LATER_OWNER, drops)
            wanted[count] = (facts.drops, facts.seats)
            places = places_for(drops)
            assert count <= places < 2 * count
            assert len(bound_drops(drops)) == places
    assert len(set(wanted.values())) == 1
    assert wanted[1][1] == (SeatFact(SEAT, LATER_OWNER, 6),)


@pytest.mark.parametrize(
    "given",
    [
        {"scope": "token", "contract": REGISTRY},
        {"scope": "contract", "contract": REGISTRY, "token": 0},
        {"scope": "token", "token": int(SEAT) + 1},
        {"scope": "token", "rights": word(9)},
        {"scope": "token", "enabled": 0},
    ],
    ids=["another contract's token", "another contract", "another token", "right", "taken back"],
)
def test_what_is_delegated_for_something_else_reaches_no_seat(
    market: Engine, given: dict[str, object]
) -> None:
    with writing(market) as connection:
        let(connection, LATER_OWNER, 7, **given)
    with reading(market) as connection:
        assert gate_facts(connection, MIRROR, GUEST, {DROP}, "").delegated == ()
        assert crowd_facts(connection, MIRROR, (GUEST,), {DROP}, "").delegated == {}
