from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from eth_utils.abi import abi_to_signature

from scripts.toolchain.project import REPOSITORY

if TYPE_CHECKING:
    from eth_typing import ABIElement


def artifact(name: str) -> dict[str, object]:
    text = (REPOSITORY.artifacts / f"{name}.json").read_text(encoding="utf-8")
    return cast("dict[str, object]", json.loads(text))


def functions(name: str) -> set[str]:
    abi = cast("list[ABIElement]", artifact(name)["abi"])
    return {abi_to_signature(entry) for entry in abi if entry["type"] == "function"}


def test_the_extension_agrees_with_the_contract_on_every_slot() -> None:
    assert artifact("SeatsExtension")["storageLayout"] == artifact("Seats")["storageLayout"]


def test_whatever_the_extension_answers_is_in_the_abi_of_the_contract() -> None:
    assert functions("SeatsExtension") <= functions("Seats")


def test_the_creation_code_of_the_contract_contains_the_extension() -> None:
    # Created by the constructor, so its code stands inside the contract's own.
    runtime = str(artifact("SeatsExtension")["deployedBytecode"]).removeprefix("0x")
    immutables = cast("list[dict[str, int]]", artifact("SeatsExtension")["immutableReferences"])
    first = min(place["start"] for place in immutables)

    assert runtime[: 2 * first] in str(artifact("Seats")["bytecode"])
