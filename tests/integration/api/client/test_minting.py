from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.client.errors import ApiRefused, PreparedOtherwise
from marketplace.client.minting import Coins, OpeningSeat, Proof, SignedPass
from marketplace.domain.addresses import ETH
from marketplace.domain.admission import Pass
from marketplace.domain.ids import PhaseIndex
from marketplace.domain.money import Wei
from marketplace.orders.passes import sign_pass
from tests.integration.api.client.people import People, signer
from tests.integration.api.gating import LISTED, gated, in_coins
from tests.integration.api.preparing import approve, ask
from tests.integration.marketplace.world import PRICE, address_of

if TYPE_CHECKING:
    from tests.integration.api.live import Live

BO = address_of("bo")
LIST, PASSES, HOLDERS = (PhaseIndex(one) for one in range(3))


def test_whatever_opens_a_phase_is_told_and_signed_as_it_is(live: Live) -> None:
    market = gated(live)
    live.mirror()
    people = People(live)
    bo, drop = people("bo"), market.drop
    people("mentor").publish_allowlist(
        drop, PhaseAllowlist(LIST, [address_of(name) for name in LISTED])
    )
    leave = Pass(drop=drop, phase=PASSES, account=BO, quantity=2, nonce=7, expiry=market.now + 100)
    signature = sign_pass(signer("cleo"), leave, market.chain_id, market.contract.address)

    proof = Proof(bo.eligibility(drop, LIST, BO).proof or ())
    people.send("bo", bo.prepare_mint(BO, drop, LIST, most=PRICE, opening=proof))
    by_pass = SignedPass(leave, signature)
    people.send("bo", bo.prepare_mint(BO, drop, PASSES, quantity=2, opening=by_pass))
    people.send("bo", bo.prepare_mint(BO, drop, HOLDERS, opening=OpeningSeat(market.seat)))

    # The seat that opened the last phase is the fifth.
    assert market.contract.balance_of(BO) == 5
    with pytest.raises(ApiRefused) as spent:
        bo.prepare_mint(BO, drop, PASSES, opening=by_pass)
    assert spent.value.problem.cause == "seat_drops_pass_spent"


def test_a_drop_in_coins_is_paid_by_those_who_mean_the_coin(live: Live) -> None:
    market, coin = in_coins(live)
    live.mirror()
    people = People(live)
    bo, drop, phase = people("bo"), market.drop, PhaseIndex(0)
    order = {"drop": int(drop), "phase": 0, "quantity": 2}
    approve(live, "bo", ask(live, "bo", "mint", **order).json())

    with pytest.raises(PreparedOtherwise, match=f"it is paid in {coin.address}, not in {ETH}"):
        bo.prepare_mint(BO, drop, phase, quantity=2)
    low = Coins(Wei(2 * PRICE - 1), coin.address)
    with pytest.raises(PreparedOtherwise, match=f"{2 * PRICE - 1} is the most"):
        bo.prepare_mint(BO, drop, phase, quantity=2, most=low)

    most = Coins(Wei(2 * PRICE), coin.address)
    prepared = bo.prepare_mint(BO, drop, phase, quantity=2, most=most)
    assert prepared.value == 0
    people.send("bo", prepared)
    assert coin.balance_of(BO) == 0
    assert market.contract.balance_of(BO) == 2
