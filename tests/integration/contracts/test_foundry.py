from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from scripts.toolchain.foundry import main
from scripts.toolchain.project import Project
from tests.integration.contracts.samples import (
    copy_project,
    copy_sample,
    replace_in,
    run_module,
    run_program,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path

SHOP = "contracts/Shop.sol"
GAS_TEST = "tests/contracts/gas/Shop.t.sol"
SHOP_TEST = "tests/contracts/shop/Shop.t.sol"
NOT_TAKEN = {
    "contracts/Rounding.sol:8": "divisor == 0: never false",
    "contracts/Shop.sol:30": "quit: never entered",
}


# Forge replaces the process that calls it, so the command needs one of its own.
IN_A_PROCESS = """
import sys
from pathlib import Path
from scripts.toolchain.foundry import main
from scripts.toolchain.project import Project
sys.exit(main(sys.argv[2:], Project(Path(sys.argv[1]))))
"""


def run_forge_command(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_program(sys.executable, "-c", IN_A_PROCESS, project.root, *arguments)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Project:
    sample = copy_sample(tmp_path_factory.mktemp("sample"))
    assert main(["gas", "--write"], sample) == 0
    return sample


@pytest.fixture
def measured(written: Project, tmp_path: Path) -> Project:
    return copy_project(written, tmp_path)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_sample(tmp_path)


def test_forge_answers() -> None:
    done = run_module("scripts.toolchain.foundry", "--version")

    assert done.returncode == 0
    assert done.stdout.startswith("forge Version: ")


def test_forges_exit_code_is_ours(tmp_path: Path) -> None:
    project = copy_sample(tmp_path)
    replace_in(project.root / GAS_TEST, "shop.pay{value: 1 ether}()", "shop.pay()")

    done = run_forge_command(project, "test")

    assert done.returncode == 1
    assert "1 failed" in done.stdout


def test_a_missing_forge_is_a_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build"], Project(tmp_path)) == 2

    said = capsys.readouterr().err
    assert said.startswith("forge was not found (node_modules/@foundry-rs/forge-")
    assert said.endswith("run `make setup`.\n")


def test_gas_is_that_of_the_whole_transaction(measured: Project) -> None:
    figures = json.loads((measured.gas_snapshots / "Shop.json").read_text(encoding="utf-8"))

    # A base cost of 21,000, two new slots of 22,100 and little else.
    assert 21_000 + 2 * 22_100 < int(figures["pay"]) < 21_000 + 2 * 22_100 + 3_000


def test_unchanged_gas_passes(measured: Project) -> None:
    assert main(["gas", "--check"], measured) == 0


def test_gas_that_rises_fails_with_both_figures(
    measured: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(measured.root / SHOP, "_count += 1;", "_count += 1; _accounts[address(1)].seen = 1;")

    assert main(["gas", "--check"], measured) == 1

    assert "Shop.pay rose from " in capsys.readouterr().err


def test_gas_that_falls_fails_too(measured: Project, capsys: pytest.CaptureFixture[str]) -> None:
    replace_in(measured.root / SHOP, "_count += 1;", "")

    assert main(["gas", "--check"], measured) == 1

    assert "Shop.pay fell from " in capsys.readouterr().err


def test_gas_that_is_no_longer_measured_fails(
    measured: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(measured.root / GAS_TEST, '"pay"', '"payment"')

    assert main(["gas", "--check"], measured) == 1

    said = capsys.readouterr().err
    assert "no longer measured" in said
    assert "and is not committed" in said


def test_a_failing_gas_test_fails(measured: Project, capsys: pytest.CaptureFixture[str]) -> None:
    replace_in(measured.root / GAS_TEST, "shop.pay{value: 1 ether}()", "shop.pay()")

    assert main(["gas", "--check"], measured) == 1

    assert "A gas test failed; see above." in capsys.readouterr().err


def test_measuring_nothing_is_not_success(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.root / GAS_TEST).unlink()

    assert main(["gas", "--check"], project) != 0

    assert "Gas of" not in capsys.readouterr().out


def test_a_removed_group_is_removed_when_written(measured: Project) -> None:
    replace_in(measured.root / GAS_TEST, '"Shop"', '"Market"')

    main(["gas", "--write"], measured)

    assert [path.name for path in measured.gas_snapshots.iterdir()] == ["Market.json"]


def test_neither_tests_nor_coverage_touch_committed_gas(measured: Project) -> None:
    committed = {path: path.read_bytes() for path in measured.gas_snapshots.iterdir()}
    replace_in(measured.root / SHOP, "_count += 1;", "")
    explain(measured, NOT_TAKEN)

    assert main(["coverage"], measured) == 0
    assert run_forge_command(measured, "test").returncode == 0

    assert {path: path.read_bytes() for path in measured.gas_snapshots.iterdir()} == committed


def explain(project: Project, branches: Mapping[str, str]) -> None:
    """Give a reason for each of these, from the place to what is missing there."""
    page = project.root / "docs" / "coverage.md"
    page.parent.mkdir(exist_ok=True)
    rows = [f"| `{place}` | `{change}` | because |" for place, change in branches.items()]
    page.write_text("\n".join(rows), encoding="utf-8")


def test_coverage_sees_linked_libraries_and_what_is_reverted(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage"], project) == 1

    assert capsys.readouterr().out.splitlines() == [
        "contract                branches        functions",
        "contracts/Ledger.sol       -            100%       1/1",
        "contracts/Rounding.sol   50%       1/2  100%       1/1",
        "contracts/Shop.sol      100%       2/2   75%       3/4",
        "all                      75%       3/4   83%       5/6",
        *(f"not taken: {place} {change}" for place, change in NOT_TAKEN.items()),
    ]


def test_coverage_fails_until_each_branch_is_taken_or_explained(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (first, change), *_ = NOT_TAKEN.items()
    explain(project, {first: change})
    assert main(["coverage"], project) == 1
    said = capsys.readouterr().err
    assert "quit: never entered` | … |" in said
    assert change not in said

    explain(project, NOT_TAKEN)
    assert main(["coverage"], project) == 0
    assert "but for 2 that docs/coverage.md explains." in capsys.readouterr().out

    # As if a test had been lost.
    replace_in(project.root / SHOP_TEST, "function test_payTooLittle", "function payTooLittle")
    assert main(["coverage"], project) == 1
    assert "`msg.value < least: never true` | … |" in capsys.readouterr().err

    explain(project, {})
    replace_in(project.root / SHOP_TEST, "shop.share(0);", "shop.share(1);")
    assert main(["coverage"], project) == 1
    assert "A test failed; see above." in capsys.readouterr().err
