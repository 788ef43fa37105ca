"""Reads one artifact into frozen values and refuses a file that contradicts itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeGuard

from eth_utils.address import is_checksum_address

from marketplace.bindings.artifacts.proxy import deterministic_address
from marketplace.domain.errors import SeatmarketError, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from eth_typing import ABIElement, ChecksumAddress

_KINDS = frozenset({"function", "constructor", "fallback", "receive", "event", "error"})


class ArtifactError(SeatmarketError):
    """An artifact cannot be used: this installation is not whole."""

    code = "artifact_unusable"


@typed_error
class ArtifactMissingError(ArtifactError):
    """No artifact of this contract was committed."""

    code = "artifact_missing"

    name: str

    def _sentence(self) -> str:
        return (
            f"The artifact of {self.name} does not exist; check the name or run `make artifacts`."
        )


@typed_error
class ArtifactCorruptError(ArtifactError):
    """The file is not what the toolchain writes."""

    code = "artifact_corrupt"

    name: str
    why: str

    def _sentence(self) -> str:
        return f"The artifact of {self.name} is corrupt ({self.why}); run `make artifacts`."


@dataclass(frozen=True, slots=True)
class LibraryDeployment:
    """A linked library: what the deployment proxy is given, and where it then stands."""

    name: str
    address: ChecksumAddress
    init_code: bytes


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled contract, ready to be deployed once its libraries are.

    `bytecode` is linked creation code without constructor arguments; `deployed_bytecode` has
    zeros where immutables go, at `immutable_ranges` (start, length in bytes). `libraries` come
    in an order in which they can be deployed. `abi` includes the events and errors of everything
    that the contract calls into, npm's libraries included. `sources_hash` covers sources,
    settings and compiler.
    """

    name: str
    source: str
    abi: tuple[ABIElement, ...]
    bytecode: bytes
    deployed_bytecode: bytes
    immutable_ranges: tuple[tuple[int, int], ...]
    libraries: tuple[LibraryDeployment, ...]
    compiler_version: str
    sources_hash: str


def load(name: str, folder: Traversable | None = None) -> Artifact:
    """Read the artifact of the contract `name` from `folder`, by default the committed ones.

    Raises `ArtifactMissingError` and `ArtifactCorruptError`.
    """
    return _load_committed(name) if folder is None else _load(name, folder)


@cache
def _load_committed(name: str) -> Artifact:
    return _load(name, files(__package__))


def _load(name: str, folder: Traversable) -> Artifact:
    document = _document(name, folder)
    if _text(name, document, "contractName") != name:
        raise ArtifactCorruptError(name, "it names another contract")
    return Artifact(
        name=name,
        source=_text(name, document, "sourceName"),
        abi=_abi(name, document.get("abi")),
        bytecode=_code(name, document, "bytecode"),
        deployed_bytecode=_code(name, document, "deployedBytecode"),
        immutable_ranges=_ranges(name, document.get("immutableReferences")),
        libraries=_libraries(name, document.get("libraries"), folder),
        compiler_version=_text(name, document, "compilerVersion"),
        sources_hash=_text(name, document, "sourcesHash"),
    )


def _document(name: str, folder: Traversable) -> Mapping[str, object]:
    try:
        # No path in the name: an artifact is always one of this folder.
        text = folder.joinpath(f"{name}.json").read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArtifactMissingError(name) from error
    except UnicodeDecodeError as error:
        raise ArtifactCorruptError(name, "it is not text") from error
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ArtifactCorruptError(name, "it is not JSON") from error
    if not isinstance(document, dict):
        raise ArtifactCorruptError(name, "it is not an object")
    return document


def _text(name: str, document: Mapping[str, object], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value:
        raise ArtifactCorruptError(name, f"{key} is not text")
    return value


def _code(name: str, document: Mapping[str, object], key: str) -> bytes:
    text = _text(name, document, key)
    try:
        code = bytes.fromhex(text.removeprefix("0x"))
    except ValueError as error:
        raise ArtifactCorruptError(name, f"{key} is not linked bytecode") from error
    if not code:
        raise ArtifactCorruptError(name, f"{key} is empty")
    return code


def _abi(name: str, value: object) -> tuple[ABIElement, ...]:
    if not isinstance(value, list) or not all(_is_element(entry) for entry in value):
        raise ArtifactCorruptError(name, "abi is not a list of ABI entries")
    return tuple(value)


def _is_element(entry: object) -> TypeGuard[ABIElement]:
    return isinstance(entry, dict) and entry.get("type") in _KINDS


def _ranges(name: str, value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list):
        raise ArtifactCorruptError(name, "immutableReferences is not a list")
    ranges: list[tuple[int, int]] = []
    for entry in value:
        match entry:
            case {"start": int(start), "length": int(length)}:
                ranges.append((start, length))
            case _:
                raise ArtifactCorruptError(name, "immutableReferences is not a list of ranges")
    return tuple(ranges)


def _libraries(name: str, value: object, folder: Traversable) -> tuple[LibraryDeployment, ...]:
    if not isinstance(value, list):
        raise ArtifactCorruptError(name, "libraries is not a list")
    return tuple(_library(name, entry, folder) for entry in value)


def _library(name: str, entry: object, folder: Traversable) -> LibraryDeployment:
    match entry:
        case {"name": str(library), "address": str(address)} if is_checksum_address(address):
            init_code = _code(library, _document(library, folder), "bytecode")
        case _:
            raise ArtifactCorruptError(name, "a library has no name or no address")
    expected = deterministic_address(init_code)
    if address != expected:
        raise ArtifactCorruptError(name, f"{library} is linked at {address}, not {expected}")
    return LibraryDeployment(library, expected, init_code)
