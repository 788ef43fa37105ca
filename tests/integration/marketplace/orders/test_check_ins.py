from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.bindings.events import CheckedIn, Locked
from marketplace.bindings.reverts import HolderAbsent, VerifierAbsent
from marketplace.domain.admission import CheckIn
from marketplace.orders.check_ins import check_in_digest, sign_check_in, signer_of_check_in
from tests.integration.marketplace.world import DAY, Market, address_of, one, signer


def started(market: Market) -> CheckIn:
    """The check-in of the market's seat, on the day of its session."""
    market.steering.travel(market.contract.terms_of(market.drop).terms.starts_at)
    return CheckIn(seat=market.seat, epoch=0, expiry=market.now + DAY)


def signed(market: Market, came: CheckIn, name: str) -> bytes:
    return sign_check_in(signer(name), came, market.chain_id, market.contract.address)


def test_anybody_submits_what_both_sides_signed(market: Market) -> None:
    came = started(market)
    call = market.contract.check_in(
        came.seat, came.expiry, signed(market, came, "ada"), signed(market, came, "verifier")
    )
    events = market.contract.events_of(market.send("bo", call))
    assert one(events, CheckedIn) == CheckedIn(
        market.seat, address_of("ada"), address_of("verifier")
    )
    assert one(events, Locked).token_id == market.seat
    view = market.contract.seat_of(market.seat)
    assert (view.checked_in, view.locked) == (True, True)
    assert market.contract.is_locked(market.seat)


@pytest.mark.parametrize(("sender", "other"), [("ada", "verifier"), ("verifier", "ada")])
def test_who_sends_need_not_sign(market: Market, sender: str, other: str) -> None:
    came = started(market)
    signature = signed(market, came, other)
    parts = (signature, b"") if other == "ada" else (b"", signature)
    market.send(sender, market.contract.check_in(came.seat, came.expiry, *parts))
    assert market.contract.seat_of(market.seat).checked_in


def test_a_check_in_has_the_contracts_own_digest(market: Market) -> None:
    came = started(market)
    digest = check_in_digest(came, market.chain_id, market.contract.address)
    good, forged = signed(market, came, "ada"), signed(market, came, "cleo")
    alone = market.contract.check_in(came.seat, came.expiry, forged, good)
    with pytest.raises(HolderAbsent) as holder:
        market.sender("bo").simulate(alone)
    assert holder.value == HolderAbsent(address_of("ada"), digest)
    unseen = market.contract.check_in(came.seat, came.expiry, good, forged)
    with pytest.raises(VerifierAbsent) as verifier:
        market.sender("bo").simulate(unseen)
    assert verifier.value == VerifierAbsent(address_of("verifier"), digest)
    found = signer_of_check_in(came, forged, market.chain_id, market.contract.address)
    assert found == address_of("cleo")


def test_signatures_for_another_epoch_check_nobody_in(devnet: Market) -> None:
    came = started(devnet)
    old = replace(came, epoch=1)
    signatures = (signed(devnet, old, "ada"), signed(devnet, old, "verifier"))
    with pytest.raises(HolderAbsent):
        devnet.sender("bo").simulate(devnet.contract.check_in(came.seat, came.expiry, *signatures))
