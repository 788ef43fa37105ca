from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from marketplace.bindings.interface import ArgumentUnfit, interface_of
from marketplace.bindings.values import ValueUnexpected

SEATS = interface_of("Seats")


def test_selectors_are_those_of_the_standards() -> None:
    assert SEATS.functions["ownerOf"].selector.hex() == "6352211e"
    assert SEATS.functions["royaltyInfo"].selector.hex() == "2a55205a"
    assert SEATS.functions["locked"].selector.hex() == "b45a3c0e"
    assert SEATS.events["Transfer"].digest == keccak(text="Transfer(address,address,uint256)")


def test_an_overload_is_found_by_its_signature() -> None:
    three = SEATS.functions["safeTransferFrom(address,address,uint256)"]
    four = SEATS.functions["safeTransferFrom(address,address,uint256,bytes)"]
    assert (three.selector.hex(), four.selector.hex()) == ("42842e0e", "b88d4fde")


def test_a_value_beyond_its_type_is_a_broken_rule() -> None:
    with pytest.raises(ArgumentUnfit, match="ownerOf cannot be called"):
        SEATS.functions["ownerOf"].encode_call((2**256,))


def test_an_answer_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueUnexpected, match="ownerOf"):
        SEATS.functions["ownerOf"].decode_result(b"\x01")
