"""A decoder for each event, written from its ABI when it is first needed.

Owns the quick way from topics and data to the event and its canonical arguments: Python source
that reads each word at its place, compiled once for each event. It takes what the ABI's encoder
writes and nothing else. Refuses everything beyond that with `Unfit`: values of dynamic types, words
with bits that their type does not have, data that is too short. Whoever meets that asks the general
decoder, which is slower by twenty times and alone says what is wrong.

For `Transfer(address indexed from, address indexed to, uint256 indexed id)` it writes:

    def decode(topics, data):
        _, v0, v1, v2 = topics
        v0 = account(v0)
        v1 = account(v1)
        n2 = number(v2, 'big')
        v2 = new_int(kind2, n2)
        event = new(cls)
        set0(event, v0)
        set1(event, v1)
        set2(event, v2)
        return event, f'{{"from":"{v0}","id":"{n2}","to":"{v1}"}}'
"""

from __future__ import annotations

import re
import struct
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.values import shape_of
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import DataclassInstance

    from marketplace.bindings.events import Event
    from marketplace.bindings.interface import Entry, Parameter

Decoder: TypeAlias = "Callable[[tuple[bytes, ...], bytes], tuple[Event, str]]"

_WORD: Final = 32
_PADDING: Final = bytes(12)
_UINT: Final = re.compile(r"uint(\d+)")
_BYTES: Final = re.compile(r"bytes(\d+)")


class Unfit(ValueError):
    """The general decoder must look at this log."""


def compiled(entry: Entry, cls: type[Any]) -> Decoder | None:
    """Write the decoder of an event; None where it has a dynamic value or one of a kind unknown."""
    shape = shape_of(cast("type[DataclassInstance]", cls))
    if len(shape) != len(entry.inputs):
        return None
    pairs = list(zip(entry.inputs, (field.kind for field in shape), strict=True))
    if not all(_is_quick(parameter, kind) for parameter, kind in pairs):
        return None
    indexed = [at for at, (parameter, _) in enumerate(pairs) if parameter.indexed]
    plain = [at for at, (parameter, _) in enumerate(pairs) if not parameter.indexed]
    names = [field.name.rstrip("_") for field in shape]
    lines = [
        "def decode(topics, data):",
        f"    {', '.join(['_', *(f'v{at}' for at in indexed)])}, = topics",
        # Data may go on behind its values: the general decoder does not mind either.
        *([f"    {', '.join(f'v{at}' for at in plain)}, = words(data)"] if plain else []),
        *(f"    {line}" for at, pair in enumerate(pairs) for line in _read(at, *pair)),
        "    event = new(cls)",
        *(f"    set{at}(event, v{at})" for at in range(len(pairs))),
        f"    return event, {_text(names, pairs)}",
    ]
    known: dict[str, Any] = {f"kind{at}": kind for at, (_, kind) in enumerate(pairs)}
    # A frozen dataclass's own `__init__` looks each slot up by its name, which takes twice as long.
    known |= {f"set{at}": getattr(cls, field.name).__set__ for at, field in enumerate(shape)}
    known |= {
        "cls": cls,
        "new": object.__new__,
        "account": _account,
        "number": int.from_bytes,
        "new_int": int.__new__,
        "words": struct.Struct(">" + f"{_WORD}s" * len(plain)).unpack_from,
        "Unfit": Unfit,
    }
    exec("\n".join(lines), known)  # noqa: S102 - our own text; its names are those of our artifact
    decode: Decoder = known["decode"]
    return decode


def _is_quick(parameter: Parameter, kind: object) -> bool:
    if parameter.type == "address":
        return kind is ChecksumAddress
    if parameter.type == "bool":
        return kind is bool
    if _BYTES.fullmatch(parameter.type):
        return kind is bytes
    whole = isinstance(kind, type) and (kind is int or issubclass(kind, IntEnum | SeatId))
    return whole and _UINT.fullmatch(parameter.type) is not None


def _read(at: int, parameter: Parameter, kind: object) -> Iterator[str]:
    """The statements that turn the word `v<at>` into its value."""
    value = f"v{at}"
    if parameter.type == "address":
        yield f"{value} = account({value})"
    elif octets := _BYTES.fullmatch(parameter.type):
        length = int(octets[1])
        if length < _WORD:
            yield f"if any({value}[{length}:]): raise Unfit"
            yield f"{value} = {value}[:{length}]"
    else:
        # The plain number stays: a text is made of it in half the time.
        number = f"n{at}"
        yield f"{number} = number({value}, 'big')"
        bits = 1 if parameter.type == "bool" else int(parameter.type[len("uint") :])
        if bits < 8 * _WORD:
            yield f"if {number} >> {bits}: raise Unfit"
        if kind is bool:
            yield f"{value} = {number} == 1"
        elif kind is SeatId:
            # Every uint256 is one: its own check would only repeat that.
            yield f"{value} = new_int(kind{at}, {number})"
        elif kind is int:
            yield f"{value} = {number}"
        else:
            yield f"{value} = kind{at}({number})"


def _text(names: list[str], pairs: list[tuple[Parameter, object]]) -> str:
    """The expression that writes the canonical text, as `marketplace.storage.canonical` does."""
    written = []
    for name, at in sorted((name, at) for at, name in enumerate(names)):
        parameter, kind = pairs[at]
        if parameter.type == "address":
            value = f'"{{v{at}}}"'
        elif kind is bytes:
            value = f'"0x{{v{at}.hex()}}"'
        elif kind is bool:
            value = f"{{'true' if v{at} else 'false'}}"
        else:
            value = f'"{{n{at}}}"'
        written.append(f'"{name}":{value}')
    return f"""f'''{{{{{",".join(written)}}}}}'''"""


@lru_cache(maxsize=65_536)
def _account(word: bytes) -> ChecksumAddress:
    if word[:12] != _PADDING:
        raise Unfit
    return checksum_address(word[12:])
