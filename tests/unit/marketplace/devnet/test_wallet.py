from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from marketplace.devnet.calls import CallRequest
from marketplace.devnet.errors import ExecutionReverted, Rejected
from marketplace.devnet.wallet import Draft, sign, transact
from tests.unit.marketplace.devnet.driving import ADA, BO, put_code
from tests.unit.marketplace.devnet.programs import ECHO_REVERT

if TYPE_CHECKING:
    from marketplace.devnet.chain import DevChain

GIFT = CallRequest(sender=ADA.octets, to=BO.octets, value=1)


def test_what_is_left_open_is_filled_in(chain: DevChain) -> None:
    transact(chain, ADA, to=BO.octets, value=1)
    transaction = chain.decode(sign(chain, Draft(GIFT)))
    assert (transaction.nonce, transaction.gas, transaction.chain_id) == (1, 21_000, 31337)
    assert transaction.max_fee_per_gas >= chain.head.base_fee + transaction.max_priority_fee_per_gas


def test_what_is_given_is_kept(chain: DevChain) -> None:
    draft = Draft(replace(GIFT, gas=30_000), nonce=9, max_fee=7 * 10**9, max_tip=2)
    transaction = chain.decode(sign(chain, draft))
    assert (transaction.nonce, transaction.gas) == (9, 30_000)
    assert (transaction.max_fee_per_gas, transaction.max_priority_fee_per_gas) == (7 * 10**9, 2)


def test_a_gas_price_makes_an_old_transaction(chain: DevChain) -> None:
    transaction = chain.decode(sign(chain, Draft(GIFT, gas_price=5 * 10**9)))
    assert (transaction.type_id, transaction.gas_price) == (None, 5 * 10**9)


def test_a_gas_price_with_an_access_list_makes_type_1(chain: DevChain) -> None:
    request = replace(GIFT, access_list=((BO.octets, (1,)),))
    transaction = chain.decode(sign(chain, Draft(request, gas_price=5 * 10**9)))
    assert transaction.type_id == 1


def test_a_low_fee_lowers_the_tip_that_was_not_asked_for(chain: DevChain) -> None:
    transaction = chain.decode(sign(chain, Draft(GIFT, max_fee=5)))
    assert transaction.max_priority_fee_per_gas == 5


def test_a_transaction_that_would_revert_is_not_signed(chain: DevChain) -> None:
    reverter = put_code(chain, ECHO_REVERT)
    with pytest.raises(ExecutionReverted):
        transact(chain, ADA, to=reverter, data=b"\x01")
    assert chain.head.number == 0


def test_with_gas_given_it_is_mined_as_failed(chain: DevChain) -> None:
    reverter = put_code(chain, ECHO_REVERT)
    assert not transact(chain, ADA, to=reverter, gas=50_000).succeeded


def test_a_waiting_transaction_has_no_outcome_yet(chain: DevChain) -> None:
    chain.set_automine(on=False)
    with pytest.raises(Rejected, match="waits for a block"):
        transact(chain, ADA, to=BO.octets)
