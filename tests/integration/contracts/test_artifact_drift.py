"""The committed artifacts against a compilation of their sources and against Foundry's own."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, TypedDict, cast

import pytest

from marketplace.bindings.artifacts import deterministic_address, load
from scripts.toolchain.artifacts import EXTENSION, build_artifacts
from scripts.toolchain.compilation import compile_project
from scripts.toolchain.compile import check, layout_text
from scripts.toolchain.forge import run_forge
from scripts.toolchain.linking import deployed_code, link
from scripts.toolchain.project import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from eth_typing import ABIElement, ChecksumAddress

    from scripts.toolchain.artifacts import ArtifactDocument
    from scripts.toolchain.solc_json import Bytecode


class FoundryContract(TypedDict):
    """What is read of Foundry's file for one contract; its code has the prefix 0x."""

    abi: list[ABIElement]
    bytecode: Bytecode
    deployedBytecode: Bytecode


RUNTIME_LIMIT = 24_576
"""Bytes of deployed code (EIP-170)."""


@pytest.fixture(scope="module")
def documents() -> dict[str, ArtifactDocument]:
    # `make artifacts-check` has compiled these very inputs; without it, this compiles them.
    return build_artifacts(compile_project(REPOSITORY))


@pytest.fixture(scope="module")
def foundry_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("foundry")
    done = run_forge(
        REPOSITORY,
        ["build", "contracts", "--skip", "test"],
        {"FOUNDRY_OUT": str(folder / "out"), "FOUNDRY_CACHE_PATH": str(folder / "cache")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


def test_the_committed_artifacts_are_what_the_sources_compile_to(
    documents: dict[str, ArtifactDocument],
) -> None:
    check(documents, REPOSITORY.artifacts)


def test_foundry_compiles_the_committed_bytecode(
    documents: dict[str, ArtifactDocument], foundry_output: Path
) -> None:
    addresses = library_addresses(documents)
    for name, document in documents.items():
        built = foundry_contract(foundry_output, document)
        own_address = deterministic_address(bytes.fromhex(document["bytecode"][2:]))
        deployed = deployed_code(built["deployedBytecode"], addresses, own_address)

        assert link(built["bytecode"], addresses) == document["bytecode"], name
        assert deployed == document["deployedBytecode"], name


def test_foundry_gives_no_abi_entry_that_the_artifact_lacks(
    documents: dict[str, ArtifactDocument], foundry_output: Path
) -> None:
    for name, document in documents.items():
        built = foundry_contract(foundry_output, document)["abi"]
        functions = [entry for entry in document["abi"] if entry["type"] == "function"]
        # An extension answers at the same address, so what only it has belongs as well.
        extension = documents.get(f"{name}{EXTENSION}")
        lent = extension["abi"] if extension else []

        assert all(entry in document["abi"] for entry in built), name
        assert all(entry in built or entry in lent for entry in functions), name


def test_every_contract_can_be_deployed(
    documents: dict[str, ArtifactDocument], capsys: pytest.CaptureFixture[str]
) -> None:
    largest = max(documents.values(), key=lambda document: document["deployedBytecodeSize"])
    size = largest["deployedBytecodeSize"]

    with capsys.disabled():
        sys.stdout.write(
            f"\nlargest contract: {largest['contractName']}, {size:,} bytes, "
            f"{RUNTIME_LIMIT - size:,} below the limit\n"
        )
    assert size < RUNTIME_LIMIT


def test_the_storage_layout_is_the_committed_one(
    documents: dict[str, ArtifactDocument],
) -> None:
    committed = REPOSITORY.storage_layout.read_text(encoding="utf-8")

    # A layout that is meant to change: `python -m scripts.toolchain.compile --layout`.
    assert layout_text(documents) == committed


def test_every_artifact_can_be_loaded(documents: dict[str, ArtifactDocument]) -> None:
    for name, document in documents.items():
        artifact = load(name)

        assert len(artifact.deployed_bytecode) == document["deployedBytecodeSize"]


def foundry_contract(output: Path, document: ArtifactDocument) -> FoundryContract:
    unit = document["sourceName"].rsplit("/", 1)[-1]
    path = output / unit / f"{document['contractName']}.json"
    built = cast("FoundryContract", json.loads(path.read_text(encoding="utf-8")))
    for code in (built["bytecode"], built["deployedBytecode"]):
        code["object"] = code["object"].removeprefix("0x")
    return built


def library_addresses(documents: dict[str, ArtifactDocument]) -> dict[str, ChecksumAddress]:
    return {
        f"{documents[library['name']]['sourceName']}:{library['name']}": library["address"]
        for document in documents.values()
        for library in document["libraries"]
    }
