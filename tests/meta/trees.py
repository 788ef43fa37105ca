"""Specification trees: given, when and it, drawn beside the Solidity test that holds them.

Owns reading a tree, drawing it again and naming its leaves' tests: `test_<node>_<leaf>`, where the
node is the one right above the leaf, or `test_<leaf>` below the root. Only letters and digits count
and their case does not, so that `it re-enters` is `ItReenters`. Refuses to compile Solidity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEST = re.compile(r"^\s*function test(?:Fuzz)?_(\w+)\(", re.MULTILINE)
_BRANCH = re.compile(r"^(?P<indent>(?:│   |    )*)(?:├── |└── )(?P<text>\S.*)$")
_STEP = 4


@dataclass(frozen=True, slots=True)
class Node:
    """One line of a tree and what hangs below it."""

    text: str
    below: tuple[Node, ...] = ()

    @property
    def is_leaf(self) -> bool:
        """Whether this is a behaviour; everything else is a circumstance."""
        return self.text.startswith("it ")


def parse(drawing: str) -> Node:
    """Read a tree whose first line is its root.

    Raises `ValueError` for a line that hangs nowhere, or is not drawn as `draw` draws it.
    """
    root, *lines = drawing.splitlines()
    levels: list[tuple[str, list[Node]]] = [(root, [])]
    for line in lines:
        match = _BRANCH.match(line)
        if match is None or len(match["indent"]) // _STEP >= len(levels):
            raise ValueError(f"{line!r} hangs nowhere")
        _close(levels, len(match["indent"]) // _STEP + 1)
        levels.append((match["text"], []))
    _close(levels, 1)
    tree = Node(root, tuple(levels[0][1]))
    if draw(tree) != drawing:
        raise ValueError(f"the tree of {root!r} has a branch that leads astray")
    return tree


def draw(tree: Node) -> str:
    """Draw a tree, its root first, with a final newline."""
    return "\n".join([tree.text, *_branches(tree, "")]) + "\n"


def expected_tests(tree: Node) -> list[str]:
    """Name the test of each leaf, in the tree's order."""
    return [name for node in tree.below for name in _names(node, "")]


def found_tests(source: str) -> list[str]:
    """Name the tests of a Solidity source in the same form."""
    return [_letters(name) for name in _TEST.findall(source)]


def faults(tree: Node, source: str) -> list[str]:
    """Say what keeps a tree and a source from telling the same; empty when they do."""
    expected, found = expected_tests(tree), found_tests(source)
    return [
        *(f"{tree.text}: no test is named {name}" for name in expected if name not in found),
        *(f"{tree.text}: no leaf says {name}" for name in found if name not in expected),
        *(f"{tree.text}: two leaves say {name}" for name in expected if expected.count(name) > 1),
        *_shape_faults(tree),
    ]


def _shape_faults(tree: Node) -> list[str]:
    found = [fault for node in tree.below for fault in _shape_faults(node)]
    for node in tree.below:
        if node.is_leaf and node.below:
            found.append(f"{node.text!r} is a behaviour with something below it")
        if not node.is_leaf and not node.below:
            found.append(f"{node.text!r} is a circumstance without a behaviour")
        if not node.text.startswith(("given ", "when ", "it ")):
            found.append(f"{node.text!r} begins neither with given, when nor it")
    return found


def _close(levels: list[tuple[str, list[Node]]], depth: int) -> None:
    while len(levels) > depth:
        text, below = levels.pop()
        levels[-1][1].append(Node(text, tuple(below)))


def _branches(tree: Node, indent: str) -> list[str]:
    lines: list[str] = []
    for place, node in enumerate(tree.below, start=1):
        is_last = place == len(tree.below)
        lines.append(f"{indent}{'└── ' if is_last else '├── '}{node.text}")
        lines += _branches(node, f"{indent}{'    ' if is_last else '│   '}")
    return lines


def _names(node: Node, above: str) -> list[str]:
    if node.is_leaf:
        return [_letters(above + node.text)]
    return [name for child in node.below for name in _names(child, node.text)]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
