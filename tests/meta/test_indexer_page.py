from __future__ import annotations

import inspect
import re
from pathlib import Path

from indexer import metrics, process, queries
from indexer.commands.app import app
from indexer.settings import IndexerSettings
from indexer.store.history import MIRROR
from indexer.sync.shell import Outcome

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "indexer.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_setting_stands_in_the_page_with_its_default() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", section("Settings"), re.MULTILINE))

    wanted = {
        name: "\N{EN DASH}"
        if field.is_required() or field.default is None
        else str(field.default).lower()
        if isinstance(field.default, bool)
        else f"{field.default:,}".rstrip("0").rstrip(".")
        if isinstance(field.default, float)
        else f"{field.default:,}"
        if isinstance(field.default, int)
        else f"`{field.default}`"
        for name, field in IndexerSettings.model_fields.items()
    }
    assert told == wanted


def questions() -> set[str]:
    return {name for name in queries.__all__ if callable(getattr(queries, name)) and name.islower()}


def test_every_question_stands_in_the_page() -> None:
    assert questions() == set(
        re.findall(
            r"`(\w+)`",
            "".join(
                line.split("|")[1]
                for line in section("Reading").splitlines()
                if line.startswith("| `")
            ),
        )
    )


def test_every_question_takes_a_level_or_a_block_unless_the_page_says_why_not() -> None:
    table = section("Reading").partition("| without `at` | because |\n")[2].partition("\n\n")[0]
    excused = re.findall(r"^\| (`.+?`) \| (.+) \|$", table, re.MULTILINE)
    named = [name for names, _ in excused for name in re.findall(r"`(\w+)`", names)]

    parameters = {
        name: inspect.signature(getattr(queries, name)).parameters for name in questions()
    }
    timeless = {name for name, taken in parameters.items() if "at" not in taken}
    assert sorted(named) == sorted(timeless)
    # Of the newest state, unless another is named: those who ask for no level get today's.
    assert {taken["at"].default for taken in parameters.values() if "at" in taken} == {
        queries.Level.LATEST
    }


def test_every_exit_code_stands_in_the_page() -> None:
    told = set(re.findall(r"^\| (\d+) \|", section("When it does not run"), re.MULTILINE))

    codes = (process.DONE, process.INPUT, process.UNAVAILABLE, process.UNEXPECTED)
    assert told == {str(code) for code in codes}


def test_every_figure_stands_in_the_page() -> None:
    told = set(re.findall(r"^\| `(seats_indexer_\w+)` \|", section("Figures"), re.MULTILINE))

    counted = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in metrics.Metrics().registry.collect()
    }
    assert told == counted | {f"{metrics.PREFIX}_{name}" for name in metrics.TABLE_FIGURES}


def test_every_line_of_the_journal_stands_in_the_page() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", section("Lines"), re.MULTILINE))

    sources = (ROOT / "indexer").rglob("*.py")
    texts = [source.read_text(encoding="utf-8") for source in sources]
    written = {
        name for text in texts for name in re.findall(r"(?:\.write|_tell)\(\s*\"(\w+)\"", text)
    }
    rests = {one.value.replace(" ", "_") for one in Outcome} - {Outcome.PROGRESSED.value}
    assert told == written | rests


def test_every_command_stands_in_the_page() -> None:
    told = set(re.findall(r"^\| `seats index (\w+)", section("Looking after it"), re.MULTILINE))

    assert told == {getattr(one.callback, "__name__", "") for one in app.registered_commands}


def test_every_table_stands_in_the_page() -> None:
    told = set(re.findall(r"`(\w+)`", section("Tables")))

    assert set(MIRROR.metadata.tables) <= told


def test_every_step_of_the_tables_stands_in_the_page() -> None:
    told = re.findall(r"Step `(mirror_\d{4})`", section("Upgrading"))

    folder = ROOT / "indexer" / "store" / "migrations" / "versions"
    steps = sorted(path.stem[: len("mirror_0000")] for path in folder.glob("mirror_*.py"))
    # What a mirror can be upgraded from begins with the fourth.
    assert told == [step for step in steps if step > "mirror_0004"]
    assert steps[-1] == MIRROR.newest
