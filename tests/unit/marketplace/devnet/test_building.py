from __future__ import annotations

from eth_bloom.bloom import BloomFilter

from marketplace.devnet.calls import CallRequest
from marketplace.devnet.chain import DevChain
from marketplace.devnet.settings import DevnetSettings
from tests.unit.marketplace.devnet.driving import (
    ADA,
    BO,
    START,
    Clock,
    emit,
    emitter_on,
    put_code,
    signed,
)
from tests.unit.marketplace.devnet.programs import ECHO_REVERT, word


def test_a_reverting_transaction_is_mined_and_paid_for(chain: DevChain) -> None:
    before = chain.state().get_balance(ADA.octets)
    reverter = put_code(chain, ECHO_REVERT)
    chain.send_raw(signed(to=reverter, value=5, gas=50_000))
    mined = chain.head.transactions[0]
    assert not mined.succeeded
    paid = mined.gas_used * mined.effective_gas_price
    assert chain.state().get_balance(ADA.octets) == before - paid


def test_the_sender_pays_base_fee_and_tip_but_no_more(chain: DevChain) -> None:
    chain.send_raw(signed())
    mined = chain.head.transactions[0]
    assert mined.effective_gas_price == chain.head.base_fee + 10**9


def test_gas_adds_up_over_a_block(chain: DevChain) -> None:
    chain.set_automine(on=False)
    for nonce in range(3):
        chain.send_raw(signed(nonce))
    chain.mine()
    mined = chain.head.transactions
    assert [one.cumulative_gas_used for one in mined] == [21_000, 42_000, 63_000]
    assert {one.gas_used for one in mined} == {21_000}
    assert chain.head.header.gas_used == 63_000


def test_events_are_numbered_over_the_whole_block(chain: DevChain) -> None:
    emitter = emitter_on(chain)
    chain.set_automine(on=False)
    for nonce in (1, 2):
        data = word(nonce) + word(0) + word(0)
        chain.send_raw(signed(nonce, to=emitter, data=data, gas=60_000, value=0))
    chain.mine()
    assert [(log.transaction_index, log.log_index) for log in chain.head.logs] == [(0, 0), (1, 1)]


def test_blooms_hold_address_and_topics_of_receipt_and_block(chain: DevChain) -> None:
    emitter = emitter_on(chain)
    mined = emit(chain, emitter, 1, 2)
    for bloom in (BloomFilter(mined.bloom), BloomFilter(chain.head.header.bloom)):
        assert emitter in bloom
        assert word(1) in bloom
        assert word(2) in bloom
        assert word(3) not in bloom


def test_blocks_name_their_parents_and_the_base_fee_follows_eip_1559(chain: DevChain) -> None:
    chain.mine(2)
    first, second = chain.canon.blocks[1:]
    assert second.header.parent_hash == first.hash
    assert second.base_fee == first.base_fee - first.base_fee // 8


def test_the_same_history_has_the_same_hashes() -> None:
    heads = set()
    for _ in range(2):
        chain = DevChain(DevnetSettings(), Clock(START))
        chain.send_raw(signed())
        chain.mine(3)
        heads.add(chain.head.hash)
    assert len(heads) == 1


def test_editing_the_state_mines_nothing_and_lasts(chain: DevChain) -> None:
    before = chain.head
    chain.edit(lambda state: state.set_balance(BO.octets, 5))
    assert chain.head.header == before.header
    assert chain.state().get_balance(BO.octets) == 5
    chain.mine()
    assert chain.state().get_balance(BO.octets) == 5


def test_a_block_hash_is_seen_by_the_contract_in_the_next_block(chain: DevChain) -> None:
    chain.mine(3)
    # Returns BLOCKHASH of the number in its calldata.
    asker = put_code(chain, bytes.fromhex("5f35405f5260205ff3"))
    output = chain.call(CallRequest(to=asker, data=word(2)), "pending")
    asked = chain.canon.at(2)
    assert asked is not None
    assert output == asked.hash
