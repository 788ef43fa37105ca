from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.events import PassUsed, SeatUsed
from marketplace.bindings.reverts import (
    AuthorisationMalformed,
    OneForOne,
    PassInvalid,
    PassSpent,
    PassTooSmall,
    SeatNotYours,
    SeatOfAnotherDrop,
    SeatSpent,
)
from marketplace.domain.admission import Pass
from marketplace.domain.drop import Gate, MintRequest
from marketplace.domain.errors import ContractReverted
from marketplace.domain.ids import DropId, PhaseIndex
from marketplace.domain.money import Wei
from marketplace.orders.passes import (
    gate_data_of_drop,
    gate_data_of_signer,
    pass_authorisation,
    pass_digest,
    seat_authorisation,
    sign_pass,
    signer_of_pass,
)
from tests.integration.marketplace.world import (
    DAY,
    PRICE,
    Market,
    address_of,
    one,
    signer,
    with_phase,
)

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction

PHASE = PhaseIndex(0)
SIGNER = "verifier"


def passing(market: Market) -> Pass:
    """A pass for ada, of a new drop whose passes `verifier` signs."""
    gate = gate_data_of_signer(address_of(SIGNER))
    drop = market.create(with_phase(market.offer(), gate=Gate.PASS, gate_data=gate))
    return Pass(
        drop=drop,
        phase=PHASE,
        account=address_of("ada"),
        quantity=2,
        nonce=2**200 + 7,
        expiry=market.now + DAY,
    )


def minting(
    market: Market, drop: DropId, authorisation: bytes, quantity: int = 1
) -> PreparedTransaction:
    total = Wei(PRICE * quantity)
    request = MintRequest(
        drop=drop, phase=PHASE, recipient=address_of("cleo"), quantity=quantity, max_total=total
    )
    return market.contract.mint(request, total, authorisation)


def signed(market: Market, leave: Pass, name: str = SIGNER) -> bytes:
    return sign_pass(signer(name), leave, market.chain_id, market.contract.address)


def refused(market: Market, who: str, call: PreparedTransaction) -> ContractReverted:
    with pytest.raises(ContractReverted) as refusal:
        market.sender(who).simulate(call)
    return refusal.value


def test_a_pass_is_used_by_its_account_once(market: Market) -> None:
    leave = passing(market)
    call = minting(market, leave.drop, pass_authorisation(leave, signed(market, leave)), 2)
    assert not market.contract.is_pass_spent(leave.drop, leave.nonce)
    used = market.send("ada", call)
    assert one(market.contract.events_of(used), PassUsed) == PassUsed(
        leave.drop, leave.account, leave.nonce
    )
    assert market.contract.is_pass_spent(leave.drop, leave.nonce)
    assert refused(market, "ada", call) == PassSpent(leave.drop, leave.nonce)


def test_a_pass_has_the_contracts_own_digest(market: Market) -> None:
    leave = passing(market)
    forged = signed(market, leave, "cleo")
    digest = pass_digest(leave, market.chain_id, market.contract.address)
    call = minting(market, leave.drop, pass_authorisation(leave, forged))
    assert refused(market, "ada", call) == PassInvalid(address_of(SIGNER), digest)
    found = signer_of_pass(leave, forged, market.chain_id, market.contract.address)
    assert found == address_of("cleo")


def test_a_pass_serves_nobody_else_and_no_more_seats(devnet: Market) -> None:
    leave = passing(devnet)
    authorisation = pass_authorisation(leave, signed(devnet, leave))
    others = replace(leave, account=address_of("bo"))
    digest = pass_digest(others, devnet.chain_id, devnet.contract.address)
    call = minting(devnet, leave.drop, authorisation)
    assert refused(devnet, "bo", call) == PassInvalid(address_of(SIGNER), digest)
    many = minting(devnet, leave.drop, authorisation, 3)
    assert refused(devnet, "ada", many) == PassTooSmall(2, 3)
    short = minting(devnet, leave.drop, authorisation[:95])
    assert refused(devnet, "ada", short) == AuthorisationMalformed(Gate.PASS, 95)


def test_a_seat_of_another_drop_opens_a_phase_once(market: Market) -> None:
    gate = gate_data_of_drop(market.drop)
    offer = with_phase(market.offer(), gate=Gate.SEAT, gate_data=gate)
    later = replace(offer.phases[0], closes=market.now + 11 * DAY)
    terms = replace(offer.terms, starts_at=market.now + 12 * DAY, ends_at=market.now + 12 * DAY)
    drop = market.create(replace(offer, terms=terms, phases=(later,)))
    market.steering.travel(market.contract.terms_of(market.drop).terms.starts_at + 1)
    call = minting(market, drop, seat_authorisation(market.seat))
    bo, ada = address_of("bo"), address_of("ada")
    assert refused(market, "bo", call) == SeatNotYours(market.seat, ada, bo)
    two = minting(market, drop, seat_authorisation(market.seat), 2)
    assert refused(market, "ada", two) == OneForOne(2)
    used = market.send("ada", call)
    event = SeatUsed(drop, market.seat, PHASE)
    assert one(market.contract.events_of(used), SeatUsed) == event
    assert market.contract.is_seat_spent(drop, PHASE, market.seat)
    assert refused(market, "ada", call) == SeatSpent(market.seat, PHASE)


def test_a_seat_of_the_wrong_drop_opens_nothing(devnet: Market) -> None:
    gate = gate_data_of_drop(devnet.drop)
    drop = devnet.create(with_phase(devnet.offer(), gate=Gate.SEAT, gate_data=gate))
    stranger = devnet.mint(devnet.create(), "ada")
    call = minting(devnet, drop, seat_authorisation(stranger))
    assert refused(devnet, "ada", call) == SeatOfAnotherDrop(stranger, devnet.drop)
