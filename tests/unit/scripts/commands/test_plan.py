from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from marketplace.launch.canonical import terms_hash
from marketplace.launch.units import instant
from tests.unit.marketplace.launch.texts import with_line

if TYPE_CHECKING:
    from pathlib import Path

    from tests.seats_command import SeatsCommand

FUTURE = 'starts = "launch + 20 days"'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A launch file that never grows old."""
    path = tmp_path / "drop.toml"
    path.write_text(with_line("starts = 2030-01-11T19:00:00+02:00", FUTURE), "utf-8")
    return path


def test_the_terms_that_are_printed_have_the_hash_that_is_shown(
    seats: SeatsCommand, file: Path
) -> None:
    # With absolute times the terms are the same in whichever minute each run falls.
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    text = with_line(
        "starts = 2030-01-11T19:00:00+02:00", f"starts = {instant(today + timedelta(days=20))}"
    )
    text = with_line('opens = "launch"', f"opens = {instant(today + timedelta(days=1))}", text)
    file.write_text(text, "utf-8")
    terms = seats("plan", file, "--terms")
    assert terms.exit == 0
    assert f"0x{terms_hash(terms.out).hex()}" in seats("plan", file, "--no-gas").out


def test_warnings_name_addresses_whose_keys_are_public(seats: SeatsCommand, file: Path) -> None:
    said = seats("plan", file, "--no-gas")
    assert said.exit == 0
    assert "- The resolver 0x976EA74026E726554dB657fA54763abd0C3a0aa9 is an account" in said.out


def test_faults_go_to_standard_error_and_end_with_two(seats: SeatsCommand, file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace('royalty = "10%"', "royalty = 10"), "utf-8")
    said = seats("plan", file)
    assert (said.exit, said.out) == (2, "")
    assert said.err.splitlines()[0] == f"The launch file {file} has one fault:"
    assert "Traceback" not in said.err


@pytest.mark.parametrize("octets", [b"", b"\xff\xfe", b"a" * 100_000, b"a ="])
def test_what_is_no_launch_file_is_one_sentence(
    seats: SeatsCommand, file: Path, octets: bytes
) -> None:
    file.write_bytes(octets)
    said = seats("plan", file)
    assert (said.exit, said.out) == (2, "")
    assert said.err.startswith(f"The launch file {file} ")


def test_a_missing_file_and_a_folder_are_one_sentence(seats: SeatsCommand, tmp_path: Path) -> None:
    assert "does not exist" in seats("plan", tmp_path / "none.toml").err
    assert "is a folder" in seats("plan", tmp_path).err
