from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from scripts.toolchain.analyse import analyse, main
from scripts.toolchain.errors import CompilationFailedError, ToolFailedError
from tests.integration.contracts.samples import copy_sample, replace_in

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.toolchain.project import Project

PAYMENT = "        (bool paid,)"


@pytest.fixture
def vulnerable(tmp_path: Path) -> Project:
    project = copy_sample(tmp_path)
    shutil.rmtree(project.root / "contracts")
    (project.root / "contracts").mkdir()
    (project.root / "Vulnerable.sol").rename(project.root / "contracts" / "Vulnerable.sol")
    return project


def suppress(project: Project, comment: str) -> None:
    path = project.root / "contracts" / "Vulnerable.sol"
    replace_in(path, PAYMENT, f"        // {comment}\n{PAYMENT}")


def test_a_clean_sample_gives_one_line_with_what_was_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(copy_sample(tmp_path)) == 0

    said = capsys.readouterr().out
    # Three contracts of the sample and one of npm's.
    assert said.startswith("Slither: 4 contracts, ")
    assert said.count("\n") == 1


def test_a_payment_before_the_effect_is_found(
    vulnerable: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(vulnerable) == 1

    said = capsys.readouterr().err
    assert "reentrancy-eth (High): Reentrancy in Vulnerable.withdraw()" in said
    assert "contracts/Vulnerable.sol#" in said


def test_a_finding_is_suppressed_with_a_reason(vulnerable: Project) -> None:
    suppress(vulnerable, "slither-disable-next-line reentrancy-eth -- it shows what is found")

    assert main(vulnerable) == 0


@pytest.mark.parametrize(
    "comment",
    [
        "slither-disable-next-line reentrancy-eth",
        "slither-disable-next-line reentrancy-eth -- ",
        "slither-disable-next-line all -- everything is fine",
        "slither-disable-start reentrancy-eth -- until the end",
    ],
)
def test_a_suppression_without_reason_or_bound_fails(
    vulnerable: Project, comment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    suppress(vulnerable, comment)

    assert main(vulnerable) == 1

    assert "contracts/Vulnerable.sol:13 must suppress named detectors" in capsys.readouterr().err


def test_a_suppression_that_suppresses_nothing_fails(
    vulnerable: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    suppress(vulnerable, "slither-disable-next-line reentrancy-eth,tx-origin -- half of it is old")

    assert main(vulnerable) == 1

    assert "unused-ignore-directive" in capsys.readouterr().err


def test_sources_that_do_not_compile_show_the_compilers_words(vulnerable: Project) -> None:
    replace_in(vulnerable.root / "contracts" / "Vulnerable.sol", "paid);", "unpaid);")

    with pytest.raises(CompilationFailedError, match="Undeclared identifier"):
        analyse(vulnerable)


def test_sources_without_a_contract_are_not_success(
    vulnerable: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    source = vulnerable.root / "contracts" / "Vulnerable.sol"
    source.write_text("pragma solidity 0.8.37;\nuint256 constant LEAST = 1;\n", encoding="utf-8")

    assert main(vulnerable) == 2

    assert "slither gave no usable answer" in capsys.readouterr().err


def test_no_sources_at_all_are_not_success(
    vulnerable: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (vulnerable.root / "contracts" / "Vulnerable.sol").unlink()

    assert main(vulnerable) == 2

    assert "contracts holds no Solidity source" in capsys.readouterr().err


def test_a_crash_is_not_success(vulnerable: Project) -> None:
    # Slither asks forge for its settings, which refuses this one, and gives up.
    replace_in(vulnerable.foundry_toml, "isolate = true", 'isolate = "perhaps"')

    with pytest.raises(ToolFailedError):
        analyse(vulnerable)
