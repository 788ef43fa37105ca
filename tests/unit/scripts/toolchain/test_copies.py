from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.toolchain.copies import copy_of
from scripts.toolchain.project import Project

if TYPE_CHECKING:
    from pathlib import Path


def project_in(folder: Path) -> Project:
    for name in (
        "contracts/A.sol",
        "tests/contracts/A.t.sol",
        "scripts/toolchain/solc",
        "node_modules/solady/B.sol",
        "foundry.toml",
        "package.json",
        "package-lock.json",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (folder / ".venv").mkdir()
    return Project(folder)


def test_a_copy_is_another_file_and_packages_are_the_same(tmp_path: Path) -> None:
    copy = copy_of(project_in(tmp_path), "mutation/1")
    assert copy.root == tmp_path / ".cache" / "mutation" / "1"
    (copy.root / "contracts" / "A.sol").write_text("mutated")
    assert (tmp_path / "contracts" / "A.sol").read_text() == "contracts/A.sol"
    assert (copy.root / "node_modules" / "solady" / "B.sol").samefile(
        tmp_path / "node_modules" / "solady" / "B.sol"
    )


def test_a_second_copy_follows_what_changed(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    copy = copy_of(project, "mutation/1")
    (copy.root / "contracts" / "Mutants.sol").write_text("a switch")
    (copy.root / "contracts" / "A.sol").write_text("mutated")
    copy_of(project, "mutation/1")
    assert (copy.root / "contracts" / "A.sol").read_text() == "contracts/A.sol"
    assert not (copy.root / "contracts" / "Mutants.sol").exists()


def test_packages_that_are_a_link_stay_one(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "project"
    folder.mkdir()
    project = project_in(folder)
    (folder / "node_modules").rename(elsewhere)
    (folder / "node_modules").symlink_to(elsewhere)
    copy_of(project, "coverage")
    copy = copy_of(project, "coverage")
    assert (copy.root / "node_modules").resolve() == elsewhere
