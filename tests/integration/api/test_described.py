"""The OpenAPI document says what everything in it is: operations, parameters, members, values."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import create_engine

from api.app import create_app
from api.limits.classes import RouteClass
from api.openapi.about import TAGS
from api.openapi.schemas import enumerations_of, members_of, operations_of
from api.openapi.values import VALUES
from api.openapi.words import WORDS
from tests.integration.api.world import Clock, parts_for
from tests.meta.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SUMMARY: Final = 100
_EMPTY: Final = frozenset({"a", "an", "the", "of", "its", "it", "is", "this", "that"})
"""Words that say nothing beside a name."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(parts_for(create_engine("sqlite://"), Clock())).openapi()


def words_of(text: str) -> set[str]:
    """The words of a sentence or of a name, in lower case and without plurals."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    found = re.findall(r"[a-z0-9]+", spaced.lower())
    return {word.removesuffix("s") for word in found}


def repeats(text: str, *names: str) -> bool:
    """Whether a description says nothing but the names of what it describes."""
    said = words_of(text) - {word.removesuffix("s") for word in _EMPTY}
    return said <= set().union(*(words_of(name) for name in names))


def described(document: dict[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Everything that must be described: where it is, what is said, and the names that it has."""
    for path, method, operation in operations_of(document):
        named = f"{method.upper()} {path}"
        own = operation["operationId"]
        yield f"{named}: summary", operation.get("summary", ""), ()
        yield named, operation.get("description", ""), (own,)
        for one in operation.get("parameters", ()):
            yield f"{named} {one['in']} {one['name']}", one.get("description", ""), (one["name"],)
        for status, response in operation["responses"].items():
            said = response["description"].removeprefix("Successful Response")
            yield f"{named} {status}", said, ()
    for name, schema in document["components"]["schemas"].items():
        yield name, schema.get("description", ""), (name,)
    for schema, name, member in members_of(document):
        yield f"{schema}.{name}", member.get("description", ""), (schema, name)
    for tag in document.get("tags", ()):
        yield f"tag {tag['name']}", tag.get("description", ""), (tag["name"],)


def test_everything_is_described(document: dict[str, Any]) -> None:
    missing = [place for place, said, _ in described(document) if not said.strip()]
    assert missing == []


def test_no_description_is_a_mere_repetition_of_the_name(document: dict[str, Any]) -> None:
    found = [place for place, said, names in described(document) if repeats(said, *names)]
    assert found == []


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("The drop.", ("DropOrder", "drop")),
        ("Its price in wei.", ("price_in_wei",)),
        ("List of the keys.", ("list_keys",)),
        ("", ("drop",)),
    ],
)
def test_a_repetition_is_found(said: str, names: tuple[str, ...]) -> None:
    assert repeats(said, *names)
    assert not repeats(f"{said} From 1.", *names)


def test_what_is_said_is_a_sentence_of_json_and_not_of_python(document: dict[str, Any]) -> None:
    python = re.compile(r"(?<!-)\bNone\b|\bTrue\b|\bFalse\b")
    found = [place for place, said, _ in described(document) if python.search(said)]
    assert found == []


def test_whatever_may_be_null_says_what_null_means(document: dict[str, Any]) -> None:
    means = re.compile(r"\bnull\b|\bnot named\b|\bleft out\b", re.IGNORECASE)
    nullable = {
        f"{schema}.{name}": member["description"]
        for schema, name, member in members_of(document)
        if {"type": "null"} in member.get("anyOf", ()) and schema != "Problem"
    }
    assert len(nullable) > 100
    assert [place for place, said in nullable.items() if not means.search(said)] == []


def test_a_summary_is_short_and_belongs_to_one_operation(document: dict[str, Any]) -> None:
    summaries = Counter(operation["summary"] for *_, operation in operations_of(document))
    assert [one for one in summaries if len(one) > LONGEST_SUMMARY or one.endswith(".")] == []
    assert [one for one, count in summaries.items() if count > 1] == []


def test_every_operation_says_who_may_ask_and_as_what_it_counts(document: dict[str, Any]) -> None:
    for path, method, operation in operations_of(document):
        said = operation["description"]
        assert "**Who may ask:**" in said, (method, path)
        if not path.startswith("/health/"):
            assert "**Counts as**" in said, (method, path)


def test_whatever_takes_a_key_names_its_scope(document: dict[str, Any]) -> None:
    keyed = {
        f"{method.upper()} {path}": re.findall(r"`(\w+:\w+)`", operation["description"])
        for path, method, operation in operations_of(document)
        if {"key": []} in operation.get("security", ())
    }
    assert len(keyed) > 10
    assert [name for name, scopes in keyed.items() if not scopes] == []


def test_no_word_of_the_table_is_dead(document: dict[str, Any]) -> None:
    used = Counter(
        name
        for _, name, member in members_of(document)
        if name in WORDS and member["description"].startswith(WORDS[name])
    )
    # What is said of one member alone stands beside the member.
    assert {name for name in WORDS if used[name] < 2} == set()


def test_every_enumeration_says_what_each_value_means(document: dict[str, Any]) -> None:
    told: set[str] = set()
    for place, described_there, values in enumerations_of(document):
        kinds = [kind for kind, meanings in VALUES.items() if set(meanings) == set(values)]
        assert len(kinds) == 1, f"{place}: {values}"
        (kind,) = kinds
        told.add(kind)
        for value, meaning in VALUES[kind].items():
            assert f"- `{value}`: {meaning}" in described_there, place
    assert set(VALUES) - told == set()


def test_tags_have_an_order_and_every_operation_has_one(document: dict[str, Any]) -> None:
    assert [tag["name"] for tag in document["tags"]] == list(TAGS)
    used = {tag for *_, operation in operations_of(document) for tag in operation["tags"]}
    assert used == set(TAGS)


def test_the_document_says_what_it_is(document: dict[str, Any]) -> None:
    info = document["info"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert info["license"]["identifier"] == project["license"]
    assert all(path.startswith((f"/v{info['version']}/", "/health/")) for path in document["paths"])
    for word in ("`code`", "uint256", "`level`", "`min_block`", "`Idempotency-Key`", "`next`"):
        assert word in info["description"]
    assert [one for one in RouteClass if f"`{one}`" not in info["description"]] == []
