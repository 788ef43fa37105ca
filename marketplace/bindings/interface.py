"""The ABI of an artifact as functions, events and errors that encode and decode.

Owns selectors, topics and types, all taken from the committed artifact. Encoding itself is
eth_abi's. Refuses names that the ABI does not have: a typo here is a bug, not a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from eth_abi.abi import decode as decode_abi
from eth_abi.abi import encode as encode_abi
from eth_abi.exceptions import DecodingError, EncodingError
from eth_utils.abi import abi_to_signature, collapse_if_tuple
from eth_utils.crypto import keccak

from marketplace.bindings.artifacts import load
from marketplace.bindings.values import ValueUnexpected
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eth_typing import ABIComponent, ABIElement


@typed_error
class ArgumentUnfit(RuleViolated):
    """A value does not fit the type that the contract takes."""

    code = "argument_unfit"

    function: str
    why: str

    def _sentence(self) -> str:
        return f"{self.function} cannot be called with these values: {self.why}."


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input or output. `type` is ABI's own, `internal` what Solidity calls it."""

    name: str
    type: str
    internal: str
    indexed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A function, an event or an error of the ABI.

    `digest` is the keccak of the signature: the topic of an event; its first four bytes are the
    selector of a function or an error.
    """

    name: str
    digest: bytes
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]

    @property
    def selector(self) -> bytes:
        """The four bytes that a call or a revert begins with."""
        return self.digest[:4]

    def encode_call(self, arguments: Sequence[object]) -> bytes:
        """Encode a call; structs are tuples in the order of their members.

        Raises ArgumentUnfit, for a negative amount or one beyond its type.
        """
        try:
            return self.selector + encode_abi([one.type for one in self.inputs], arguments)
        except EncodingError as error:
            raise ArgumentUnfit(self.name, str(error)) from error

    def decode_result(self, data: bytes) -> tuple[object, ...]:
        """Decode what a call returned. Raises ValueUnexpected."""
        return decode(self.name, self.outputs, data)

    def decode_arguments(self, data: bytes) -> tuple[object, ...]:
        """Decode the inputs, as they stand behind a selector. Raises ValueUnexpected."""
        return decode(self.name, self.inputs, data)


@dataclass(frozen=True, slots=True)
class Interface:
    """All entries of one ABI, by name; functions by their full signature as well.

    Of functions that share a name, the bare name means the first.
    """

    functions: Mapping[str, Entry]
    events: Mapping[str, Entry]
    errors: Mapping[str, Entry]


@cache
def interface_of(artifact: str) -> Interface:
    """The interface of a committed artifact; errors as of `artifacts.load`."""
    elements = load(artifact).abi
    return Interface(
        functions=_by_name(elements, "function"),
        events=_by_name(elements, "event"),
        errors=_by_name(elements, "error"),
    )


def decode(where: str, parameters: Sequence[Parameter], data: bytes) -> tuple[object, ...]:
    """Decode ABI-encoded values. Raises ValueUnexpected when the bytes do not fit the types."""
    try:
        return decode_abi([one.type for one in parameters], data)
    except (DecodingError, OverflowError, UnicodeDecodeError) as error:
        raise ValueUnexpected(where, f"0x{data.hex()}") from error


def _by_name(elements: Sequence[ABIElement], kind: str) -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for element in elements:
        if element["type"] != kind:
            continue
        signature = abi_to_signature(element)
        name = signature.partition("(")[0]
        entry = _entry(name, signature, element)
        found.setdefault(name, entry)
        if kind == "function":
            found[signature] = entry
    return found


def _entry(name: str, signature: str, element: ABIElement) -> Entry:
    described = cast("Mapping[str, Sequence[ABIComponent]]", element)
    return Entry(
        name=name,
        digest=keccak(text=signature),
        inputs=tuple(_parameter(one) for one in described.get("inputs", ())),
        outputs=tuple(_parameter(one) for one in described.get("outputs", ())),
    )


def _parameter(component: ABIComponent) -> Parameter:
    described = cast("Mapping[str, object]", component)
    return Parameter(
        name=str(described.get("name", "")),
        type=collapse_if_tuple(cast("dict[str, object]", component)),
        internal=str(described.get("internalType", component["type"])),
        indexed=bool(described.get("indexed", False)),
    )
