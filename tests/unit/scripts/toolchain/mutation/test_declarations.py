from __future__ import annotations

from scripts.toolchain.mutation.declarations import locals_of, read_declarations, references
from scripts.toolchain.tokens import tokens_of

SOURCE = """
type Word is uint256;
enum State { OPEN, OVER }
using {raw, same as ==} for Word global;
function raw(Word word) pure returns (uint256) { return Word.unwrap(word); }
struct Box {
    Word word;
    State state;
    uint256[4] counts;
    mapping(address owner => mapping(uint256 id => bool)) seen;
    mapping(uint256 => Box) boxes;
    bytes32 hash;
    uint256 total;
}
library Boxes { function fill(Box storage box, uint256 by) internal { box.total = by; } }
interface IRoom { function act() external; }
contract Room { function act() external { uint256 left = 1; (bool yes, Box memory box) = f(left);
} }
"""


def test_functions_are_found_with_their_container() -> None:
    found = read_declarations([SOURCE]).functions
    assert {name: [it.container for it in some] for name, some in found.items()} == {
        "raw": [""],
        "fill": ["Boxes"],
        "act": ["Room"],
    }
    assert [it.is_external for it in found["act"]] == [True]


def test_types_are_told_apart() -> None:
    found = read_declarations([SOURCE])
    assert (found.libraries, found.enumerations, found.kinds) == ({"Boxes"}, {"State"}, {"Word"})
    assert {"raw", "same"} <= found.attached


def test_members_are_told_apart() -> None:
    found = read_declarations([SOURCE])
    assert found.values == {"word", "state", "seen", "hash", "total"}
    assert found.mappings == {"seen", "boxes"}
    assert found.wide == {"hash", "total"}


def test_a_member_of_two_structs_is_what_both_say() -> None:
    found = read_declarations([SOURCE, "struct Bag { Box word; uint8 total; address[] seen; }"])
    assert found.values == {"state", "hash", "total"}
    assert found.wide == {"hash"}
    assert found.mappings == {"boxes"}


def test_names_with_a_location_are_found() -> None:
    text = "function f(Box storage box, Box calldata bag) { Box memory box = g(bag); }"
    assert references(tokens_of(text)) == {"box": {"storage", "memory"}, "bag": {"calldata"}}


def test_parameters_and_declared_names_are_local() -> None:
    found = read_declarations([SOURCE]).functions
    assert {"box", "by"} <= locals_of(found["fill"][0])
    assert {"left", "yes", "box"} <= locals_of(found["act"][0])
    assert "f" not in locals_of(found["act"][0])
