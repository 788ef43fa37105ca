from __future__ import annotations

import re
from itertools import pairwise

import pytest

from scripts.toolchain.mutation.catalogue import all_mutants, read_contracts
from scripts.toolchain.mutation.reading import SOLADY
from scripts.toolchain.project import REPOSITORY
from scripts.toolchain.tokens import closing, tokens_of
from tests.unit.scripts.toolchain.mutation.sources import orders_of

DECLARED = """
type Word is uint256;
enum State { OPEN, OVER }
using {raw, checked} for Word global;
function raw(Word word) pure returns (uint256) { return Word.unwrap(word) >> 8; }
function checked(Word word) pure returns (uint256) { return Word.unwrap(word) + 1; }
function stateOf(Word word) pure returns (State) { return State(uint8(Word.unwrap(word))); }
struct Box { Word word; uint256 total; address owner; uint256[4] counts; Item item;
    mapping(uint256 => uint256) seen; }
struct Item { uint256 size; }
library Boxes {
    function fill(Box storage box, uint256 by) internal { if (by != 0) box.total = by; }
    function tell(Box storage box) internal { emit Told(box.total); }
    function ask(Box storage box) internal { box.owner.call(""); }
    function demand(Box storage box) internal view { if (box.owner == address(0)) revert Nobody(); }
    function guarded(Box storage box) internal guardedOnce { box.total = 1; }
    function again(Box storage box) internal { again(box); }
    function note(uint256 place) internal { assembly ("memory-safe") { mstore(place, 1) } }
    function copy(Box storage box) internal view { Item memory item = box.item; g(item.size); }
    function g(uint256 size) internal pure {}
}
"""
HEAD = (
    "function act(Box storage box, Box storage bag, Item memory item, Box calldata sent) external"
)


def _kept(body: str) -> bool:
    """Whether the order of two statements makes a mutant."""
    found = orders_of(body, DECLARED, HEAD)
    assert len(found) < 2
    return bool(found)


@pytest.mark.parametrize(
    "body",
    [
        "box.total = 1; box.owner = a;",
        # What is bare is a local, and no member.
        "box.total = total; emit Told(total);",
        "box.total = a; c = b;",
        "Boxes.fill(box, 1); emit Told(a);",
        "Boxes.fill(box, 1); box.owner = a;",
        "emit Told(box.word.raw()); Boxes.fill(box, 1);",
        "Boxes.demand(box); box.total = 1;",
        "Boxes.demand(box); emit Told(a);",
        "Boxes.demand(box); _setAux(a, 1);",
        "_setExtraData(a, b); emit Told(c);",
        "Boxes.note(a); box.total = b;",
        "box.seen[a] = 1; Boxes.demand(bag);",
        "box.total += 1; c -= b;",
        "unchecked { box.total = a + 1; box.owner = d; }",
        "box.total = a / 7; Boxes.demand(bag);",
        "item.size = 1; box.total = a;",
        "delete box.total; box.owner = a;",
        "c++; emit Told(a);",
        "c <<= 1; emit Told(a);",
        "(c, d) = (1, 2); emit Told(a);",
        "box.total = sent.total; Boxes.demand(box);",
    ],
)
def test_no_mutant_where_nobody_could_tell(body: str) -> None:
    assert not _kept(body)


@pytest.mark.parametrize(
    "body",
    [
        "box.total = 1; bag.total = 2;",
        "box.total = 1; emit Told(box.total);",
        "Boxes.fill(box, 1); emit Told(bag.total);",
        "c = 1; emit Told(c);",
        "c++; emit Told(c);",
        "--c; emit Told(c);",
        "c >>= 1; emit Told(c);",
        "delete c; emit Told(c);",
        "(c, d) = (1, 2); emit Told(d);",
        "emit Told(a); Boxes.tell(box);",
        "Boxes.ask(box); c = 1;",
        "Boxes.again(box); c = 1;",
        "Boxes.guarded(box); c = 1;",
        "unknown(a); c = 1;",
        "Other.fill(box, 1); c = 1;",
        "a.raw2(); c = 1;",
        "a.call{value: 1}(b); c = 1;",
        "c = new Room(); d = 1;",
        "this.act(); c = 1;",
        "Boxes.demand(box); Boxes.demand(bag);",
        "Boxes.demand(box); box.owner = a;",
        "Boxes.demand(box); c = box.word.checked();",
        "Boxes.demand(box); c = a + 1;",
        "Boxes.demand(box); c = a / b;",
        "Boxes.demand(box); c = stateOf(box.word);",
        "Boxes.demand(box); c = box.counts[a];",
        "Boxes.demand(box); c = data[1:];",
        "Boxes.demand(box); c = sent.owner;",
        "c = a + 1; d = box.counts[a];",
        "list[a] = 1; c = 2;",
        "box.counts[a] = 1; c = 2;",
        "box.item = other; c = 2;",
        "item.size = 1; emit Told(item);",
        "item.size = 1; Boxes.copy(box);",
        "Boxes.note(a); Boxes.note(b);",
        "Boxes.note(a); item.size = 1;",
        "_setAux(a, 1); c = _getAux(a);",
        "_setExtraData(a, b); _setAux(a, c);",
        "_burn(a); c = 1;",
    ],
)
def test_a_mutant_where_somebody_might(body: str) -> None:
    assert _kept(body)


def test_what_is_said_of_solady_is_so() -> None:
    text = (REPOSITORY.root / "node_modules/solady/src/tokens/ERC721.sol").read_text("utf-8")
    tokens = tokens_of(text)
    for name in SOLADY:
        place = text.index(f"function {name}(")
        start = next(i for i, it in enumerate(tokens) if it.start > place and it.text == "{")
        body = tokens[start : closing(tokens, start)]
        calls = {it.text for it, then in pairwise(body) if then.text == "("}
        assert not [it for it in calls if re.match(r"log\d|.*call|revert|return|create|_", it)]
        assert ("sstore" in calls) == name.startswith("_set")


def test_of_the_contracts_the_orders_that_matter_are_left() -> None:
    mutants = all_mutants(read_contracts(REPOSITORY.root))
    orders = {it.before for it in mutants if it.operator == "order"}
    assert "emit DropSettled(id, owed); Payments.release(_seats, drop, owed);" in orders
    assert "rules = drop.rules; _requireLive(id, rules);" in orders
    assert not [it for it in orders if it.startswith("_setAux(")]
