from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from web3.types import RPCEndpoint

from marketplace.bindings.addresses import wire_address
from marketplace.bindings.replay import failure_of
from marketplace.bindings.reverts import (
    CheckInExpired,
    ExpiryTooFar,
    ListingExpired,
    PassExpired,
    PhaseClosed,
    RevertedSilently,
    SeatDeliveryTooEarly,
    SeatDeliveryTooLate,
    SeatDropsTooEarly,
    SeatDropsTooLate,
    SellerNotOwner,
)
from marketplace.chain.keys import UnsignedTransaction
from marketplace.chain.receipts import Sent, receipt_of, wait_for_receipt
from marketplace.domain.errors import ContractReverted
from marketplace.domain.money import Wei
from tests.integration.marketplace.refusals import SCENARIOS, Scenario
from tests.integration.marketplace.refusals_by_hand import BY_HAND
from tests.integration.marketplace.refusals_of_the_end import OF_THE_END
from tests.integration.marketplace.world import QUICK, Market, address_of, signer

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction

GWEI = 10**9
MAX_FEE = Wei(50 * GWEI)
GAS = 400_000


def timeless(error: ContractReverted) -> ContractReverted:
    """The error without the second at which the chain ran it, which no two chains share."""
    match error:
        case PhaseClosed():
            return PhaseClosed(error.opens, error.closes, 0)
        case (
            ListingExpired()
            | PassExpired()
            | CheckInExpired()
            | SeatDropsTooEarly()
            | SeatDropsTooLate()
            | SeatDeliveryTooEarly()
            | SeatDeliveryTooLate()
        ):
            return replace(error, time=0)
        case ExpiryTooFar():
            return ExpiryTooFar(error.expiry, 0)
        case _:
            return error


@pytest.mark.parametrize("scenario", SCENARIOS + OF_THE_END, ids=lambda scenario: scenario.__name__)
def test_a_refusal_is_the_same_typed_error_on_every_chain(
    market: Market, scenario: Scenario
) -> None:
    refusal = scenario(market)
    with pytest.raises(ContractReverted) as refused:
        market.sender(refusal.who).simulate(refusal.transaction)
    assert timeless(refused.value) == refusal.error


@pytest.mark.parametrize("name", ["devnet", "anvil"])
@pytest.mark.parametrize("scenario", BY_HAND, ids=lambda scenario: scenario.__name__)
def test_a_refusal_in_a_state_to_come_is_the_same_on_both_nodes(
    request: pytest.FixtureRequest, name: str, scenario: Scenario
) -> None:
    market: Market = request.getfixturevalue(name)
    refusal = scenario(market)
    with pytest.raises(ContractReverted) as refused:
        market.sender(refusal.who).simulate(refusal.transaction)
    assert refused.value == refusal.error


@pytest.mark.parametrize("name", ["devnet", "anvil"])
@pytest.mark.parametrize("scenario", SCENARIOS[:16], ids=lambda scenario: scenario.__name__)
def test_a_mined_failure_is_replayed_to_the_same_error(
    request: pytest.FixtureRequest, name: str, scenario: Scenario
) -> None:
    market: Market = request.getfixturevalue(name)
    refusal = scenario(market)
    mined = send_blindly(market, refusal.who, refusal.transaction)
    assert timeless(failure_of(market.web3, mined)) == refusal.error


def test_a_failure_by_too_little_gas_says_so(devnet: Market) -> None:
    mint = devnet.mint_call(devnet.drop, "bo")
    found = failure_of(devnet.web3, send_blindly(devnet, "bo", mint, gas=60_000))
    assert found == RevertedSilently("it used up its 60000 gas")


def test_a_failure_caused_in_its_own_block_is_explained(anvil: Market) -> None:
    listing = anvil.listing(anvil.seat, "ada")
    purchase = anvil.contract.buy(listing, anvil.sign(listing, "ada"))
    ask(anvil, "evm_setAutomine", False)  # noqa: FBT003 - JSON-RPC has positions only
    try:
        send_blindly(anvil, "bo", purchase, tip=2 * GWEI, wait=False)
        late = send_blindly(anvil, "cleo", purchase, wait=False)
        ask(anvil, "evm_mine")
        assert receipt_of(anvil.web3, late) is not None
    finally:
        ask(anvil, "evm_setAutomine", True)  # noqa: FBT003 - JSON-RPC has positions only
    bo, ada = address_of("bo"), address_of("ada")
    assert failure_of(anvil.web3, late) == SellerNotOwner(anvil.seat, ada, bo)


def test_an_unknown_transaction_has_no_reason(market: Market) -> None:
    assert failure_of(market.web3, bytes(32)) == RevertedSilently("there is no such transaction")


def ask(market: Market, method: str, *params: object) -> None:
    market.web3.manager.request_blocking(RPCEndpoint(method), list(params))


def send_blindly(
    market: Market,
    who: str,
    transaction: PreparedTransaction,
    *,
    gas: int = GAS,
    tip: int = GWEI,
    wait: bool = True,
) -> bytes:
    """Send what the sender would refuse to send; gives the hash."""
    key = signer(who)
    nonce = market.web3.eth.get_transaction_count(wire_address(key.address))
    raw = key.sign_transaction(
        UnsignedTransaction(
            chain_id=market.chain_id,
            nonce=nonce,
            gas=gas,
            max_fee=MAX_FEE,
            max_tip=Wei(tip),
            to=transaction.to,
            value=transaction.value,
            data=transaction.data,
        )
    )
    taken = bytes(market.web3.eth.send_raw_transaction(raw))
    if wait:
        sent = Sent(taken, key.address, nonce, MAX_FEE)
        wait_for_receipt(market.web3, sent, QUICK)
    return taken
