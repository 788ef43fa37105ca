from __future__ import annotations

from scripts.toolchain.mutation.catalogue import all_mutants, chosen, read_contracts
from scripts.toolchain.project import REPOSITORY
from tests.unit.scripts.toolchain.mutation.sources import mutants_of


def test_interfaces_and_the_renderer_are_not_mutated() -> None:
    found = read_contracts(REPOSITORY.root)
    assert "contracts/rooms/SeatMarket.sol" in found
    assert not [name for name in found if "/interfaces/" in name or "Renderer" in name]


def test_the_contracts_have_mutants_enough_and_each_is_there_once() -> None:
    mutants = all_mutants(read_contracts(REPOSITORY.root))
    assert len(mutants) > 1000
    assert len(
        {(it.source, it.fault.site, it.fault.text, it.fault.early) for it in mutants}
    ) == len(mutants)


def test_the_same_seed_chooses_the_same_mutants() -> None:
    mutants = mutants_of("c = a + 1; d = b * 2; e = c - d;")
    assert chosen(mutants, 5, 1) == chosen(mutants, 5, 1)
    assert chosen(mutants, 5, 1) != chosen(mutants, 5, 2)
    assert len(chosen(mutants, 5, 1)) == 5


def test_no_count_means_all_of_them() -> None:
    mutants = mutants_of("c = a + 1;")
    assert chosen(mutants, None, 1) == tuple(mutants)


def test_a_mutant_names_its_line_and_both_texts() -> None:
    mutant = next(it for it in mutants_of("\nf(a < b);") if it.operator == "comparison")
    assert str(mutant) == "contracts/rooms/Room.sol:5 comparison: f(a < b); -> f(a <= b);"


def test_a_long_statement_is_shown_by_the_words_around_the_fault() -> None:
    body = "abcdefgh.ijklmnop(" + "qrstuvwx, " * 9 + "1);"
    mutant = next(it for it in mutants_of(body) if it.operator == "bounds")
    assert mutant.before == ", qrstuvwx, qrstuvwx, 1);"
    assert mutant.after == ", qrstuvwx, qrstuvwx, 2);"
