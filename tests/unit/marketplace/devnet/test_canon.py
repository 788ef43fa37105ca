from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.marketplace.devnet.driving import signed

if TYPE_CHECKING:
    from marketplace.devnet.chain import DevChain


def test_blocks_are_found_by_height_and_hash(chain: DevChain) -> None:
    chain.mine(2)
    assert chain.canon.at(2) == chain.head == chain.canon.with_hash(chain.head.hash)


@pytest.mark.parametrize("number", [-1, 1])
def test_heights_outside_the_chain_hold_nothing(chain: DevChain, number: int) -> None:
    assert chain.canon.at(number) is None


def test_an_orphan_is_unknown_by_hash_and_remembered_for_filters(chain: DevChain) -> None:
    chain.mine()
    orphan = chain.head
    chain.reorg(1)
    assert chain.canon.with_hash(orphan.hash) is None
    assert chain.canon.orphan(orphan.hash) == orphan


def test_a_transaction_of_an_orphan_is_unknown(chain: DevChain) -> None:
    sent = chain.send_raw(signed())
    chain.reorg(1)
    assert chain.canon.transaction(sent) is None


def test_a_block_that_does_not_follow_the_head_is_refused(chain: DevChain) -> None:
    chain.mine()
    block = chain.head
    chain.mine()
    with pytest.raises(ValueError, match="does not follow"):
        chain.canon.append(block)
