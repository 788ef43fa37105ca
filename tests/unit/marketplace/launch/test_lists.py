from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import Gate
from marketplace.domain.ids import PhaseIndex
from marketplace.launch.faults import LaunchFileInvalid
from marketplace.launch.file import read_launch_file
from tests.unit.marketplace.launch.texts import COIN, LAUNCH, parse, with_line

if TYPE_CHECKING:
    from pathlib import Path


def test_an_allowlist_is_read_from_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "friends.csv").write_text(f"account,note\n{COIN},a friend\n", "utf-8")
    (tmp_path / "drop.toml").write_text(
        with_line('gate = "public"', 'gate = { allowlist = "friends.csv" }'), "utf-8"
    )
    file = read_launch_file(tmp_path / "drop.toml", LAUNCH)
    listed = PhaseAllowlist(PhaseIndex(0), [ChecksumAddress(COIN)])
    (phase,) = file.drop.phases
    assert (phase.gate, phase.gate_data) == (Gate.ALLOWLIST, listed.root)
    assert file.allowlists[PhaseIndex(0)].accounts == {COIN}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, 'the allowlist "friends.csv" cannot be read (No such file or directory)'),
        ("", 'the allowlist "friends.csv" lists nobody'),
        (f"{COIN}\n0x12\n{COIN}\n", "has a fault in line 2: '0x12' is not an address"),
    ],
)
def test_a_list_that_cannot_be_used_is_a_fault_of_its_phase(
    tmp_path: Path, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "friends.csv").write_text(content, "utf-8")
    (tmp_path / "drop.toml").write_text(
        with_line('gate = "public"', 'gate = { allowlist = "friends.csv" }'), "utf-8"
    )
    with pytest.raises(LaunchFileInvalid) as caught:
        read_launch_file(tmp_path / "drop.toml", LAUNCH)
    (fault,) = caught.value.faults
    assert (fault.field, fault.line) == ("phases[1].gate", 30)
    assert said in fault.why, fault.why


def test_a_list_that_only_its_root_is_told_of_is_read_from_nowhere() -> None:
    root = "0x" + "5e" * 32
    file = parse(with_line('gate = "public"', f'gate = {{ allowlist = "{root}" }}'))
    assert file.drop.phases[0].gate_data == b"\x5e" * 32
    assert file.allowlists == {}
