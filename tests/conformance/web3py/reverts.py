"""Reverts, decoded by the contract's ABI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from eth_abi.abi import decode
from eth_utils.abi import (
    filter_abi_by_type,
    function_abi_to_4byte_selector,
    get_abi_input_types,
)
from hexbytes import HexBytes
from web3.exceptions import (
    ContractCustomError,
    ContractLogicError,
    ContractPanicError,
)

from tests.conformance.web3py.registry import implements

if TYPE_CHECKING:
    from web3.types import TxParams

    from tests.conformance.web3py.world import Web3World


def error_of(world: Web3World, data: object) -> tuple[str, list[object]]:
    """Name and arguments of a custom error of the probe, from revert data."""
    raw = bytes(HexBytes(str(data)))
    errors = filter_abi_by_type("error", world.probe.abi)
    error = next(each for each in errors if function_abi_to_4byte_selector(each) == raw[:4])
    return error["name"], list(decode(get_abi_input_types(error), raw[4:]))


@implements
def custom_error_decodes_with_its_arguments(world: Web3World) -> None:
    sender: TxParams = {"from": world.alice.address}
    with pytest.raises(ContractCustomError) as caught:
        world.probe.functions.refuse(3, 5).call(sender)
    name, arguments = error_of(world, caught.value.data)
    assert name == "Refused"
    assert arguments == [world.alice.address.lower(), 3, 5, "not enough"]


@implements
def custom_error_without_arguments_decodes(world: Web3World) -> None:
    with pytest.raises(ContractCustomError) as caught:
        world.probe.functions.close().call()
    assert error_of(world, caught.value.data) == ("Closed", [])


@implements
def reason_string_decodes(world: Web3World) -> None:
    with pytest.raises(ContractLogicError, match="execution reverted: the seat has moved"):
        world.probe.functions.revertWithReason("the seat has moved").call()


@implements
def panic_decodes(world: Web3World) -> None:
    with pytest.raises(ContractPanicError, match="0x12"):
        world.probe.functions.divide(1, 0).call()


@implements
def revert_without_data_is_an_error(world: Web3World) -> None:
    with pytest.raises(ContractLogicError) as caught:
        world.probe.functions.revertWithoutData().call()
    assert caught.value.data in {None, "0x", "no data"}


@implements
def estimate_of_a_reverting_call_carries_the_error(world: Web3World) -> None:
    sender: TxParams = {"from": world.alice.address}
    with pytest.raises(ContractCustomError) as caught:
        world.probe.functions.storeAndRefuse(9).estimate_gas(sender)
    name, arguments = error_of(world, caught.value.data)
    assert name == "Refused"
    assert arguments == [world.alice.address.lower(), 9, 9, "undone"]
