"""Turns decoded ABI values into frozen dataclasses, by the annotations of their fields.

Owns the one table from annotation to conversion. Refuses a value of another kind than its
annotation: that is a contract of another version, and `Any` stops here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, NewType, TypeVar, cast, get_type_hints

from eth_utils.address import is_address

from marketplace.bindings.addresses import parse_address
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.errors import MirrorInconsistent, typed_error
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from _typeshed import DataclassInstance

_T = TypeVar("_T")


@typed_error
class ValueUnexpected(MirrorInconsistent):
    """The contract gave a value that this version's types do not hold."""

    code = "value_unexpected"

    where: str
    value: str

    def _sentence(self) -> str:
        return (
            f"The contract gave {self.value} for {self.where}, which this program does not know: "
            "use the version of the program that belongs to the contract."
        )


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field of a dataclass: its name and the type behind its annotation."""

    name: str
    kind: object


@cache
def shape_of(cls: type[DataclassInstance]) -> tuple[FieldShape, ...]:
    """The fields of a dataclass in order, NewTypes seen through except ChecksumAddress."""
    hints = get_type_hints(cls)
    return tuple(FieldShape(field.name, _kind(hints[field.name])) for field in fields(cls))


def build(cls: type[_T], values: Sequence[object]) -> _T:
    """Make a dataclass of decoded values, which stand in the order of its fields.

    Raises ValueUnexpected.
    """
    # Declared errors are dataclasses by a decorator that the type checker does not see through.
    shape = shape_of(cast("type[DataclassInstance]", cls))
    if len(values) != len(shape):
        raise ValueUnexpected(cls.__name__, f"{len(values)} values")
    given = {
        field.name: single(f"{cls.__name__}.{field.name}", _converter(field.kind), value)
        for field, value in zip(shape, values, strict=True)
    }
    return cls(**given)


def _kind(annotation: object) -> object:
    while isinstance(annotation, NewType) and annotation is not ChecksumAddress:
        annotation = annotation.__supertype__
    return annotation


def single(where: str, converter: Callable[[object], _T], value: object) -> _T:
    """Convert one value by one of the functions below. Raises ValueUnexpected."""
    try:
        return converter(value)
    except (TypeError, ValueError) as error:
        raise ValueUnexpected(where, repr(value)) from error


@cache
def _converter(kind: object) -> Callable[[object], object]:
    if kind is ChecksumAddress:
        return address
    if kind == tuple[bytes, ...]:
        return _words
    if kind is bytes:
        return octets
    if isinstance(kind, type) and issubclass(kind, IntEnum | SeatId):
        return lambda value: kind(whole(value))
    plain = {bool: truth, int: whole, str: text}.get(kind)  # type: ignore[call-overload] # any hashable may be asked for
    if plain is None:
        raise TypeError(f"No ABI value becomes a {kind}.")
    found: Callable[[object], object] = plain
    return found


def whole(value: object) -> int:
    """A whole number; TypeError otherwise."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def truth(value: object) -> bool:
    """True or false; TypeError otherwise."""
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def text(value: object) -> str:
    """Text; TypeError otherwise."""
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def octets(value: object) -> bytes:
    """Bytes; TypeError otherwise."""
    if not isinstance(value, bytes):
        raise TypeError("not bytes")
    return bytes(value)


def sequence(value: object) -> Sequence[object]:
    """A list or tuple, as structs and arrays are; TypeError otherwise."""
    if not isinstance(value, list | tuple):
        raise TypeError("neither list nor tuple")
    return value


def _words(value: object) -> tuple[bytes, ...]:
    return tuple(octets(entry) for entry in sequence(value))


def address(value: object) -> ChecksumAddress:
    """An address; TypeError otherwise."""
    if not isinstance(value, str) or not is_address(value):
        raise TypeError("not an address")
    return parse_address(value)
