"""What is committed of a compilation: one document per contract that can be deployed.

Owns the documents' fields, which `marketplace.bindings.artifacts` reads. Refuses interfaces,
abstract contracts and libraries without external functions: they are never deployed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from scripts.toolchain.abi import merged_abi
from scripts.toolchain.errors import LinkingRefusedError
from scripts.toolchain.layout import ReadableLayout, readable
from scripts.toolchain.linking import (
    OWN_ADDRESS,
    deployed_code,
    deployment_order,
    library_addresses,
    link,
    referenced,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eth_typing import ABIElement, ChecksumAddress

    from scripts.toolchain.compilation import Compilation
    from scripts.toolchain.solc_json import CodeRange, Evm, LinkReferences, SolcContract


EXTENSION = "Extension"
"""`SeatsExtension` answers at the address of `Seats`, so its functions are those of `Seats`."""


class LinkedLibrary(TypedDict):
    """A library and the address that the deployment proxy gives it."""

    name: str
    address: ChecksumAddress


class ArtifactDocument(TypedDict):
    """One committed file; code is hexadecimal with prefix, sizes are bytes."""

    contractName: str
    sourceName: str
    compilerVersion: str
    sourcesHash: str
    abi: list[ABIElement]
    bytecode: str
    deployedBytecode: str
    bytecodeSize: int
    deployedBytecodeSize: int
    linkReferences: LinkReferences
    immutableReferences: list[CodeRange]
    libraries: list[LinkedLibrary]
    storageLayout: ReadableLayout


@dataclass(frozen=True, slots=True)
class _Deployable:
    unit: str
    name: str
    contract: SolcContract
    evm: Evm


def build_artifacts(compilation: Compilation) -> dict[str, ArtifactDocument]:
    """Give the documents by contract name.

    Raises `LinkingRefusedError` when two contracts share a name or libraries cannot be linked.
    """
    deployables = _deployables(compilation)
    codes = {key: found.evm["bytecode"] for key, found in deployables.items()}
    order = deployment_order(codes)
    addresses = library_addresses(order, codes)
    documents: dict[str, ArtifactDocument] = {}
    for key, deployable in sorted(deployables.items()):
        if deployable.name in documents:
            raise LinkingRefusedError(f"two contracts are named {deployable.name}")
        linked = [key, *_linked_by(key, deployables, order)]
        documents[deployable.name] = _document(
            compilation,
            deployable,
            [deployables[name] for name in linked],
            _extension_of(deployable, deployables.values()),
            addresses,
        )
    return documents


def _deployables(compilation: Compilation) -> dict[str, _Deployable]:
    contracts = compilation.output.get("contracts", {})
    found: dict[str, _Deployable] = {}
    for unit in compilation.tree.own:
        for name, contract in contracts.get(unit, {}).items():
            evm = contract.get("evm")
            if evm and evm["bytecode"]["object"] and evm["methodIdentifiers"]:
                found[f"{unit}:{name}"] = _Deployable(unit, name, contract, evm)
    return found


def _linked_by(
    key: str, deployables: Mapping[str, _Deployable], order: tuple[str, ...]
) -> list[str]:
    """List the libraries that `key` calls, directly or through another, in deployment order."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        code = deployables[waiting.pop()].evm
        for kind in (code["bytecode"], code["deployedBytecode"]):
            fresh = set(referenced(kind["linkReferences"])) - found
            found |= fresh
            waiting.extend(fresh)
    return [name for name in order if name in found]


def _extension_of(
    deployable: _Deployable, deployables: Iterable[_Deployable]
) -> _Deployable | None:
    """Find the contract whose functions answer at this one's address, by its name."""
    wanted = f"{deployable.name}{EXTENSION}"
    return next((other for other in deployables if other.name == wanted), None)


def _document(
    compilation: Compilation,
    deployable: _Deployable,
    linked: list[_Deployable],
    extension: _Deployable | None,
    addresses: Mapping[str, ChecksumAddress],
) -> ArtifactDocument:
    evm = deployable.evm
    key = f"{deployable.unit}:{deployable.name}"
    bytecode = link(evm["bytecode"], addresses)
    deployed = deployed_code(evm["deployedBytecode"], addresses, addresses[key])
    immutables = evm["deployedBytecode"].get("immutableReferences", {})
    return ArtifactDocument(
        contractName=deployable.name,
        sourceName=deployable.unit,
        compilerVersion=compilation.compiler_version,
        sourcesHash=compilation.tree.digest(
            deployable.unit, compilation.settings, compilation.compiler_version
        ),
        abi=_abi(compilation, deployable, linked, extension, addresses),
        bytecode=bytecode,
        deployedBytecode=deployed,
        bytecodeSize=_size(bytecode),
        deployedBytecodeSize=_size(deployed),
        linkReferences=evm["bytecode"]["linkReferences"],
        immutableReferences=sorted(
            (
                place
                for name, places in immutables.items()
                if name != OWN_ADDRESS
                for place in places
            ),
            key=lambda place: place["start"],
        ),
        libraries=[
            LinkedLibrary(name=other.name, address=addresses[f"{other.unit}:{other.name}"])
            for other in linked[1:]
        ],
        storageLayout=readable(
            deployable.contract.get("storageLayout") or {"storage": [], "types": None}
        ),
    )


def _abi(
    compilation: Compilation,
    deployable: _Deployable,
    linked: list[_Deployable],
    extension: _Deployable | None,
    addresses: Mapping[str, ChecksumAddress],
) -> list[ABIElement]:
    contracts = compilation.output.get("contracts", {})
    closure = compilation.tree.closure(deployable.unit)
    own = [
        contract
        for unit in closure
        if unit in compilation.tree.own
        for contract in contracts.get(unit, {}).values()
    ]
    foreign = [
        contract
        for unit in closure
        if unit not in compilation.tree.own
        for contract in contracts.get(unit, {}).values()
    ]
    running = linked if extension is None else [*linked, extension]
    codes = [
        bytes.fromhex(link(other.evm["deployedBytecode"], addresses).removeprefix("0x"))
        for other in running
    ]
    return merged_abi(
        deployable.contract, own, foreign, codes, None if extension is None else extension.contract
    )


def _size(code: str) -> int:
    return len(code.removeprefix("0x")) // 2
