"""Turns decoded ABI values into frozen dataclasses, by the annotations of their fields.

Owns the one table from annotation to conversion. Refuses a value of another kind than its
annotation: that is a contract of another version, and `Any` stops here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
def shape_of(cls: type[object]) -> tuple[FieldShape, ...]:
    """The fields of a dataclass in order, NewTypes seen through except ChecksumAddress."""
    # Declared errors are dataclasses by a decorator that the type checker does not see through.
    members = fields(cast("type[DataclassInstance]", cls))
    hints = get_type_hints(cls)
    return tuple(FieldShape(field.name, _kind(hints[field.name])) for field in members)


def build(cls: type[_T], values: Sequence[object]) -> _T:
    """Make a dataclass of decoded values, which stand in the order of its fields.

    Raises ValueUnexpected.
    """
    shape = shape_of(cast("type[object]", cls))
    if len(values) != len(shape):
        raise ValueUnexpected(cls.__name__, f"{len(values)} values")
    given = {
        field.name: _convert(f"{cls.__name__}.{field.name}", field.kind, value)
        for field, value in zip(shape, values, strict=True)
    }
    return cls(**given)


def _kind(annotation: object) -> object:
    while isinstance(annotation, NewType) and annotation is not ChecksumAddress:
        annotation = annotation.__supertype__
    return annotation


def _convert(where: str, kind: object, value: object) -> object:
    try:
        return _converter(kind)(value)
    except (TypeError, ValueError) as error:
        raise ValueUnexpected(where, repr(value)) from error


@cache
def _converter(kind: object) -> Callable[[object], object]:
    if kind is ChecksumAddress:
        return _address
    if kind == tuple[bytes, ...]:
        return _words
    if kind is bytes:
        return _octets
    if isinstance(kind, type) and issubclass(kind, IntEnum | SeatId):
        return lambda value: kind(_whole(value))
    plain = {bool: _truth, int: _whole, str: _text}.get(kind)  # type: ignore[call-overload] # any hashable may be asked for
    if plain is None:
        raise TypeError(f"No ABI value becomes a {kind}.")
    found: Callable[[object], object] = plain
    return found


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _octets(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("not bytes")
    return bytes(value)


def _words(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, Sequence):
        raise TypeError("not a list")
    return tuple(_octets(entry) for entry in value)


def _address(value: object) -> ChecksumAddress:
    if not isinstance(value, str) or not is_address(value):
        raise TypeError("not an address")
    return parse_address(value)
