from __future__ import annotations

import pytest

from scripts.toolchain.mutation.effects import Effects
from scripts.toolchain.mutation.yul import of_assembly
from scripts.toolchain.tokens import tokens_of


def _effects(block: str, flags: str = '("memory-safe")') -> Effects:
    effects, _ = of_assembly(tokens_of(f"assembly {flags} {{ {block} }}"), 0)
    return effects


def test_arithmetic_does_nothing() -> None:
    assert _effects("c := shl(5, add(a, b))") == Effects()


def test_memory_and_logs_are_understood() -> None:
    assert _effects("mstore(a, mload(b))") == Effects(raw=True)
    assert _effects("log2(a, 0x20, b, c)") == Effects(raw=True, logs=True)


@pytest.mark.parametrize(
    "block",
    [
        "sstore(a, b)",
        "c := sload(a)",
        "return(a, b)",
        "revert(a, b)",
        "c := gas()",
        "tstore(a, b)",
        "c := call(1, a, 0, 0, 0, 0, 0)",
        "function f() { } f()",
    ],
)
def test_nothing_else_is(block: str) -> None:
    assert _effects(block).opaque


def test_memory_must_be_left_in_order() -> None:
    assert _effects("c := a", flags="").opaque


def test_the_end_of_the_block_is_told() -> None:
    tokens = tokens_of('assembly ("memory-safe") { if a { b := 1 } } c = 2;')
    _, end = of_assembly(tokens, 0)
    assert tokens[end + 1].text == "c"
