"""The page of threats: which ids it must have, and what may hold a row.

Owns reading the tables of docs/threats.md and saying what is wrong with them. Refuses to judge
whether a test that exists holds what its row says: whoever names a test has read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

IDS = tuple(
    f"{part}-{number:02d}"
    for part, last in (("C", 92), ("I", 33), ("A", 54))
    for number in range(1, last + 1)
)
"""Contracts, indexer and API, in the order of the page."""

_ROW = re.compile(r"^\| (?P<id>[A-Z]-\d+) \|(?P<rest>.*)\|$")
_CODE = re.compile(r"`([^`]*)`")
_TEST = re.compile(r"(?P<path>[\w./-]+\.(?:t\.sol|py))::(?P<name>\w+)")
_RECORD = re.compile(r"\[(?P<number>\d{4})\]\((?P<target>[^)]*)\)")
_RESIDUAL = re.compile(r'README: "(?P<words>[^"]+)"')
_MISSING = re.compile(r"not built yet: \S")
_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One threat, and each thing that is said to hold it."""

    id: str
    threat: str
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """What a row may refer to: tests' texts by path, records by number, the README's residuals."""

    sources: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    residuals: str = ""


def parse(page: str) -> list[Row]:
    """Read the rows of all tables. Raises `ValueError` for a row that has not three columns."""
    rows = []
    for line in page.splitlines():
        if (match := _ROW.match(line)) is None:
            continue
        columns = match["rest"].split("|")
        if len(columns) != _COLUMNS:
            raise ValueError(f"{match['id']} has {len(columns) + 1} columns and not three")
        threat, held = (column.strip() for column in columns)
        rows.append(Row(match["id"], threat, tuple(item.strip() for item in held.split("<br>"))))
    return rows


def faults(rows: list[Row], project: Project, ids: tuple[str, ...] = IDS) -> list[str]:
    """Say what is wrong with a page; empty when nothing is."""
    return [
        *_id_faults([row.id for row in rows], ids),
        *(f"{row.id} says no threat" for row in rows if not row.threat),
        *(fault for row in rows for fault in _row_faults(row, project)),
    ]


def residuals(readme: str) -> str:
    """The README's list under "Read before you rely on it"."""
    _, found, after = readme.partition("**Read before you rely on it:**")
    if not found:
        raise ValueError("the README has no list of what to read before relying on it")
    return after.partition("\n## ")[0]


def _id_faults(found: list[str], ids: tuple[str, ...]) -> list[str]:
    wrong = [f"{one} is missing" for one in ids if one not in found]
    wrong += [f"{one} is no id" for one in found if one not in ids]
    wrong += [f"{one} is there twice" for one in sorted(set(found)) if found.count(one) > 1]
    if not wrong and found != list(ids):
        first = next(one for one, due in zip(found, ids, strict=True) if one != due)
        wrong.append(f"{first} is out of order")
    return wrong


def _row_faults(row: Row, project: Project) -> list[str]:
    wrong = []
    holds = False
    for item in row.held_by:
        test, record = _test_of(item), _RECORD.fullmatch(item)
        residual = _RESIDUAL.fullmatch(item)
        holds |= any((test, record, residual, _MISSING.match(item)))
        if test is not None:
            wrong += _test_faults(row.id, test, project)
        elif record is not None:
            if project.records.get(record["number"]) != record["target"]:
                wrong.append(f"{row.id}: there is no record at {record['target']}")
        elif residual is not None:
            if residual["words"] not in project.residuals:
                wrong.append(f"{row.id}: the README does not say {residual['words']!r}")
        elif _CODE.search(item) or _RECORD.search(item) or item.startswith("README"):
            wrong.append(f"{row.id}: {item!r} is in no form that is looked up")
    if not holds:
        wrong.append(f"{row.id} is held by nothing")
    return wrong


def _test_of(item: str) -> re.Match[str] | None:
    code = _CODE.fullmatch(item)
    return None if code is None else _TEST.fullmatch(code[1])


def _test_faults(row: str, test: re.Match[str], project: Project) -> list[str]:
    path, name = test["path"], test["name"]
    if path not in project.sources:
        return [f"{row}: there is no file {path}"]
    if not name.startswith(("test_", "testFuzz_", "invariant_")):
        return [f"{row}: {name} is no test"]
    keyword = "function" if path.endswith(".sol") else "def"
    if not re.search(rf"^ *{keyword} {name}\(", project.sources[path], re.MULTILINE):
        return [f"{row}: {path} has no {name}"]
    return []
