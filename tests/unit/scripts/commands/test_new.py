from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.launch.templates import TEMPLATES, template

if TYPE_CHECKING:
    from pathlib import Path

    from tests.seats_command import SeatsCommand


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_written_and_can_be_planned(
    seats: SeatsCommand, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "mine.toml"
    assert seats("new", name, file).exit == 0
    assert file.read_text("utf-8") == template(name)
    assert seats("plan", file, "--no-gas").exit == 0


def test_nothing_is_overwritten(seats: SeatsCommand, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine", "utf-8")
    said = seats("new", "drop-session", file)
    assert (said.exit, said.out) == (2, "")
    assert said.err == f"{file} exists already: name another file, or move it away.\n"
    assert file.read_text("utf-8") == "mine"


def test_a_folder_that_is_not_there_is_a_sentence(seats: SeatsCommand, tmp_path: Path) -> None:
    said = seats("new", "drop-session", tmp_path / "nowhere" / "mine.toml")
    assert said.exit == 2
    assert "cannot be written (No such file or directory)" in said.err


def test_a_format_that_does_not_exist_is_a_usage_error(seats: SeatsCommand) -> None:
    said = seats("new", "party", "party.toml")
    assert said.exit == 2
    assert said.err.endswith("'party' is no format: write drop-session or sprint-cohort.\n")
