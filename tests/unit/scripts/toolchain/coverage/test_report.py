from __future__ import annotations

from scripts.toolchain.coverage.branches import watch
from scripts.toolchain.coverage.report import judge, table

SOURCE = """pragma solidity 0.8.37;
contract A {
    function f(bool a) external pure returns (bool) {
        return a || b();
    }
}
"""
BRANCHES = watch(
    {"contracts/rooms/A.sol": SOURCE, "contracts/B.sol": "uint256 constant C = 1;"}
).branches
ALL = frozenset(branch.number for branch in BRANCHES)
NEVER = 3
ROW = "| `contracts/rooms/A.sol:4` | `a: never false` | nobody says no |"


def test_branches_and_functions_are_counted_apart() -> None:
    assert table(BRANCHES, ALL - {NEVER}) == [
        "contract               branches        functions",
        "contracts/rooms/A.sol   75%       3/4  100%       1/1",
        "all                     75%       3/4  100%       1/1",
    ]


def test_a_source_without_conditions_has_no_share_of_branches() -> None:
    functions = [branch for branch in BRANCHES if branch.kind == "function"]
    assert (
        table(functions, frozenset())[1] == "contracts/rooms/A.sol     -              0%       0/1"
    )


def test_nothing_is_wrong_where_everything_is_taken() -> None:
    assert judge(BRANCHES, ALL, "") == ([], 0)


def test_a_branch_that_is_not_taken_is_told_as_the_line_that_would_explain_it() -> None:
    faults, count = judge(BRANCHES, ALL - {NEVER}, "")
    assert faults == [
        f"No test takes it; for docs/coverage.md: {ROW.replace('nobody says no', '…')}"
    ]
    assert count == 0


def test_an_explained_branch_is_no_fault() -> None:
    assert judge(BRANCHES, ALL - {NEVER}, ROW) == ([], 1)


def test_an_explanation_of_the_other_way_explains_nothing() -> None:
    faults, _ = judge(BRANCHES, ALL - {NEVER}, ROW.replace("false", "true"))
    assert len(faults) == 2


def test_an_explanation_of_what_is_taken_is_a_fault() -> None:
    faults, _ = judge(BRANCHES, ALL, ROW)
    assert faults == [f"docs/coverage.md explains what is taken or gone: {ROW}"]
