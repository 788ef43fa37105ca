from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from marketplace.launch.file import parse_launch_file, read_launch_file
from marketplace.launch.plan import plan_of
from marketplace.launch.templates import TEMPLATES, template

EXAMPLES = Path(__file__).parents[4] / "scripts" / "examples"
# An example must not grow old, so it is read as of two years that have nothing in common.
YEARS = [datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC), datetime(2040, 12, 31, tzinfo=UTC)]


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("launch", YEARS, ids=str)
def test_each_template_is_a_launch_file_of_its_format(name: str, launch: datetime) -> None:
    file = parse_launch_file(name, template(name).encode(), launch)
    assert file.product.format == name.replace("-", " ")


@pytest.mark.parametrize("launch", YEARS, ids=str)
@pytest.mark.parametrize("name", ["drop-session", "sprint-cohort"])
def test_each_example_is_a_launch_file_of_its_format(name: str, launch: datetime) -> None:
    file = read_launch_file(EXAMPLES / f"{name}.toml", launch)
    assert file.product.format == name.replace("-", " ")
    assert not any("session" in warning[:20] for warning in plan_of(file).warnings)


def test_every_example_is_tested() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.toml")) == sorted(TEMPLATES)


def test_a_template_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        template("../file")
