"""Small Solidity sources for the tests of mutation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.toolchain.mutation.catalogue import all_mutants

if TYPE_CHECKING:
    from scripts.toolchain.mutation.mutant import Mutant

PATH = "contracts/rooms/Room.sol"


def source_of(body: str, head: str = "function act(uint256 a, uint256 b) external") -> str:
    """A contract with one function, whose lines begin at line 3."""
    return f"pragma solidity 0.8.37;\ncontract Room {{\n{head} {{\n{body}\n}}\n}}\n"


def mutants_of(
    body: str, head: str = "function act(uint256 a, uint256 b) external"
) -> list[Mutant]:
    """All mutants of that contract."""
    return list(all_mutants({PATH: source_of(body, head)}))


def changes_of(body: str, operator: str, head: str = "function act() external") -> list[str]:
    """What `operator` makes of that contract, as reports show it."""
    found = mutants_of(body, head)
    return [f"{it.before} -> {it.after}" for it in found if it.operator == operator]


def orders_of(body: str, declared: str = "", head: str = "function act() external") -> list[str]:
    """The first halves of swapped statements, in a contract after what a file `declared`."""
    found = all_mutants({PATH: source_of(body, head), "contracts/types/Declared.sol": declared})
    return [it.before for it in found if it.operator == "order" and it.source == PATH]
