"""Rows past SQLAlchemy's types come back as they went in; errors are those of any other row."""

from __future__ import annotations

import sqlite3
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, MetaData, Table, func, select, text
from sqlalchemy.exc import IntegrityError

from indexer.folds.folding import Row, key_of
from indexer.folds.states import CreditState, DropState, PlatformState, SeatState, UsedPass
from indexer.identity import MirrorId
from indexer.store import bulk, states
from indexer.store.fold_tables import drop_states, used_passes
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ETH
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.money import Bps, Wei
from marketplace.storage.columns import BIG, TEXT
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseUnreachableError
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

    from indexer.folds.folding import Key
    from indexer.folds.states import State

MIRROR = MirrorId(7, "back\\slash\tand tab")
OTHER = MirrorId(7, "other")
HASH = "0x" + "ab" * 32
MANY = 3_456
"""More than one statement takes, and no multiple of it nor of the smaller ones."""


def seat(number: int, dice: Random, held: int = 0) -> SeatState:
    return SeatState(
        seat=SeatId(number),
        change="gift",
        owner=checksum_address(dice.randbytes(20)),
        epoch=dice.randrange(2**40),
        moved_at=1,
        moved_block=0,
        phase=PhaseIndex(2),
        flags=0,
        locked=0,
        face=Wei(2**256 - 1),
        held=Wei(held),
        beneficiary=checksum_address(dice.randbytes(20)),
    )


def drop(number: DropId) -> DropState:
    nobody = checksum_address(bytes(20))
    return DropState(
        drop_id=number,
        mentor=checksum_address(b"\xaa" * 20),
        payout=nobody,
        verifier=nobody,
        resolver=nobody,
        state=1,
        policy=1,
        currency_index=0,
        terms_version=1,
        postponements=0,
        tier_count=1,
        phase_count=1,
        royalty_bps=Bps(500),
        toll_bps=Bps(0),
        resale_cap_bps=Bps(0),
        penalty_bps=Bps(0),
        default_split_bps=Bps(0),
        fee_bps=Bps(0),
        gift_cooldown_s=0,
        challenge_days=3,
        starts_at=10,
        ends_at=20,
        deliver_by=30,
        first_deliver_by=30,
        refund_until=5,
        paused_until=0,
        terms_hash=HASH,
    )


def test_the_last_state_of_each_of_many_things_is_read(database: Engine) -> None:
    dice = Random(1)
    rows: list[Row] = []
    last: dict[Key, State | None] = {}
    for block in range(1, 4):
        for number in range(MANY):
            if dice.random() < 0.6:
                state = seat(number, dice, block)
                rows.append(Row(state, block, number, HASH))
                last[key_of(state)] = state
    credit = CreditState(account=checksum_address(b"\xaa" * 20), currency=ETH, amount=Wei(2**200))
    nobody = checksum_address(bytes(20))
    platform = PlatformState(
        treasury=nobody, fee_bps=Bps(5), owner=nobody, pending_owner=nobody, guardian=nobody
    )
    for single in (credit, platform):
        rows.append(Row(single, 9, 1, HASH))
        last[key_of(single)] = single
    missing: list[Key] = [
        (SeatState, (SeatId(MANY + 1),)),
        (CreditState, (credit.account, checksum_address(b"\xbb" * 20))),
    ]
    with writing(database) as connection:
        states.insert_rows(connection, MIRROR, rows)
        states.insert_rows(connection, OTHER, [Row(seat(1, dice), 8, 0, HASH)])

    with reading(database) as connection:
        found = states.load_states(connection, MIRROR, {*last, *missing})

    assert found == {**last, **dict.fromkeys(missing)}
    assert len(last) > MANY // 2


def test_nothing_is_written_and_nothing_read_for_nothing(database: Engine) -> None:
    with writing(database) as connection:
        states.insert_rows(connection, MIRROR, [])
        assert states.load_states(connection, MIRROR, []) == {}


def test_no_statement_has_more_variables_than_any_sqlite_takes(database: Engine) -> None:
    rows = [Row(drop(DropId(number)), 1, number, HASH) for number in range(1, 2_100)]

    with writing(database) as connection:
        if database.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)
        states.insert_rows(connection, MIRROR, rows)

    with reading(database) as connection:
        held = connection.scalar(select(func.count()).select_from(drop_states))
    assert held == len(rows)


@pytest.mark.parametrize("count", [1, 2_000])
def test_a_row_that_is_there_already_is_refused_and_none_is_written(
    database: Engine, count: int
) -> None:
    rows = [
        Row(UsedPass(drop_id=DropId(1), account=ETH, nonce=number), 1, number, HASH)
        for number in range(count)
    ]
    with writing(database) as connection:
        states.insert_rows(connection, MIRROR, rows[-1:])

    with pytest.raises(IntegrityError), writing(database) as connection:
        states.insert_rows(connection, MIRROR, rows)

    with reading(database) as connection:
        assert connection.scalar(select(func.count()).select_from(used_passes)) == 1


def test_the_checks_of_the_tables_hold_for_rows_in_bulk(database: Engine) -> None:
    odd = Row(seat(1, Random(1)), -1, 0, HASH)

    with pytest.raises(IntegrityError), writing(database) as connection:
        states.insert_rows(connection, MIRROR, [odd])


def test_a_connection_that_is_lost_while_rows_are_copied_is_replaced(postgres_server: URL) -> None:
    engine = open_engine(postgres_server)
    columns = (Column("chain_id", BIG), Column("contract_set", TEXT), Column("number", BIG))
    table = Table("copied", MetaData(), *columns)
    with writing(engine) as connection:
        table.create(connection)

    def cut_off() -> None:
        with writing(engine) as connection:
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
            with writing(engine) as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            bulk.append(connection, table, MIRROR, [(1, 2, 3)])

    with pytest.raises(DatabaseUnreachableError):
        cut_off()

    with writing(engine) as connection:
        bulk.append(connection, table, MIRROR, [(1, 2, 3)])
        assert connection.execute(select(table)).all() == [
            (MIRROR.chain_id, MIRROR.contract_set, number) for number in (1, 2, 3)
        ]
        table.drop(connection)
    engine.dispose()
