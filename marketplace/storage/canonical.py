r"""The one text that a set of named values has: canonical JSON.

It owns the encoding of event arguments and outbox payloads, which are compared and hashed as
bytes. The text is a JSON object with its keys sorted by code point at every depth, without white
space, in ASCII (everything else as ``\uXXXX``). An integer of any size is a string of decimal
digits, because a JSON number is a float to half of its readers; bytes are ``0x`` and lower-case
hex; booleans and text are themselves.

It refuses floats and nulls: the chain has neither, and an absent fact is an absent key. It does
not keep types: ``5`` and ``"5"`` have the same text, and the event's definition says which it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from marketplace.storage.errors import ValueRefusedError

Canonical: TypeAlias = "bool | int | str | bytes | Sequence[Canonical] | Mapping[str, Canonical]"
"""What can be encoded."""

Decoded: TypeAlias = "bool | str | list[Decoded] | dict[str, Decoded]"
"""What comes back: integers and bytes as the strings that the text holds."""


def encode(values: Mapping[str, Canonical]) -> str:
    """Return the canonical text of named values.

    Raises:
        ValueRefusedError: a value or a key is of a type that the text has no form for.
    """
    return json.dumps(
        _prepared(values),
        ensure_ascii=True,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def decode(text: str) -> dict[str, Decoded]:
    """Return the named values of a canonical text.

    Raises:
        ValueRefusedError: the text is not the one that `encode` would have written.
    """
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueRefusedError("canonical JSON", f"it is not JSON ({error})") from error
    if not isinstance(values, dict) or encode(values) != text:
        raise ValueRefusedError("canonical JSON", "it is not an object in canonical form")
    return values


def _prepared(value: Canonical) -> object:
    match value:
        case bool() | str():
            return value
        case int():
            return str(value)
        case bytes():
            return "0x" + value.hex()
        case Mapping():
            return {_key(key): _prepared(inner) for key, inner in value.items()}
        case Sequence():
            return [_prepared(inner) for inner in value]
        case _:
            raise ValueRefusedError("canonical JSON", f"it contains a {type(value).__name__}")


def _key(key: object) -> str:
    # json.dumps would turn an integer key into text and let two keys become one.
    if not isinstance(key, str):
        raise ValueRefusedError("canonical JSON", f"a key is a {type(key).__name__}")
    return key
