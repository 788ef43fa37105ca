"""Columns of values are told as the column types tell single ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.engine.default import DefaultDialect

from indexer.store import conversions
from indexer.store.fold_tables import FOLDED
from indexer.store.tables import blocks, events, outbox
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.ids import SeatId
from marketplace.storage.columns import MAX_UINT256, Address, Bytes32, Uint256
from marketplace.storage.errors import ValueRefusedError

if TYPE_CHECKING:
    from sqlalchemy import Table

ADA = checksum_address(b"\xab" * 20)
WORD = "0x" + "ab" * 32
VALUES: dict[type, object] = {Address: ADA, Bytes32: WORD, Uint256: MAX_UINT256}
BAD: dict[type, list[object]] = {
    Address: [ADA.lower(), "0x12", ADA[:-1]],
    Bytes32: [WORD.upper(), "0x12", WORD[2:]],
    Uint256: [-1, MAX_UINT256 + 1, "1"],
}


@pytest.mark.parametrize("table", [*FOLDED, blocks, events, outbox], ids=lambda one: one.name)
def test_every_column_is_told_to_sqlite_as_its_type_tells_it(table: Table) -> None:
    dialect = DefaultDialect()
    for column, turn in zip(table.columns, conversions.bound(table, "sqlite"), strict=True):
        value = VALUES.get(type(column.type))
        if value is None:
            continue
        kind: Any = column.type
        single = kind.process_bind_param(value, dialect)
        assert list(turn((value, value))) == [single] * 2
        (heard,) = conversions.heard(table, (column.name,))
        assert list(heard((single,))) == [value]


@pytest.mark.parametrize("kind", [Address, Bytes32, Uint256])
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_what_a_column_type_refuses_is_refused_in_a_column_too(kind: type, dialect: str) -> None:
    (table, at) = next(
        (table, at)
        for table in FOLDED
        for at, column in enumerate(table.columns)
        if isinstance(column.type, kind)
    )
    turn = conversions.bound(table, dialect)[at]
    for bad in BAD[kind]:
        with pytest.raises(ValueRefusedError):
            list(turn((VALUES[kind], bad)))


def test_a_driver_is_given_plain_numbers() -> None:
    (turn,) = conversions.asked(FOLDED[0], ("seat",), "sqlite")

    assert [type(one) for one in turn((SeatId(7), SeatId(8)))] == [int, int]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("plain", "plain"),
        ("a\\b", "a\\\\b"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ('{"a":"\\u00e4"}', '{"a":"\\\\u00e4"}'),
    ],
)
def test_text_cannot_end_a_field_or_a_row_of_copy(value: str, told: str) -> None:
    assert conversions.escaped(value) == told
