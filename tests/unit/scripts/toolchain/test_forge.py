from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.toolchain.errors import ToolMissingError
from scripts.toolchain.forge import forge_binary
from scripts.toolchain.project import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ("linux", "x86_64", "forge-linux-amd64/bin/forge"),
        ("linux", "aarch64", "forge-linux-arm64/bin/forge"),
        ("darwin", "arm64", "forge-darwin-arm64/bin/forge"),
        ("darwin", "x86_64", "forge-darwin-amd64/bin/forge"),
        ("win32", "AMD64", "forge-win32-amd64/bin/forge.exe"),
    ],
)
def test_each_platform_has_its_own_package(
    tmp_path: Path, system: str, machine: str, expected: str
) -> None:
    binary = tmp_path / "node_modules" / "@foundry-rs" / expected
    binary.parent.mkdir(parents=True)
    binary.touch()

    assert forge_binary(Project(tmp_path), system, machine) == binary


def test_a_platform_without_forge_is_told_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ToolMissingError, match=r"forge-linux-riscv64/bin/forge\).*`make setup`"):
        forge_binary(Project(tmp_path), "linux", "riscv64")
