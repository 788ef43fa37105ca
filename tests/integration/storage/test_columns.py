"""The column types on real databases: exact, ordered, bounded by the database as well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Numeric, Table, insert, literal, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.storage.columns import (
    MAX_UINT256,
    Address,
    Uint256,
    UtcTime,
    uint256_bounds,
)
from marketplace.storage.errors import ValueRefusedError
from marketplace.storage.transactions import reading, writing
from tests.integration.rows import BUYER

if TYPE_CHECKING:
    from sqlalchemy import Engine

SAMPLES: Final = Table(
    "samples",
    MetaData(),
    Column("amount", Uint256),
    Column("account", Address),
    Column("moment", UtcTime),
    *uint256_bounds("amount", "samples_amount"),
    sqlite_strict=True,
)

NUMBERS: Final = [0, 1, 255, 256, 2**63 - 1, 2**63, 2**64, 10**38, 2**255, MAX_UINT256]


@pytest.fixture
def samples(empty_database: Engine) -> Engine:
    """Give a database with one table that has each type."""
    with writing(empty_database) as connection:
        SAMPLES.create(connection)
    return empty_database


def test_every_uint256_comes_back_exactly_and_in_order(samples: Engine) -> None:
    with writing(samples) as connection:
        connection.execute(insert(SAMPLES), [{"amount": number} for number in reversed(NUMBERS)])

    with reading(samples) as connection:
        found = connection.scalars(select(SAMPLES.c.amount).order_by(SAMPLES.c.amount)).all()

    assert found == NUMBERS
    assert {type(number) for number in found} == {int}


def test_uint256s_are_compared_as_numbers(samples: Engine) -> None:
    with writing(samples) as connection:
        connection.execute(insert(SAMPLES), [{"amount": number} for number in NUMBERS])

    with reading(samples) as connection:
        above = select(SAMPLES.c.amount).where(SAMPLES.c.amount > 2**64)
        assert sorted(connection.scalars(above)) == NUMBERS[-3:]


@pytest.mark.parametrize("amount", [-1, MAX_UINT256 + 1])
def test_a_number_out_of_bounds_is_refused_before_the_database(
    samples: Engine, amount: int
) -> None:
    with pytest.raises(ValueRefusedError, match="outside 0 to"), writing(samples) as connection:
        connection.execute(insert(SAMPLES).values(amount=amount))


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal(MAX_UINT256 + 1), Decimal("NaN")])
def test_the_database_itself_refuses_a_number_out_of_bounds(
    samples: Engine, amount: Decimal
) -> None:
    # SQLite keeps the number as bytes: there, its own violation is a wrong length.
    sqlite = samples.dialect.name == "sqlite"
    raw = literal(bytes(33), LargeBinary()) if sqlite else literal(amount, Numeric())

    with (
        pytest.raises(IntegrityError, match="samples_amount"),
        writing(samples) as connection,
    ):
        connection.execute(insert(SAMPLES).values(amount=raw))


def test_the_database_itself_refuses_text_for_a_number(samples: Engine) -> None:
    with pytest.raises(DBAPIError), writing(samples) as connection:
        connection.execute(text("INSERT INTO samples (amount) VALUES ('many')"))


def test_an_address_is_found_by_its_bytes(samples: Engine) -> None:
    with writing(samples) as connection:
        connection.execute(insert(SAMPLES).values(account=BUYER))

    with reading(samples) as connection:
        found = connection.scalars(select(SAMPLES.c.account).where(SAMPLES.c.account == BUYER))
        assert found.all() == [BUYER]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, 0, 1, tzinfo=timezone(timedelta(hours=2))),
        datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_to_the_microsecond_in_utc(samples: Engine, moment: datetime) -> None:
    with writing(samples) as connection:
        if samples.dialect.name == "postgresql":
            connection.execute(text("SET TIME ZONE 'Asia/Kathmandu'"))
        connection.execute(insert(SAMPLES).values(moment=moment))
        found = connection.scalar(select(SAMPLES.c.moment))

    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


def test_a_naive_time_is_refused_before_the_database(samples: Engine) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that it is naive is the point

    with pytest.raises(ValueRefusedError, match="time zone"), writing(samples) as connection:
        connection.execute(insert(SAMPLES).values(moment=naive))
