from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.devnet.errors import Rejected
from marketplace.devnet.filters import Filter, Filters

if TYPE_CHECKING:
    from marketplace.devnet.chain import DevChain


def install(chain: DevChain) -> int:
    return chain.filters.install(Filter("blocks", chain.head.hash))


def test_a_poll_gives_each_block_once(chain: DevChain) -> None:
    installed = install(chain)
    chain.mine(2)
    assert [block.number for block in chain.filters.poll(installed, chain.canon).added] == [1, 2]
    assert chain.filters.poll(installed, chain.canon).added == ()


def test_after_a_reorganisation_the_old_blocks_are_removed_and_the_new_ones_added(
    chain: DevChain,
) -> None:
    installed = install(chain)
    chain.mine(3)
    chain.filters.poll(installed, chain.canon)
    old = chain.canon.blocks[2:]
    chain.reorg(2, new_length=3)
    changes = chain.filters.poll(installed, chain.canon)
    assert changes.removed == old
    assert changes.added == chain.canon.blocks[2:]


def test_blocks_that_came_and_went_between_two_polls_are_not_reported(chain: DevChain) -> None:
    chain.mine(2)
    installed = install(chain)
    chain.mine()
    chain.reorg(1)
    changes = chain.filters.poll(installed, chain.canon)
    assert changes.removed == ()
    assert changes.added == (chain.head,)


def test_reverting_to_a_snapshot_restores_what_a_filter_had_seen(chain: DevChain) -> None:
    installed = install(chain)
    chain.mine()
    snapshot = chain.snapshot()
    chain.filters.poll(installed, chain.canon)
    chain.mine()
    chain.revert(snapshot)
    assert [block.number for block in chain.filters.poll(installed, chain.canon).added] == [1]


def test_a_filter_made_after_the_snapshot_starts_anew_at_the_restored_head(chain: DevChain) -> None:
    snapshot = chain.snapshot()
    chain.mine(2)
    installed = install(chain)
    chain.revert(snapshot)
    changes = chain.filters.poll(installed, chain.canon)
    assert (changes.removed, changes.added) == ((), ())


def test_an_uninstalled_filter_is_not_found(chain: DevChain) -> None:
    installed = install(chain)
    assert chain.filters.uninstall(installed)
    assert not chain.filters.uninstall(installed)
    with pytest.raises(Rejected, match="filter not found"):
        chain.filters.poll(installed, chain.canon)


def test_the_number_of_filters_is_bounded(chain: DevChain) -> None:
    filters = Filters()
    for _ in range(1_000):
        filters.install(Filter("blocks", chain.head.hash))
    with pytest.raises(Rejected, match="too many filters"):
        filters.install(Filter("blocks", chain.head.hash))
