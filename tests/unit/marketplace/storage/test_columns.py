from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from marketplace.storage.columns import MAX_UINT256, Address, Bytes32, Uint256, UtcTime
from marketplace.storage.errors import ValueRefusedError

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

DIALECTS: list[Dialect] = [
    make_url(address).get_dialect()() for address in ("sqlite://", "postgresql+psycopg://")
]
VITALIK = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"

each_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


@each_dialect
@pytest.mark.parametrize("value", [-1, MAX_UINT256 + 1, True, 1.0, "1"])
def test_uint256_refuses_what_is_not_one(dialect: Dialect, value: object) -> None:
    with pytest.raises(ValueRefusedError, match="Uint256"):
        Uint256().process_bind_param(value, dialect)


@given(st.lists(st.integers(0, MAX_UINT256), min_size=2, max_size=6))
def test_uint256_sorts_in_sqlite_as_the_numbers_do(numbers: list[int]) -> None:
    assert sorted(map(in_sqlite, numbers)) == [in_sqlite(number) for number in sorted(numbers)]


def in_sqlite(number: int) -> bytes:
    stored = Uint256().process_bind_param(number, DIALECTS[0])
    assert isinstance(stored, bytes)
    return stored


@each_dialect
@pytest.mark.parametrize(
    "value",
    ["0x" + "A" * 64, "0x" + "a" * 63, "0x" + "a" * 65, "a" * 64, "", b"\0" * 32, "0x" + "g" * 64],
)
def test_bytes32_refuses_other_spellings(dialect: Dialect, value: object) -> None:
    with pytest.raises(ValueRefusedError, match="Bytes32"):
        Bytes32().process_bind_param(value, dialect)


@each_dialect
@pytest.mark.parametrize(
    "value",
    [VITALIK.lower(), VITALIK.replace("dA", "Da"), VITALIK[:-1], VITALIK[2:], "", b"\0" * 20],
)
def test_address_refuses_every_spelling_but_the_checksummed_one(
    dialect: Dialect, value: object
) -> None:
    with pytest.raises(ValueRefusedError, match="Address"):
        Address().process_bind_param(value, dialect)


@each_dialect
@pytest.mark.parametrize(
    "value",
    [datetime(2026, 1, 1), 0, "2026-01-01T00:00:00Z"],  # noqa: DTZ001 - a naive one is refused
)
def test_a_time_that_names_no_moment_is_refused(dialect: Dialect, value: object) -> None:
    with pytest.raises(ValueRefusedError, match="UtcTime"):
        UtcTime().process_bind_param(value, dialect)


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=5, minutes=45)))))
def test_sqlite_keeps_every_microsecond(moment: datetime) -> None:
    stored = UtcTime().process_bind_param(moment, DIALECTS[0])

    assert isinstance(stored, int)
    assert UtcTime().process_result_value(stored, DIALECTS[0]) == moment


def test_a_time_comes_back_in_utc() -> None:
    kathmandu = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=45)))

    returned = UtcTime().process_result_value(kathmandu, DIALECTS[1])

    assert returned is not None
    assert returned.tzinfo is UTC


@each_dialect
@pytest.mark.parametrize("column_type", [Uint256(), Bytes32(), Address(), UtcTime()])
def test_an_absent_value_stays_absent(
    dialect: Dialect, column_type: Uint256 | Bytes32 | Address | UtcTime
) -> None:
    assert column_type.process_bind_param(None, dialect) is None
    assert column_type.process_result_value(None, dialect) is None
