from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.artifacts import deterministic_address
from scripts.toolchain.errors import LinkingRefusedError
from scripts.toolchain.linking import (
    deployed_code,
    deployment_order,
    library_addresses,
    link,
)

if TYPE_CHECKING:
    from scripts.toolchain.solc_json import Bytecode, CodeRange

HOLE = "__$0123456789abcdef0123456789abcdef01$__"
OWN = deterministic_address(b"\x01")


def code(library: str | None = None) -> Bytecode:
    if library is None:
        return {"object": "6060", "linkReferences": {}}
    place: CodeRange = {"start": 2, "length": 20}
    return {"object": f"6060{HOLE}60", "linkReferences": {"A.sol": {library: [place]}}}


def test_libraries_come_before_what_links_them() -> None:
    codes = {
        "A.sol:Shop": code("Ledger"),
        "A.sol:Ledger": code("Rounding"),
        "A.sol:Rounding": code(),
    }

    assert deployment_order(codes) == ("A.sol:Rounding", "A.sol:Ledger", "A.sol:Shop")


def test_libraries_that_link_each_other_are_refused() -> None:
    codes = {"A.sol:X": code("Y"), "A.sol:Y": code("X")}

    with pytest.raises(LinkingRefusedError, match="link each other"):
        deployment_order(codes)


def test_a_library_of_somebody_else_is_refused() -> None:
    with pytest.raises(LinkingRefusedError, match=r"A\.sol:X links A\.sol:Y"):
        deployment_order({"A.sol:X": code("Y")})


def test_addresses_fill_the_holes_and_nothing_else() -> None:
    linked = link(code("Y"), {"A.sol:Y": OWN})

    assert linked == f"0x6060{OWN[2:].lower()}60"


def test_an_address_follows_from_the_linked_code() -> None:
    codes = {"A.sol:X": code("Y"), "A.sol:Y": code()}

    addresses = library_addresses(deployment_order(codes), codes)

    linked = bytes.fromhex(link(codes["A.sol:X"], addresses)[2:])
    assert addresses["A.sol:X"] == deterministic_address(linked)


def test_a_library_of_the_legacy_pipeline_pushes_its_own_address() -> None:
    runtime: Bytecode = {"object": f"73{'00' * 20}3014", "linkReferences": {}}

    assert deployed_code(runtime, {}, OWN) == f"0x73{OWN[2:].lower()}3014"


def test_a_library_of_the_ir_pipeline_keeps_its_own_address_as_an_immutable() -> None:
    runtime: Bytecode = {
        "object": f"7f{'00' * 32}3014",
        "linkReferences": {},
        "immutableReferences": {
            "library_deploy_address": [{"start": 1, "length": 32}],
            "17": [{"start": 1, "length": 4}],
        },
    }

    assert deployed_code(runtime, {}, OWN) == f"0x7f{'00' * 12}{OWN[2:].lower()}3014"
