from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.toolchain.errors import SettingsRefusedError
from scripts.toolchain.project import REPOSITORY, Project
from scripts.toolchain.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


def project_with(folder: Path, old: str = "", new: str = "") -> Project:
    text = REPOSITORY.foundry_toml.read_text(encoding="utf-8")
    assert old in text
    (folder / "foundry.toml").write_text(text.replace(old, new, 1) if old else text)
    return Project(folder)


def test_the_compiler_is_given_foundrys_settings(tmp_path: Path) -> None:
    settings = read_settings(project_with(tmp_path, "optimizer_runs = 200", "optimizer_runs = 7"))

    given = settings.for_solc({})

    assert given["optimizer"] == {"enabled": True, "runs": 7}
    assert given["evmVersion"] == "cancun"
    assert "solady/=node_modules/solady/src/" in given["remappings"]


def test_no_hash_of_the_sources_is_put_into_the_bytecode() -> None:
    given = read_settings(REPOSITORY).for_solc({})

    assert given["metadata"] == {"bytecodeHash": "none", "appendCBOR": False}


@pytest.mark.parametrize(
    "line",
    [
        'libraries = ["a:B:0x00"]',
        'revert_strings = "strip"',
        "optimizer_details = { yul = true }",
        'model_checker = { engine = "chc" }',
    ],
)
def test_a_setting_that_foundry_alone_would_obey_is_refused(tmp_path: Path, line: str) -> None:
    project = project_with(tmp_path, "isolate = true", f"isolate = true\n{line}")

    with pytest.raises(SettingsRefusedError, match="would reach Foundry's compiler alone"):
        read_settings(project)


@pytest.mark.parametrize("paths", ["contracts/**", "tests/contracts*", "**/*.sol"])
def test_only_tests_are_compiled_otherwise(tmp_path: Path, paths: str) -> None:
    project = project_with(
        tmp_path, "tests/contracts/gas/{Gates,Life,Operations,Options,Sizes,Trades}.t.sol", paths
    )

    with pytest.raises(SettingsRefusedError, match="may only name paths in tests/contracts"):
        read_settings(project)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("optimizer_runs = 200", "optimizer_runs = true"),
        ("optimizer = true", "optimizer = 1"),
        ('evm_version = "cancun"', ""),
        ('"solady/=node_modules/solady/src/"', '"solady"'),
        ('"solady/=node_modules/solady/src/"', '"context:solady/=node_modules/solady/src/"'),
        ("[profile.default]", "[profile.other]"),
        ("[profile.default]", "[profile.default"),
    ],
)
def test_a_missing_or_malformed_setting_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(SettingsRefusedError, match=r"foundry\.toml cannot be followed"):
        read_settings(project_with(tmp_path, old, new))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefusedError, match="the file does not exist"):
        read_settings(Project(tmp_path))
