from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts.toolchain.project import REPOSITORY
from tests.meta.repository import files, read
from tests.meta.trees import Node, draw, expected_tests, faults, parse

CONTRACT_TESTS = Path("tests/contracts")
TREES = [path for path in files() if path.suffix == ".tree"]
# Their tests are properties of values, histories and measurements, each a sentence of its own.
WITHOUT_TREES = {"gas", "invariants", "types"}

SEATS = """\
Seats.buy
├── given the seat has moved
│   └── it reverts with both epochs
└── given the listing is live
    ├── when the buyer's payment differs
    │   └── it reverts
    └── when it matches
        ├── it moves the seat
        └── it pays the seller
"""
TESTS = """
    function test_GivenTheSeatHasMoved_ItRevertsWithBothEpochs() public {}
    function test_WhenTheBuyersPaymentDiffers_ItReverts() public {}
    function testFuzz_WhenItMatches_ItMovesTheSeat(uint256 price) public {}
    function test_WhenItMatches_ItPaysTheSeller() public {}
    function _tested(bool yes) private {}
"""


@pytest.mark.parametrize("path", TREES, ids=str)
def test_a_tree_and_its_tests_tell_the_same(path: Path) -> None:
    assert faults(parse(read(path)), read(path.with_suffix(".t.sol"))) == []


def test_every_solidity_test_has_a_tree() -> None:
    tests = {
        path
        for path in files()
        if path.is_relative_to(CONTRACT_TESTS)
        and path.name.endswith(".t.sol")
        and path.parts[2] not in WITHOUT_TREES
    }
    assert len(tests) > 0
    assert tests == {path.with_suffix(".t.sol") for path in TREES}


def test_every_function_that_changes_something_has_a_tree() -> None:
    artifact = json.loads((REPOSITORY.artifacts / "Seats.json").read_text(encoding="utf-8"))
    changing = {
        entry["name"]
        for entry in artifact["abi"]
        if entry["type"] == "function" and entry["stateMutability"] in {"nonpayable", "payable"}
    }
    roots = [read(path).splitlines()[0].partition(":")[0] for path in TREES]
    named = {name for root in roots for name in re.findall(r"\w+", root.partition(".")[2])}
    # Refused always, and therefore without an effect in the ABI's words.
    assert changing | {"setApprovalForAll", "renounceOwnership"} == named


def test_a_tree_is_drawn_as_it_was_read() -> None:
    assert draw(parse(SEATS)) == SEATS


def test_leaves_name_their_tests_by_the_node_above() -> None:
    assert expected_tests(parse(SEATS)) == [
        "giventheseathasmoveditrevertswithbothepochs",
        "whenthebuyerspaymentdiffersitreverts",
        "whenitmatchesitmovestheseat",
        "whenitmatchesitpaystheseller",
    ]


def test_a_matching_pair_has_no_faults() -> None:
    assert faults(parse(SEATS), TESTS) == []


def test_a_leaf_without_a_test_is_seen() -> None:
    fewer = TESTS.replace("test_WhenItMatches_ItPaysTheSeller", "paysTheSeller")

    assert faults(parse(SEATS), fewer) == [
        "Seats.buy: no test is named whenitmatchesitpaystheseller"
    ]


def test_a_test_without_a_leaf_is_seen() -> None:
    more = f"{TESTS}    function test_ItDoesMore() public {{}}\n"

    assert faults(parse(SEATS), more) == ["Seats.buy: no leaf says itdoesmore"]


@pytest.mark.parametrize(
    ("tree", "fault"),
    [
        (Node("X", (Node("given a"),)), "without a behaviour"),
        (Node("X", (Node("it a", (Node("it b"),)),)), "with something below it"),
        (Node("X", (Node("if a", (Node("it b"),)),)), "neither with given"),
        (Node("X", (Node("it a"), Node("it a"))), "two leaves say"),
    ],
)
def test_a_tree_of_another_shape_is_seen(tree: Node, fault: str) -> None:
    assert any(fault in found for found in faults(tree, ""))


@pytest.mark.parametrize(
    "drawing",
    [
        SEATS.replace("└── given", "├── given"),
        SEATS.replace("    ├── when", "            ├── when"),
        SEATS.replace("├── given", "given"),
        SEATS.rstrip("\n"),
    ],
)
def test_a_badly_drawn_tree_is_refused(drawing: str) -> None:
    with pytest.raises(ValueError, match=r"hangs nowhere|leads astray"):
        parse(drawing)
