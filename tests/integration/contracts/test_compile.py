from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.artifacts import load
from scripts.toolchain.compilation import compile_project
from scripts.toolchain.compile import main
from tests.integration.contracts.samples import copy_project, copy_sample, replace_in

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.toolchain.project import Project


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    sample = copy_sample(tmp_path_factory.mktemp("sample"))
    assert main([], sample) == 0
    return sample


@pytest.fixture
def project(compiled: Project, tmp_path: Path) -> Project:
    return copy_project(compiled, tmp_path)


def test_artifacts_just_written_pass_the_check(project: Project) -> None:
    assert main(["--check"], project) == 0


def test_every_deployable_contract_has_an_artifact(project: Project) -> None:
    names = {path.name for path in project.artifacts.glob("*.json")}

    assert names == {"Ledger.json", "Rounding.json", "Shop.json"}


def test_writing_again_changes_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in project.artifacts.iterdir()}
    capsys.readouterr()

    assert main(["--force"], project) == 0

    assert "0 of 3 artifacts changed" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in project.artifacts.iterdir()} == before


def test_the_compiler_is_not_called_while_nothing_changed(project: Project) -> None:
    kept = project.cache / "solc" / "output.json"
    before = kept.stat().st_mtime_ns

    main(["--check"], project)

    assert kept.stat().st_mtime_ns == before


def test_a_cache_cut_off_in_writing_is_compiled_again(project: Project) -> None:
    kept = project.cache / "solc" / "output.json"
    kept.write_text(kept.read_text(encoding="utf-8")[:1000], encoding="utf-8")

    assert main(["--check"], project) == 0


EXTENSION = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

contract ShopExtension {
    function pay() external {}

    function refund(uint256 amount) external {}
}
"""


def test_a_contracts_extension_lends_it_its_functions(project: Project) -> None:
    (project.root / "contracts" / "ShopExtension.sol").write_text(EXTENSION, encoding="utf-8")

    assert main(["--force"], project) == 0

    shop = load("Shop", project.artifacts)
    functions = {str(one.get("name")): one for one in shop.abi if one["type"] == "function"}
    assert set(functions) == {"least", "pay", "quit", "refund", "share"}
    assert functions["pay"]["stateMutability"] == "payable"
    extension = load("ShopExtension", project.artifacts)
    assert {str(one.get("name")) for one in extension.abi} == {"pay", "refund"}
    assert shop.bytecode != extension.bytecode


def test_changed_code_is_named_with_what_to_do(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(project.root / "contracts" / "Rounding.sol", "amount / divisor", "divisor / amount")
    capsys.readouterr()

    assert main(["--check"], project) == 1

    said = capsys.readouterr().err
    assert "The artifact of Rounding differs from its sources: bytecode, deployed bytecode" in said
    # Whoever links the library has other code too, since its address is another.
    assert "The artifact of Shop differs from its sources: bytecode, deployed bytecode" in said
    assert said.endswith("Run `make artifacts` and commit the result.\n")


def test_a_changed_comment_changes_the_sources_hash_alone(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(project.root / "contracts" / "Rounding.sol", "library", "// Down.\nlibrary")
    capsys.readouterr()

    assert main(["--check"], project) == 1

    assert "The artifact of Shop differs from its sources: sources hash." in capsys.readouterr().err


def test_a_changed_setting_is_drift(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    replace_in(project.foundry_toml, "optimizer_runs = 200", "optimizer_runs = 100000")

    assert main(["--check"], project) == 1

    assert "sources hash" in capsys.readouterr().err


def test_an_edited_artifact_is_drift(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    replace_in(project.artifacts / "Shop.json", '"name": "pay"', '"name": "paid"')

    assert main(["--check"], project) == 1

    assert "The artifact of Shop differs from its sources: abi." in capsys.readouterr().err


def test_a_removed_contract_loses_its_artifact(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.root / "contracts" / "Shop.sol").unlink()

    assert main(["--check"], project) == 1
    assert "The artifact Shop.json belongs to no contract." in capsys.readouterr().err
    assert main([], project) == 0

    assert not (project.artifacts / "Shop.json").exists()


def test_sources_that_do_not_compile_show_the_compilers_words(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(project.root / "contracts" / "Rounding.sol", "returns (uint256)", "returns (uint)")
    replace_in(project.root / "contracts" / "Rounding.sol", "amount / divisor;", "nothing;")

    assert main([], project) == 1

    assert "DeclarationError: Undeclared identifier." in capsys.readouterr().err


def test_an_import_that_leads_nowhere_is_a_sentence(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(project.root / "contracts" / "Shop.sol", "./Ledger.sol", "./Book.sol")

    assert main([], project) == 2

    assert (
        "contracts/Shop.sol imports contracts/Book.sol, which does not exist"
        in capsys.readouterr().err
    )


def test_the_abi_has_what_linked_libraries_and_assembly_raise(project: Project) -> None:
    abi = load("Shop", project.artifacts).abi

    named = {entry["name"] for entry in abi if entry["type"] in {"event", "error"}}

    # Of Solady's many errors only the one whose selector is in the code.
    assert named == {
        "ETHTransferFailed",
        "Rounding_ZeroDivisor",
        "Shared",
        "Shop_BelowLeast",
    }


def test_libraries_come_in_an_order_in_which_they_can_be_deployed(project: Project) -> None:
    libraries = load("Shop", project.artifacts).libraries

    assert [library.name for library in libraries] == ["Rounding", "Ledger"]
    rounding, ledger = libraries
    assert bytes.fromhex(rounding.address.removeprefix("0x")) in ledger.init_code


def test_the_closure_of_a_source_is_the_compilers_own(project: Project) -> None:
    compilation = compile_project(project)

    for unit in compilation.tree.own:
        for contract in compilation.output["contracts"][unit].values():
            metadata = json.loads(contract["metadata"])
            assert set(compilation.tree.closure(unit)) == set(metadata["sources"])


def test_the_layout_is_written_for_people(project: Project) -> None:
    assert main(["--layout"], project) == 0

    layout = json.loads(project.storage_layout.read_text(encoding="utf-8"))

    assert list(layout) == ["contracts/Shop.sol:Shop"]
    assert layout["contracts/Shop.sol:Shop"]["variables"] == [
        {"label": "_keeper", "slot": 0, "offset": 0, "bytes": 20, "type": "address"},
        {"label": "_count", "slot": 0, "offset": 20, "bytes": 12, "type": "uint96"},
        {
            "label": "_accounts",
            "slot": 1,
            "offset": 0,
            "bytes": 32,
            "type": "mapping(address => struct Account)",
        },
    ]
    assert [
        member["label"] for member in layout["contracts/Shop.sol:Shop"]["structs"]["struct Account"]
    ] == ["balance", "seen", "friends"]


def test_the_layout_does_not_change_with_unrelated_code(project: Project) -> None:
    main(["--layout"], project)
    before = project.storage_layout.read_bytes()
    replace_in(
        project.root / "contracts" / "Rounding.sol",
        "library",
        "struct Unused { uint8 a; }\nlibrary",
    )

    main(["--layout"], project)

    assert project.storage_layout.read_bytes() == before
