"""Compares a dataclass that an answer is read into with the JSON schema that the API promises.

Refuses to read answers: tests of the methods do.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Literal,
    NewType,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schema: TypeAlias = "Mapping[str, object]"
Schemas: TypeAlias = "Mapping[str, Schema]"

_PLAIN: Mapping[object, str] = {
    int: "integer",
    str: "string",
    bool: "boolean",
    AwareDatetime: "string",
}


def differences(kind: object, schema: Schema, schemas: Schemas, where: str = "") -> Iterator[str]:
    """Everything that the API may answer and the dataclass could not hold."""
    schema = _resolved(schema, schemas)
    promised = _variants(schema, schemas)
    expected = _members(kind)
    if any(_type(one) == "null" for one in promised) and NoneType not in expected:
        yield f"{where} may be null"
    for variant in promised:
        if _type(variant) == "null":
            continue
        fitting = [one for one in expected if one is not NoneType and _fits(one, variant)]
        if not fitting:
            yield f"{where} is {variant.get('type')}, not {expected}"
        for one in fitting:
            yield from _inside(one, variant, schemas, where)


def _inside(kind: object, schema: Schema, schemas: Schemas, where: str) -> Iterator[str]:
    if is_dataclass(kind) and isinstance(kind, type):
        properties = schema["properties"]
        required = schema.get("required", ())
        assert isinstance(properties, dict)
        assert isinstance(required, list | tuple)
        hints = get_type_hints(kind, include_extras=True)
        for field in fields(kind):
            alias = field.default.alias if isinstance(field.default, FieldInfo) else None
            name = alias or field.name
            if name not in properties:
                yield f"{where}/{name} is no property"
                continue
            if name not in required and NoneType not in _members(hints[field.name]):
                yield f"{where}/{name} may be missing"
            yield from differences(hints[field.name], properties[name], schemas, f"{where}/{name}")
    elif get_origin(kind) is tuple:
        items = schema["items"]
        assert isinstance(items, dict)
        yield from differences(get_args(kind)[0], items, schemas, f"{where}[]")


def _fits(kind: object, schema: Schema) -> bool:
    kind_of = _type(schema)
    if is_dataclass(kind):
        return kind_of == "object" and "properties" in schema
    origin = get_origin(kind)
    if origin is tuple:
        return kind_of == "array"
    if origin is dict:
        return kind_of == "object"
    if origin is Literal:
        return kind_of == "string" and set(_words(schema)) <= set(get_args(kind))
    return _PLAIN.get(kind) == kind_of


def _members(kind: object) -> tuple[object, ...]:
    """What a type may be, seen through names and annotations."""
    if isinstance(kind, NewType):
        return _members(kind.__supertype__)
    if get_origin(kind) is Annotated:
        inner, *notes = get_args(kind)
        # A number that comes as text says so by how it is read.
        textual = any(type(note).__name__ == "PlainValidator" for note in notes)
        return (str,) if textual else _members(inner)
    if get_origin(kind) in {Union, UnionType}:
        return tuple(one for part in get_args(kind) for one in _members(part))
    return (kind,)


def _variants(schema: Schema, schemas: Schemas) -> tuple[Schema, ...]:
    either = schema.get("anyOf") or schema.get("oneOf")
    if not isinstance(either, list):
        return (schema,)
    return tuple(one for part in either for one in _variants(_resolved(part, schemas), schemas))


def _resolved(schema: Schema, schemas: Schemas) -> Schema:
    named = schema.get("$ref")
    if isinstance(named, str):
        return _resolved(schemas[named.rpartition("/")[2]], schemas)
    return schema


def _words(schema: Schema) -> list[object]:
    words = schema.get("enum", [schema.get("const")])
    assert isinstance(words, list)
    return words


def _type(schema: Schema) -> object:
    return schema.get("type")
