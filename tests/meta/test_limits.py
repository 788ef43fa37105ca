from __future__ import annotations

import re

from tests.meta.repository import ROOT, files, read, tracked, with_suffix

SOURCE = (".py", ".sol", ".sh", ".mjs", ".cjs", ".js", ".ts")
LINES = 400
TEST_LINES = 500
TOP_LEVEL = {
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "api",
    "contracts",
    "docs",
    "foundry.toml",
    "indexer",
    "marketplace",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements-node.lock",
    "requirements.lock",
    "scripts",
    "slither.config.json",
    "tests",
}
NAMELESS = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc)(_|$)")


def test_no_file_outgrows_its_reader() -> None:
    lengths = {path: read(path).count("\n") for path in with_suffix(*SOURCE)}
    limits = {path: TEST_LINES if path.parts[0] == "tests" else LINES for path in lengths}
    assert {str(p): n for p, n in lengths.items() if n > limits[p]} == {}


def test_the_top_level_stays_as_it_is() -> None:
    top = {path.parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} - TOP_LEVEL == set()


def test_every_module_has_a_name_that_says_something() -> None:
    names = [path for path in files() if any(NAMELESS.search(part) for part in nouns(path.parts))]
    assert [str(path) for path in names] == []


def nouns(parts: tuple[str, ...]) -> list[str]:
    """The parts of a path without endings, in lower case."""
    return [part.partition(".")[0].lower() for part in parts]


def test_unit_tests_mirror_the_source() -> None:
    unit = [path for path in with_suffix(".py") if path.parts[:2] == ("tests", "unit")]
    tests = [path.relative_to("tests/unit") for path in unit if path.name.startswith("test_")]
    sources = {test: test.with_name(test.name.removeprefix("test_")) for test in tests}
    assert len(sources) > 0
    lost = [
        str(test)
        for test, source in sources.items()
        if not (ROOT / source).is_file() and not (ROOT / source.with_suffix("")).is_dir()
    ]
    assert lost == []
