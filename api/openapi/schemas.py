"""Finding one's way in an OpenAPI document.

Owns where operations, members and enumerations stand in it. Refuses to change anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Json: TypeAlias = dict[str, Any]


def operations_of(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every operation, after its path and its method in lower case."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def objects_of(document: Json) -> Iterator[tuple[str, Json]]:
    """Every schema with members, after its name; also those that stand in a request's body."""
    yield from _named(document["components"]["schemas"])
    for _, _, operation in operations_of(document):
        for taken in operation.get("requestBody", {}).get("content", {}).values():
            yield from _named({taken["schema"].get("title", ""): taken["schema"]})


def members_of(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every member of a schema, after the schema's name and its own."""
    for name, schema in objects_of(document):
        for member, described in schema["properties"].items():
            yield name, member, described


def enumerations_of(document: Json) -> Iterator[tuple[str, str, list[str]]]:
    """Every list of values: where it is, what is said there, and the values."""
    for place, described, values in enumerated(document):
        yield place, described.get("description", ""), values


def enumerated(document: Json) -> Iterator[tuple[str, Json, list[str]]]:
    """The same with whatever describes it: a schema, a member or a parameter."""
    for name, schema in document["components"]["schemas"].items():
        if "enum" in schema:
            yield name, schema, schema["enum"]
    for name, member, described in members_of(document):
        for values in _values_in(described):
            yield f"{name}.{member}", described, values
    for path, method, operation in operations_of(document):
        for one in operation.get("parameters", ()):
            for values in _values_in(one["schema"]):
                yield f"{method.upper()} {path} {one['name']}", one, values


def _named(schemas: Json) -> Iterator[tuple[str, Json]]:
    return ((name, schema) for name, schema in schemas.items() if "properties" in schema)


def _values_in(schema: Json) -> Iterator[list[str]]:
    """Lists of values that a schema has itself, and not by a reference."""
    if "enum" in schema:
        yield schema["enum"]
    for part in (*schema.get("anyOf", ()), *filter(None, [schema.get("items")])):
        yield from _values_in(part)
