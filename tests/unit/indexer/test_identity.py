from __future__ import annotations

from indexer.identity import Contract, Contracts, Kind
from tests.unit.indexer.folds.events_of import ADA, BO, MENTOR

REGISTRY = Contract(Kind.DELEGATIONS, BO, 7)
BOTH = Contracts((ADA,), 20, (REGISTRY,))


def test_what_is_added_later_changes_nothing_of_what_a_mirror_was_begun_with() -> None:
    assert BOTH.config_hash == Contracts((ADA,), 20).config_hash
    assert BOTH.config_hash != Contracts((ADA, BO), 20).config_hash


def test_a_pass_asks_for_what_has_joined_from_the_earliest_first_block() -> None:
    alone, together = BOTH.following(()), BOTH.following({Kind.DELEGATIONS})
    assert (alone.addresses, alone.first_block) == ((ADA,), 20)
    assert (together.addresses, together.first_block) == ((ADA, BO), 7)


def test_each_contract_begins_with_its_own_first_block() -> None:
    together = BOTH.following({Kind.DELEGATIONS})
    assert together.begins(BO) == 7
    assert together.kinds == {BO: Kind.DELEGATIONS}
    assert together.begins(ADA) == 20
    assert BOTH.begins(ADA) == BOTH.begins(MENTOR) == 20
