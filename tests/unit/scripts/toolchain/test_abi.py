from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from eth_utils.abi import function_signature_to_4byte_selector

from scripts.toolchain.abi import merged_abi
from scripts.toolchain.errors import LinkingRefusedError

if TYPE_CHECKING:
    from scripts.toolchain.solc_json import SolcContract


def contract(*elements: dict[str, object]) -> SolcContract:
    return cast("SolcContract", {"abi": list(elements)})


def error(name: str, kind: str = "uint256", internal: str = "uint256") -> dict[str, object]:
    inputs = [{"name": "value", "type": kind, "internalType": internal}]
    return {"type": "error", "name": name, "inputs": inputs}


def event(name: str, *, indexed: bool = False) -> dict[str, object]:
    inputs = [{"name": "value", "type": "uint256", "indexed": indexed}]
    return {"type": "event", "name": name, "inputs": inputs, "anonymous": False}


FUNCTION: dict[str, object] = {
    "type": "function",
    "name": "pay",
    "inputs": [],
    "outputs": [],
    "stateMutability": "payable",
}


def names(
    merged_into: SolcContract,
    own: list[SolcContract],
    foreign: list[SolcContract],
    codes: list[bytes],
) -> list[str]:
    merged = merged_abi(merged_into, own, foreign, codes)
    return [cast("dict[str, str]", element)["name"] for element in merged]


def test_events_and_errors_of_our_libraries_belong_and_their_functions_do_not() -> None:
    library = contract(FUNCTION | {"name": "share"}, event("Shared"), error("Library_Zero"))

    assert names(contract(FUNCTION), [library], [], []) == ["pay", "Shared", "Library_Zero"]


def test_entries_are_sorted_by_kind_and_signature() -> None:
    mixed = contract(error("Zulu"), error("Alpha"), event("Paid"), FUNCTION)

    assert names(mixed, [], [], []) == ["pay", "Paid", "Alpha", "Zulu"]


def test_the_same_entry_is_listed_once() -> None:
    assert names(contract(error("Zero")), [contract(error("Zero"))] * 2, [], []) == ["Zero"]


def test_user_defined_types_do_not_make_another_entry() -> None:
    ours, theirs = error("Zero", internal="SeatId"), error("Zero")

    assert names(contract(ours), [contract(theirs)], [], []) == ["Zero"]


def test_an_event_that_differs_in_what_is_indexed_is_refused() -> None:
    with pytest.raises(LinkingRefusedError, match=r"event Paid\(uint256\) is declared twice"):
        names(contract(event("Paid")), [contract(event("Paid", indexed=True))], [], [])


@pytest.mark.parametrize("signature", ["Refused(uint256)", "TransferFailed(uint256)"])
def test_a_foreign_error_belongs_when_its_selector_is_pushed(signature: str) -> None:
    selector = function_signature_to_4byte_selector(signature)
    foreign = contract(error(signature.partition("(")[0]))

    assert names(contract(), [], [foreign], [b"\x60\x00\x63" + selector]) != []
    assert names(contract(), [], [foreign], [b"\x60\x00\x62" + selector]) == []


def test_a_selector_with_zero_bytes_is_found_as_the_optimiser_pushes_it() -> None:
    name = selector_with_leading_zero()
    selector = function_signature_to_4byte_selector(f"{name}(uint256)")

    code = bytes([0x5F + len(selector.strip(b"\0"))]) + selector.strip(b"\0")

    assert names(contract(), [], [contract(error(name))], [code]) == [name]


def selector_with_leading_zero() -> str:
    candidates = (f"Error{number}" for number in range(5_000))
    return next(
        name
        for name in candidates
        if function_signature_to_4byte_selector(f"{name}(uint256)")[0] == 0
    )


def test_an_extensions_functions_belong_and_its_constructor_does_not() -> None:
    constructor: dict[str, object] = {
        "type": "constructor",
        "inputs": [],
        "stateMutability": "nonpayable",
    }
    extension = contract(constructor, FUNCTION | {"name": "claim"}, {"type": "receive"})

    merged = merged_abi(contract(FUNCTION), [], [], [], extension)

    assert [(one["type"], cast("dict[str, str]", one)["name"]) for one in merged] == [
        ("function", "claim"),
        ("function", "pay"),
    ]


def test_a_function_of_the_contract_itself_hides_that_of_its_extension() -> None:
    hidden = FUNCTION | {"stateMutability": "nonpayable"}

    assert merged_abi(contract(FUNCTION), [], [], [], contract(hidden)) == [FUNCTION]
