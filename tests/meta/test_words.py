from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meta.repository import read, texts, with_suffix, written

# This file names what no other file may say.
HERE = Path("tests/meta/test_words.py")
PYTHON = (".py",)

UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX|HACK)\b|\b(for now|not (yet )?implemented|stubs?)\b"
    # A compiler leaves a placeholder where a library's address is linked in.
    r"|^(?!.*(link|librar)).*\bplaceholders?\b",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w.$}/])/(work|root|tmp|home|Users)/")
REGISTRIES = re.compile(r"registry\.npmjs|pypi\.org|pythonhosted|npmmirror|yarnpkg\.com")
EXCUSES = re.compile(r"pytest\.skip|mark\.skip|skipif|importorskip|xfail|unittest\.skip|SkipTest")
WAITING = re.compile(r"\btime\.sleep\(|\basyncio\.sleep\((?!0\))")
BARE_SUPPRESSION = re.compile(
    r"# type: ignore(?!\[[\w, -]+\] +# \S)|# noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)* +(-|#) \S)"
)


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """File, line number and text wherever the pattern is found."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path in paths
        if path != HERE
        for number, line in enumerate(read(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_nothing_is_announced_as_unfinished() -> None:
    assert lines_with(UNFINISHED, written()) == []


def test_no_path_of_a_machine_is_written_down() -> None:
    assert lines_with(MACHINE_PATHS, texts()) == []


def test_no_registry_is_named() -> None:
    assert lines_with(REGISTRIES, texts()) == []


def test_no_test_excuses_itself() -> None:
    # The rule itself is enforced, and therefore named, in two places.
    enforcing = {Path("tests/conftest.py"), Path("tests/meta/test_suite.py")}
    tests = [path for path in with_suffix(*PYTHON) if path.parts[0] == "tests"]
    assert lines_with(EXCUSES, [path for path in tests if path not in enforcing]) == []


def test_no_test_sleeps() -> None:
    tests = [path for path in with_suffix(*PYTHON) if path.parts[0] == "tests"]
    assert lines_with(WAITING, tests) == []


def test_every_suppression_has_a_code_and_a_reason() -> None:
    assert lines_with(BARE_SUPPRESSION, with_suffix(*PYTHON)) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNFINISHED, "# ToDo: later"),
        (UNFINISHED, "a placeholder"),
        (MACHINE_PATHS, 'open("/tmp/x")'),
        (REGISTRIES, "see https://pypi.org/project/x"),
        (EXCUSES, "@pytest.mark.skipif(True)"),
        (WAITING, "time.sleep(1)"),
        (BARE_SUPPRESSION, "x = 1  # type: ignore"),
        (BARE_SUPPRESSION, "x = 1  # type: ignore[misc]"),
        (BARE_SUPPRESSION, "x = 1  # noqa"),
        (BARE_SUPPRESSION, "x = 1  # noqa: S101"),
    ],
)
def test_each_pattern_finds_what_it_forbids(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATHS, "the folder tests/work/ and https://example.org/home/"),
        (WAITING, "await asyncio.sleep(0)"),
        (BARE_SUPPRESSION, "x = 1  # type: ignore[misc] # the base is untyped"),
        (BARE_SUPPRESSION, "x = 1  # noqa: S101, S102 - the reason"),
        (BARE_SUPPRESSION, "x = 1  # noqa: S101 # the reason"),
        (UNFINISHED, "a placeholder where the library is linked in"),
    ],
)
def test_each_pattern_leaves_good_lines_alone(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line) is None
