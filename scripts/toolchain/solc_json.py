"""The compiler's standard JSON, input and output, as far as the toolchain uses it.

Owns the only place where JSON of unknown shape becomes typed values; refuses to interpret them.
Source: the Solidity documentation, "Compiler Input and Output JSON Description".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eth_typing import ABIElement

OutputSelection = dict[str, dict[str, list[str]]]


class Optimizer(TypedDict):
    """Whether to optimise, and for how many calls of each instruction."""

    enabled: bool
    runs: int


class CodeMetadata(TypedDict):
    """What is appended to the bytecode."""

    bytecodeHash: str
    appendCBOR: bool


class SolcSettings(TypedDict):
    """The `settings` member of the input."""

    remappings: list[str]
    optimizer: Optimizer
    evmVersion: str
    viaIR: bool
    metadata: CodeMetadata
    libraries: dict[str, dict[str, str]]
    outputSelection: OutputSelection


class SolcSource(TypedDict):
    """One source unit, given by its text."""

    content: str


class SolcInput(TypedDict):
    """The whole input."""

    language: str
    sources: dict[str, SolcSource]
    settings: SolcSettings


class CodeRange(TypedDict):
    """Some bytes of a bytecode."""

    start: int
    length: int


LinkReferences = dict[str, dict[str, list[CodeRange]]]
"""Source unit → library → where its address goes."""


class Bytecode(TypedDict):
    """Hexadecimal code without prefix, with placeholders for library addresses."""

    object: str
    linkReferences: LinkReferences
    immutableReferences: NotRequired[dict[str, list[CodeRange]]]


class Evm(TypedDict):
    """Code and selectors of one contract."""

    bytecode: Bytecode
    deployedBytecode: Bytecode
    methodIdentifiers: dict[str, str]


class StorageVariable(TypedDict):
    """A state variable, or a member of a struct."""

    label: str
    slot: str
    offset: int
    type: str


class StorageType(TypedDict):
    """A type that storage variables refer to by its identifier."""

    label: str
    numberOfBytes: str
    members: NotRequired[list[StorageVariable]]


class StorageLayout(TypedDict):
    """The layout of one contract; `types` is null where nothing is stored."""

    storage: list[StorageVariable]
    types: Mapping[str, StorageType] | None


class SolcContract(TypedDict):
    """One contract; code and layout are given for our own sources only."""

    abi: list[ABIElement]
    evm: NotRequired[Evm]
    storageLayout: NotRequired[StorageLayout]
    metadata: NotRequired[str]


class SourceLocation(TypedDict):
    """Where a message points."""

    file: str


class SolcMessage(TypedDict):
    """An error or a warning."""

    severity: str
    formattedMessage: str
    sourceLocation: NotRequired[SourceLocation]


class SolcOutput(TypedDict):
    """The whole output."""

    contracts: NotRequired[dict[str, dict[str, SolcContract]]]
    errors: NotRequired[list[SolcMessage]]
