"""Compares a Python class with an entry of the ABI, field by field.

Owns which Python types may stand for which ABI types. Refuses to be lenient: a type that is not in
the table fits nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.names import snake_name
from marketplace.bindings.values import shape_of
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState, Gate, TransferPolicy
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from marketplace.bindings.interface import Entry, Parameter

ENUMS: Final = {
    "enum DropState": DropState,
    "enum TransferPolicy": TransferPolicy,
    "enum Gate": Gate,
}
PLAIN: Final = {
    "address": (ChecksumAddress,),
    "bool": (bool,),
    "bytes32": (bytes,),
    "bytes32[]": (tuple[bytes, ...],),
    "bytes4": (bytes,),
    "string": (str,),
    # A seat's id is an ERC-721 token id in the standard's own events.
    "uint256": (int, SeatId),
}


def differences(cls: type[DataclassInstance], entry: Entry) -> list[str]:
    """What a reader of the ABI would not find in the class, or find otherwise."""
    shape = shape_of(cls)
    names = [field.name for field in shape]
    expected = [snake_name(one.name) for one in entry.inputs]
    if names != expected:
        return [f"{cls.__name__} has {names}, and {entry.name} has {expected}"]
    return [
        f"{cls.__name__}.{field.name} is {field.kind}, and {entry.name} has {one.internal}"
        for field, one in zip(shape, entry.inputs, strict=True)
        if field.kind not in kinds_of(one)
    ]


def kinds_of(parameter: Parameter) -> tuple[object, ...]:
    """The Python types that may hold a parameter; NewTypes over int count as int."""
    if parameter.internal in ENUMS:
        return (ENUMS[parameter.internal],)
    if parameter.internal == "SeatId":
        return (SeatId,)
    return PLAIN.get(parameter.type, ())
