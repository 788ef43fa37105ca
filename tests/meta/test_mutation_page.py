from __future__ import annotations

from pathlib import Path

from scripts.toolchain.mutation.catalogue import all_mutants, read_contracts
from scripts.toolchain.project import REPOSITORY
from scripts.toolchain.reasons import explained, idle
from tests.meta.repository import read

PAGE = Path("docs/mutation.md")


def test_each_survivor_of_the_page_can_still_be_made() -> None:
    mutants = all_mutants(read_contracts(REPOSITORY.root))
    page = read(PAGE)
    assert len(explained(page, mutants)) > 0
    assert idle(page, mutants) == []
