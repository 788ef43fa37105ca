from __future__ import annotations

from scripts.toolchain.coverage.branches import WATCH, WATCH_FILE, watch

SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

contract A {
    function f(bool a, bool b) external pure returns (uint256) {
        if (a && !b) return 1;
        return (a ? b : true) ? 2 : 3;
    }
}
"""
WATCHED = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37; import {entered, watched} from "../Watch.sol";

contract A {
    function f(bool a, bool b) external pure returns (uint256) { entered(1);
        if (watched(2, a) && watched(4, !b)) return 1;
        return watched(6, (watched(8, a) ? b : true)) ? 2 : 3;
    }
}
"""


def test_every_condition_is_asked_through_a_mark_of_its_own() -> None:
    assert watch({"contracts/rooms/A.sol": SOURCE}).texts["contracts/rooms/A.sol"] == WATCHED


def test_lines_stay_where_they_are() -> None:
    watched = watch({"contracts/A.sol": SOURCE})
    assert [str(branch) for branch in watched.branches] == [
        "contracts/A.sol:5 f: never entered",
        "contracts/A.sol:6 a: never true",
        "contracts/A.sol:6 a: never false",
        "contracts/A.sol:6 !b: never true",
        "contracts/A.sol:6 !b: never false",
        "contracts/A.sol:7 (a ? b : true): never true",
        "contracts/A.sol:7 (a ? b : true): never false",
        "contracts/A.sol:7 a: never true",
        "contracts/A.sol:7 a: never false",
    ]
    assert watched.texts["contracts/A.sol"].count("\n") == SOURCE.count("\n")


def test_numbers_go_on_from_source_to_source() -> None:
    branches = watch({"contracts/A.sol": SOURCE, "contracts/B.sol": SOURCE}).branches
    assert [branch.number for branch in branches] == list(range(1, 19))
    assert branches[9].source == "contracts/B.sol"


def test_an_arm_is_marked_where_it_begins() -> None:
    body = "try this.f(a, b) returns (uint256 c) { return c; } catch { return 4; }"
    source = SOURCE.replace("return 1;", body)
    text = watch({"contracts/A.sol": source}).texts["contracts/A.sol"]
    assert "returns (uint256 c) { entered(6); return c; } catch { entered(7); return 4; }" in text


def test_assembly_is_counted_and_left_alone() -> None:
    assembly = "assembly { if a { revert(0, 0) } }"
    source = SOURCE.replace("if (a && !b) return 1;", assembly)
    watched = watch({"contracts/A.sol": source})
    assert [branch.change for branch in watched.branches[1:3]] == [
        "if a: never true",
        "if a: never false",
    ]
    assert assembly in watched.texts["contracts/A.sol"]


def test_a_source_without_functions_stays_as_it_is() -> None:
    source = "pragma solidity 0.8.37;\nuint256 constant A = 1;\n"
    assert watch({"contracts/A.sol": source}).texts == {
        "contracts/A.sol": source,
        WATCH_FILE: WATCH,
    }
