from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.devnet.errors import InvalidParams
from marketplace.devnet.quantities import (
    data,
    quantity,
    read_address,
    read_count,
    read_data,
    read_hash,
    read_quantity,
    word,
)

if TYPE_CHECKING:
    from marketplace.devnet.quantities import Json


@given(st.integers(min_value=0, max_value=2**256 - 1))
def test_quantities_read_back_what_was_written(number: int) -> None:
    assert read_quantity(quantity(number), "x") == number
    assert read_quantity(word(number), "x") == number
    assert read_count(str(number), "x") == number


@given(st.binary(max_size=100))
def test_data_reads_back_what_was_written(octets: bytes) -> None:
    assert read_data(data(octets), "x") == octets


@pytest.mark.parametrize(
    "value", ["", "0x", "1", "0xg", "0x" + "f" * 65, 1, 1.5, True, None, [], {}, "0x1\n", " 0x1"]
)
def test_what_is_no_quantity_is_refused_by_name(value: Json) -> None:
    with pytest.raises(InvalidParams, match="gas"):
        read_quantity(value, "gas")


@pytest.mark.parametrize("value", ["", "0", "0x0", "0xzz", 1, None, "0x00\n"])
def test_what_is_no_data_is_refused(value: Json) -> None:
    with pytest.raises(InvalidParams):
        read_data(value, "input")


@pytest.mark.parametrize("size", [0, 19, 21, 32])
def test_an_address_has_20_bytes(size: int) -> None:
    with pytest.raises(InvalidParams, match="20 bytes"):
        read_address(data(bytes(size)), "to")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_hash_has_32_bytes(size: int) -> None:
    with pytest.raises(InvalidParams, match="32 bytes"):
        read_hash(data(bytes(size)), "hash")


@pytest.mark.parametrize("value", [-1, 2**256, True, "1.5", "9" * 78, None, "0x", "²"])
def test_a_count_is_a_whole_number_of_at_most_256_bits(value: Json) -> None:
    with pytest.raises(InvalidParams):
        read_count(value, "blocks")
