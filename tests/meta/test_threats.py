from __future__ import annotations

from pathlib import Path

import pytest

from tests.meta.repository import files, read
from tests.meta.threats import IDS, Project, Row, faults, parse, residuals

PAGE = Path("docs/threats.md")

IDS_OF_THE_EXAMPLE = ("C-01", "C-02", "C-03", "C-04")
EXAMPLE = """\
| id | threat | held by |
|---|---|---|
| C-01 | a thief | `tests/contracts/Door.t.sol::test_WhenAThiefComes_ItStaysShut`<br>`tests/door.py::test_shut` |
| C-02 | a storm | [0001](decisions/0001-roof.md)<br>half: no hail |
| C-03 | a flood | README: "Water comes in." |
| C-04 | a guest | not built yet: a bell |
"""  # noqa: E501 - a row of a table is one line
PROJECT = Project(
    sources={
        "tests/contracts/Door.t.sol": "    function test_WhenAThiefComes_ItStaysShut() public {}\n",
        "tests/door.py": "class Doors:\n    def test_shut(self) -> None: ...\n\n\ndef key(): ...\n",
    },
    records={"0001": "decisions/0001-roof.md"},
    residuals="- Water comes in. We know.\n",
)
README = """\
**Read before you rely on it:**

- Water comes in.

## What is missing

- A bell.
"""


def project() -> Project:
    """This repository, as the page may refer to it."""
    tests = [path for path in files() if path.parts[0] == "tests"]
    records = [path for path in files() if path.parent == Path("docs/decisions")]
    return Project(
        sources={path.as_posix(): read(path) for path in tests if path.suffix in {".sol", ".py"}},
        records={path.name[:4]: path.relative_to("docs").as_posix() for path in records},
        residuals=residuals(read(Path("README.md"))),
    )


def test_every_threat_is_held_by_something_that_exists() -> None:
    assert faults(parse(read(PAGE)), project()) == []


def test_the_ids_are_those_of_three_parts() -> None:
    assert len(IDS) == len(set(IDS)) == 92 + 33 + 54


def test_a_right_table_has_no_faults() -> None:
    assert faults(parse(EXAMPLE), PROJECT, IDS_OF_THE_EXAMPLE) == []


def test_a_row_is_read_with_each_thing_that_holds_it() -> None:
    assert parse(EXAMPLE)[1] == Row(
        "C-02", "a storm", ("[0001](decisions/0001-roof.md)", "half: no hail")
    )


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("| C-03 | a flood |", "| C-05 | a flood |", ["C-03 is missing", "C-05 is no id"]),
        ("| C-03 | a flood |", "C-03 a flood", ["C-03 is missing"]),
        ("| C-04 |", "| C-03 |", ["C-04 is missing", "C-03 is there twice"]),
        ("| a storm |", "| |", ["C-02 says no threat"]),
        ("Door.t.sol::", "Gate.t.sol::", ["C-01: there is no file tests/contracts/Gate.t.sol"]),
        (
            "_ItStaysShut",
            "_ItStays",
            ["C-01: tests/contracts/Door.t.sol has no test_WhenAThiefComes_ItStays"],
        ),
        ("::test_shut", "::test_shu", ["C-01: tests/door.py has no test_shu"]),
        ("::test_shut", "::key", ["C-01: key is no test"]),
        (
            "door.py::test_shut",
            "door.py, test_shut",
            ["C-01: '`tests/door.py, test_shut`' is in no form that is looked up"],
        ),
        (
            "`tests/door.py::test_shut`",
            "and `tests/door.py::test_shut`",
            ["C-01: 'and `tests/door.py::test_shut`' is in no form that is looked up"],
        ),
        ("0001-roof", "0001-floor", ["C-02: there is no record at decisions/0001-floor.md"]),
        ("[0001]", "[0002]", ["C-02: there is no record at decisions/0001-roof.md"]),
        (
            "[0001](",
            "see [0001](",
            [
                "C-02: 'see [0001](decisions/0001-roof.md)' is in no form that is looked up",
                "C-02 is held by nothing",
            ],
        ),
        ("[0001](decisions/0001-roof.md)<br>", "", ["C-02 is held by nothing"]),
        ("Water comes", "Wine comes", ["C-03: the README does not say 'Wine comes in.'"]),
        (
            'README: "Water comes in."',
            "README",
            ["C-03: 'README' is in no form that is looked up", "C-03 is held by nothing"],
        ),
        ("not built yet: a bell", "", ["C-04 is held by nothing"]),
        ("not built yet: a bell", "not built yet", ["C-04 is held by nothing"]),
    ],
)
def test_a_wrong_table_is_seen(right: str, wrong: str, fault: list[str]) -> None:
    page = EXAMPLE.replace(right, wrong)

    assert page != EXAMPLE
    assert faults(parse(page), PROJECT, IDS_OF_THE_EXAMPLE) == fault


def test_rows_in_another_order_are_seen() -> None:
    rows = parse(EXAMPLE)

    assert faults([rows[1], rows[0], *rows[2:]], PROJECT, IDS_OF_THE_EXAMPLE) == [
        "C-02 is out of order"
    ]


def test_a_row_with_a_column_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="C-04 has 4 columns"):
        parse(EXAMPLE.replace("a guest", "a guest | a dog"))


def test_what_the_readme_lacks_further_down_is_no_residual() -> None:
    assert residuals(README).split() == ["-", "Water", "comes", "in."]


def test_a_readme_without_residuals_is_refused() -> None:
    with pytest.raises(ValueError, match="no list"):
        residuals("# A house\n")
