from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.artifacts import (
    ArtifactCorruptError,
    ArtifactMissingError,
    deterministic_address,
    load,
)

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY_CODE = "0x6001"


def document(name: str, **changes: object) -> dict[str, object]:
    return {
        "contractName": name,
        "sourceName": f"contracts/{name}.sol",
        "compilerVersion": "0.8.37+commit.01234567",
        "sourcesHash": "sha256:00",
        "abi": [{"type": "error", "name": "Closed", "inputs": []}],
        "bytecode": "0x600160",
        "deployedBytecode": "0x60",
        "immutableReferences": [],
        "libraries": [],
    } | changes


def write(folder: Path, name: str, **changes: object) -> None:
    text = json.dumps(document(name, **changes))
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def test_code_comes_as_bytes_and_ranges_as_pairs(tmp_path: Path) -> None:
    write(tmp_path, "Shop", immutableReferences=[{"start": 4, "length": 32}])

    shop = load("Shop", tmp_path)

    assert shop.bytecode == b"\x60\x01\x60"
    assert shop.deployed_bytecode == b"\x60"
    assert shop.immutable_ranges == ((4, 32),)


def test_libraries_bring_what_the_proxy_is_given(tmp_path: Path) -> None:
    address = deterministic_address(b"\x60\x01")
    write(tmp_path, "Ledger", bytecode=LIBRARY_CODE)
    write(tmp_path, "Shop", libraries=[{"name": "Ledger", "address": address}])

    (library,) = load("Shop", tmp_path).libraries

    assert (library.name, library.address, library.init_code) == ("Ledger", address, b"\x60\x01")


def test_an_artifact_cannot_be_changed(tmp_path: Path) -> None:
    write(tmp_path, "Shop")
    shop = load("Shop", tmp_path)

    with pytest.raises(FrozenInstanceError):
        shop.name = "Other"  # type: ignore[misc]  # the assignment is what is refused


def test_an_unknown_name_is_missing_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissingError, match=r"Shop does not exist; .*`make artifacts`"):
        load("Shop", tmp_path)


def test_committed_artifacts_are_read_by_default() -> None:
    with pytest.raises(ArtifactMissingError):
        load("NoSuchContract")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\udcff"])
def test_a_file_that_is_no_object_is_corrupt(tmp_path: Path, text: str) -> None:
    (tmp_path / "Shop.json").write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(ArtifactCorruptError):
        load("Shop", tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contractName", "Other"),
        ("sourceName", 7),
        ("sourcesHash", ""),
        ("compilerVersion", None),
        ("bytecode", "0x"),
        ("bytecode", "0x60__$0123$__"),
        ("deployedBytecode", "zz"),
        ("abi", {}),
        ("abi", [{"type": "table"}]),
        ("abi", ["function"]),
        ("immutableReferences", None),
        ("immutableReferences", [{"start": "4", "length": 32}]),
        ("libraries", {}),
        ("libraries", [{"name": "Ledger"}]),
        ("libraries", [{"name": "Ledger", "address": "0x00"}]),
    ],
)
def test_a_field_of_another_form_is_corrupt(tmp_path: Path, field: str, value: object) -> None:
    write(tmp_path, "Ledger", bytecode=LIBRARY_CODE)
    write(tmp_path, "Shop", **{field: value})

    with pytest.raises(ArtifactCorruptError, match=r"Shop is corrupt .*`make artifacts`"):
        load("Shop", tmp_path)


def test_a_library_linked_where_its_code_does_not_stand_is_corrupt(tmp_path: Path) -> None:
    write(tmp_path, "Ledger", bytecode="0x6002")
    address = deterministic_address(b"\x60\x01")
    write(tmp_path, "Shop", libraries=[{"name": "Ledger", "address": address}])

    with pytest.raises(ArtifactCorruptError, match=f"Ledger is linked at {address}, not 0x"):
        load("Shop", tmp_path)


def test_a_library_without_an_artifact_is_missing(tmp_path: Path) -> None:
    address = deterministic_address(b"\x60\x01")
    write(tmp_path, "Shop", libraries=[{"name": "Ledger", "address": address}])

    with pytest.raises(ArtifactMissingError, match="artifact of Ledger"):
        load("Shop", tmp_path)
