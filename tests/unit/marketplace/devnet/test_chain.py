from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.devnet.errors import InvalidParams
from marketplace.devnet.references import BlockHash
from tests.unit.marketplace.devnet.driving import BO, emit, emitter_on, signed

if TYPE_CHECKING:
    from marketplace.devnet.chain import DevChain
    from tests.unit.marketplace.devnet.driving import Clock


def everything(chain: DevChain) -> tuple[object, ...]:
    return chain.canon.blocks, chain.levels, chain.clock.state, chain.automine, chain.pool


def test_tags_name_blocks(chain: DevChain) -> None:
    chain.mine(10)
    named = {tag: chain.block(tag) for tag in ("latest", "safe", "finalized", "earliest")}
    assert {tag: block and block.number for tag, block in named.items()} == {
        "latest": 10,
        "safe": 8,
        "finalized": 6,
        "earliest": 0,
    }


def test_the_pending_block_is_not_a_mined_one(chain: DevChain) -> None:
    assert chain.block("pending") is None


def test_levels_can_be_chosen(chain: DevChain) -> None:
    chain.mine(10)
    chain.set_levels(1, 3)
    assert (chain.levels.safe(10), chain.levels.finalized(10)) == (9, 7)
    with pytest.raises(InvalidParams):
        chain.set_levels(3, 1)


def test_past_state_can_be_read(chain: DevChain) -> None:
    chain.send_raw(signed(0, value=5))
    chain.send_raw(signed(1, value=7))
    start = 10_000 * 10**18
    balances = [chain.state(number).get_balance(BO.octets) - start for number in range(3)]
    assert balances == [0, 5, 12]


def test_a_snapshot_brings_everything_back(chain: DevChain, clock: Clock) -> None:
    emitter = emitter_on(chain)
    emit(chain, emitter, 1)
    chain.mine(6)
    snapshot = chain.snapshot()
    before = everything(chain)
    chain.set_automine(on=False)
    chain.clock.advance(1_000, chain.head.timestamp)
    chain.edit(lambda state: state.set_balance(BO.octets, 0))
    chain.mine(8)
    chain.set_levels(0, 0)
    assert chain.revert(snapshot)
    assert everything(chain) == before
    assert chain.state().get_balance(BO.octets) == 10_000 * 10**18
    assert clock() == chain.canon.blocks[0].timestamp


def test_a_snapshot_brings_back_a_state_that_was_edited_by_hand(chain: DevChain) -> None:
    chain.edit(lambda state: state.set_balance(BO.octets, 1))
    snapshot = chain.snapshot()
    chain.edit(lambda state: state.set_balance(BO.octets, 2))
    chain.revert(snapshot)
    assert chain.state().get_balance(BO.octets) == 1


def test_snapshots_nest_and_each_serves_once(chain: DevChain) -> None:
    outer = chain.snapshot()
    chain.mine()
    inner = chain.snapshot()
    chain.mine()
    assert chain.revert(inner)
    assert chain.head.number == 1
    assert not chain.revert(inner)
    assert chain.revert(outer)
    assert chain.head.number == 0


def test_reverting_uses_up_later_snapshots(chain: DevChain) -> None:
    outer = chain.snapshot()
    inner = chain.snapshot()
    chain.revert(outer)
    assert not chain.revert(inner)


def test_blocks_undone_by_a_snapshot_are_unknown(chain: DevChain) -> None:
    snapshot = chain.snapshot()
    chain.mine()
    undone = chain.head.hash
    chain.revert(snapshot)
    assert chain.block(BlockHash(undone)) is None
    assert chain.canon.orphan(undone) is None


def test_a_snapshot_leads_back_to_a_branch_that_was_left(chain: DevChain) -> None:
    chain.mine(3)
    snapshot = chain.snapshot()
    left = chain.head.hash
    chain.reorg(2)
    chain.revert(snapshot)
    assert chain.head.hash == left


def test_what_waits_survives_a_snapshot(chain: DevChain) -> None:
    chain.set_automine(on=False)
    sent = chain.send_raw(signed())
    snapshot = chain.snapshot()
    chain.mine()
    chain.revert(snapshot)
    assert [waiting.hash for waiting in chain.pool] == [sent]
