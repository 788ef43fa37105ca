from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from marketplace.devnet.errors import InvalidParams, Rejected
from marketplace.devnet.production import MOST_BLOCKS_AT_ONCE, Placement
from tests.unit.marketplace.devnet.driving import ADA, BO, emit, emitter_on, signed

if TYPE_CHECKING:
    from marketplace.devnet.chain import DevChain
    from tests.unit.marketplace.devnet.driving import Clock


def test_every_transaction_is_a_block_while_mining_is_automatic(chain: DevChain) -> None:
    for nonce in range(3):
        chain.send_raw(signed(nonce))
    assert [len(block.transactions) for block in chain.canon.blocks] == [0, 1, 1, 1]


def test_what_waits_is_mined_in_the_order_of_arrival(chain: DevChain) -> None:
    chain.set_automine(on=False)
    sent = [chain.send_raw(signed(nonce)) for nonce in range(3)]
    assert chain.head.number == 0
    chain.mine()
    assert [mined.transaction.hash for mined in chain.head.transactions] == sent
    assert chain.pool == ()


def test_switching_automatic_mining_on_mines_what_waits(chain: DevChain) -> None:
    chain.set_automine(on=False)
    chain.send_raw(signed())
    chain.set_automine(on=True)
    assert (chain.head.number, chain.pool) == (1, ())


def test_a_waiting_transaction_is_already_known_and_not_replaced(chain: DevChain) -> None:
    chain.set_automine(on=False)
    chain.send_raw(signed())
    with pytest.raises(Rejected, match="already known"):
        chain.send_raw(signed())
    with pytest.raises(Rejected, match="replacement transaction underpriced"):
        chain.send_raw(signed(maxFeePerGas=9 * 10**9))


def test_a_block_that_is_full_takes_no_more(chain: DevChain) -> None:
    chain.set_automine(on=False)
    chain.send_raw(signed(0, gas=29_990_000))
    for nonce in range(1, 429):
        chain.send_raw(signed(nonce))
    with pytest.raises(Rejected, match="txpool is full"):
        chain.send_raw(signed(429, gas=21_000_000))
    assert len(chain.pool) == 429


def test_a_waiting_transaction_that_a_reorganisation_makes_invalid_is_dropped(
    chain: DevChain,
) -> None:
    chain.send_raw(signed(0))
    chain.set_automine(on=False)
    chain.send_raw(signed(1))
    chain.reorg(1)
    chain.mine()
    assert chain.head.transactions == ()
    assert chain.pool == ()


def test_what_waits_is_held_to_a_state_that_was_edited(chain: DevChain) -> None:
    chain.set_automine(on=False)
    chain.send_raw(signed(0))
    chain.edit(lambda state: state.set_balance(ADA.octets, 0))
    with pytest.raises(Rejected):
        chain.send_raw(signed(1))
    assert chain.pool == ()


def test_finalized_stays_when_the_chain_becomes_shorter(chain: DevChain) -> None:
    chain.mine(10)
    chain.reorg(4, new_length=0)
    assert chain.levels.finalized(chain.head.number) == 6


def test_too_many_blocks_at_once_are_refused(chain: DevChain) -> None:
    with pytest.raises(InvalidParams):
        chain.mine(MOST_BLOCKS_AT_ONCE + 1)


def test_blocks_may_be_mined_at_an_interval(chain: DevChain) -> None:
    chain.mine(3, interval=60)
    times = [block.timestamp for block in chain.canon.blocks[1:]]
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == [60, 60]


def test_replaced_blocks_differ_even_when_empty(chain: DevChain) -> None:
    chain.mine(4)
    old = chain.canon.blocks
    chain.reorg(3)
    new = chain.canon.blocks
    assert new[:2] == old[:2]
    assert len(new) == len(old)
    assert not {block.hash for block in new[2:]} & {block.hash for block in old[2:]}
    assert [block.timestamp for block in new] == [block.timestamp for block in old]


@pytest.mark.parametrize(("depth", "length", "head"), [(2, 0, 2), (2, 1, 3), (2, 2, 4), (2, 5, 7)])
def test_a_branch_may_be_shorter_or_longer(
    chain: DevChain, depth: int, length: int, head: int
) -> None:
    chain.mine(4)
    chain.reorg(depth, new_length=length)
    assert chain.head.number == head


def test_a_block_after_a_shortened_chain_never_repeats_an_old_one(
    chain: DevChain, clock: Clock
) -> None:
    clock.second += 100
    chain.mine()
    old = chain.head
    chain.reorg(1, new_length=0)
    chain.mine()
    assert chain.head.timestamp == old.timestamp
    assert chain.head.hash != old.hash


def test_a_second_reorganisation_differs_from_the_first(chain: DevChain) -> None:
    chain.mine(2)
    heads = {chain.head.hash}
    for _ in range(3):
        chain.reorg(1)
        heads.add(chain.head.hash)
    assert len(heads) == 4


def test_what_old_blocks_held_is_undone(chain: DevChain) -> None:
    chain.send_raw(signed(value=5))
    chain.reorg(1)
    assert chain.state().get_balance(BO.octets) == 10_000 * 10**18
    assert chain.state().get_nonce(ADA.octets) == 0


def test_the_same_transaction_is_mined_again_at_another_place(chain: DevChain) -> None:
    chain.mine()
    raw = signed()
    sent = chain.send_raw(raw)
    chain.reorg(2, [Placement(chain.decode(raw), 0)])
    found = chain.canon.transaction(sent)
    assert found is not None
    assert found[0].number == 1


def test_events_of_old_blocks_are_no_longer_found(chain: DevChain) -> None:
    emitter = emitter_on(chain)
    emit(chain, emitter, 1)
    chain.reorg(1)
    assert chain.head.logs == ()


def test_an_impossible_branch_leaves_the_chain_as_it_was(chain: DevChain) -> None:
    chain.mine(2)
    before = chain.canon.blocks
    placements = [Placement(chain.decode(signed(nonce)), nonce // 2) for nonce in (0, 2)]
    with pytest.raises(Rejected, match="nonce too high"):
        chain.reorg(2, placements)
    assert chain.canon.blocks == before


@pytest.mark.parametrize(("depth", "length"), [(0, 0), (3, 1), (-1, 1), (1, -1)])
def test_a_branch_must_fit_the_chain(chain: DevChain, depth: int, length: int) -> None:
    chain.mine(2)
    with pytest.raises(InvalidParams):
        chain.reorg(depth, new_length=length)


def test_a_placement_must_lie_inside_the_branch(chain: DevChain) -> None:
    chain.mine(2)
    with pytest.raises(InvalidParams, match="block index"):
        chain.reorg(1, [Placement(chain.decode(signed()), 1)])


def test_the_finalized_block_stays_unless_forced(chain: DevChain) -> None:
    chain.mine(10)
    chain.reorg(4)
    with pytest.raises(Rejected, match="finalized"):
        chain.reorg(5)
    chain.reorg(5, force=True)
    assert chain.levels.finalized(chain.head.number) == 6
