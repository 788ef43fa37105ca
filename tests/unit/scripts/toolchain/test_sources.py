from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.toolchain.errors import SettingsRefusedError, SourceMissingError
from scripts.toolchain.project import Project
from scripts.toolchain.settings import Remapping, Settings
from scripts.toolchain.sources import gather, imports_of

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = Settings(
    source_folder="contracts",
    test_folder="tests",
    remappings=(Remapping("lib/", "packages/lib/"), Remapping("lib/deep/", "packages/deep/")),
    optimizer=True,
    optimizer_runs=200,
    evm_version="cancun",
    via_ir=False,
    bytecode_hash="none",
    cbor_metadata=False,
)


def project_of(folder: Path, **sources: str) -> Project:
    for name, content in sources.items():
        path = folder / name.replace("__", "/")
        path = path.with_name(f"{path.name}.sol")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return Project(folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import "./a.sol";', ("./a.sol",)),
        ("import './a.sol';", ("./a.sol",)),
        ('import {A, B as C} from "./a.sol";', ("./a.sol",)),
        ('import * as A from "a.sol";import "b.sol";', ("a.sol", "b.sol")),
        ('import {\n  A // "no.sol";\n} from\n"a.sol";', ("a.sol",)),
        ('// import "a.sol";\nimport "b.sol";', ("b.sol",)),
        ('/* import "a.sol"; */', ()),
        ('contract A { string b = "import"; } import "c.sol";', ("c.sol",)),
        ('contract A { string b = "// no comment"; }\nimport "c.sol";', ("c.sol",)),
        ("contract A { uint256 important; }", ()),
    ],
)
def test_imports_are_read_as_the_compiler_reads_them(text: str, expected: tuple[str, ...]) -> None:
    assert imports_of(text) == expected


def test_relative_imports_and_the_longest_remapping_are_followed(tmp_path: Path) -> None:
    project = project_of(
        tmp_path,
        contracts__rooms__A='import "../B.sol"; import "lib/deep/C.sol"; import "lib/D.sol";',
        contracts__B="",
        packages__deep__C="",
        packages__lib__D="",
    )

    tree = gather(project, SETTINGS)

    assert tree.own == ("contracts/B.sol", "contracts/rooms/A.sol")
    assert tree.closure("contracts/rooms/A.sol") == (
        "contracts/B.sol",
        "contracts/rooms/A.sol",
        "packages/deep/C.sol",
        "packages/lib/D.sol",
    )


def test_sources_may_import_each_other(tmp_path: Path) -> None:
    project = project_of(
        tmp_path, contracts__A='import "./B.sol";', contracts__B='import "./A.sol";'
    )

    assert len(gather(project, SETTINGS).closure("contracts/A.sol")) == 2


def test_a_missing_import_names_who_wants_it(tmp_path: Path) -> None:
    project = project_of(tmp_path, contracts__A='import "lib/B.sol";')

    with pytest.raises(
        SourceMissingError, match=r"contracts/A\.sol imports packages/lib/B\.sol.*`make setup`"
    ):
        gather(project, SETTINGS)


def test_an_empty_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefusedError, match="contracts holds no Solidity source"):
        gather(Project(tmp_path), SETTINGS)


def test_the_digest_covers_what_is_imported_and_nothing_else(tmp_path: Path) -> None:
    project = project_of(
        tmp_path, contracts__A='import "lib/B.sol";', contracts__Other="", packages__lib__B=""
    )
    before = gather(project, SETTINGS).digest("contracts/A.sol", SETTINGS, "0.8.37")

    project_of(tmp_path, contracts__Other="// changed")
    unrelated = gather(project, SETTINGS).digest("contracts/A.sol", SETTINGS, "0.8.37")
    project_of(tmp_path, packages__lib__B="// changed")
    related = gather(project, SETTINGS).digest("contracts/A.sol", SETTINGS, "0.8.37")

    assert unrelated == before
    assert related != before


def test_the_digest_covers_settings_and_compiler(tmp_path: Path) -> None:
    tree = gather(project_of(tmp_path, contracts__A=""), SETTINGS)
    other = Settings(
        **{name: getattr(SETTINGS, name) for name in SETTINGS.__slots__} | {"via_ir": True}
    )

    digests = {
        tree.digest("contracts/A.sol", SETTINGS, "0.8.37"),
        tree.digest("contracts/A.sol", other, "0.8.37"),
        tree.digest("contracts/A.sol", SETTINGS, "0.8.38"),
    }

    assert len(digests) == 3
