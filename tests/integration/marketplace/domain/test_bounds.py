from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.bindings import reverts
from marketplace.domain import bounds
from marketplace.domain.bounds import BrokenTerm, broken_terms
from marketplace.domain.drop import DropTerms, Gate, NewDrop, PhaseTerms, TierTerms, TransferPolicy
from marketplace.domain.errors import ContractReverted
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import Bps, Wei
from tests.integration.marketplace.world import FEE, LIST_PRICE, PRICE, Market, address_of

MENTOR = address_of("mentor")
Moves = Mapping[str, st.SearchStrategy[object]]
_T = TypeVar("_T", bound=DropTerms | TierTerms | PhaseTerms)
NAMES = ("mentor", "resolver", "payout", "verifier")


def near(*bounds: int) -> st.SearchStrategy[int]:
    """Values at each bound and one beyond it, where mistakes are made."""
    return st.sampled_from(sorted({max(0, b + step) for b in bounds for step in (-1, 0, 1)}))


def shares(most: int) -> st.SearchStrategy[Bps]:
    return near(0, most).map(Bps)


CAP = 9


def base(good: NewDrop) -> NewDrop:
    """Two tiers, and three phases of which two hold seats of the first tier back.

    The gates' data fit every gate: 1 is a root, the address of a signer and a drop that exists.
    """
    first = replace(good.phases[0], gate_data=(1).to_bytes(32, "big"))
    held_back = replace(first, reserved=True, supply=4)
    return replace(
        good,
        tiers=(replace(good.tiers[0], cap=CAP), replace(good.tiers[0], list_price=Wei(5))),
        phases=(held_back, held_back, replace(first, tier=TierIndex(1), price=Wei(4))),
    )


@st.composite
def offers(draw: st.DrawFn, good: NewDrop, now: int) -> NewDrop:
    """The good offer with one or two values moved to their bounds or past them.

    Not more: the contract names one broken term, and many would hide which one it missed.
    """
    offer = base(good)
    for _ in range(draw(st.integers(1, 2))):
        part = draw(st.sampled_from(["terms", "terms", "tiers", "phases"]))
        if part == "terms":
            offer = replace(offer, terms=changed(draw, offer.terms, term_moves(offer, now)))
        elif part == "tiers":
            offer = replace(offer, tiers=one_changed(draw, offer.tiers, TIER_MOVES))
        else:
            offer = replace(offer, phases=one_changed(draw, offer.phases, phase_moves(offer, now)))
    return offer


def changed(draw: st.DrawFn, value: _T, moves: Moves) -> _T:
    name = draw(st.sampled_from(sorted(moves)))
    return replace(value, **{name: draw(moves[name])})  # type: ignore[arg-type] # moves name fields


def one_changed(draw: st.DrawFn, values: tuple[_T, ...], moves: Moves) -> tuple[_T, ...]:
    place = draw(st.integers(0, len(values) - 1))
    return (*values[:place], changed(draw, values[place], moves), *values[place + 1 :])


def term_moves(offer: NewDrop, now: int) -> Moves:
    ends_at, deliver_by = offer.terms.ends_at, offer.terms.deliver_by
    addresses = st.sampled_from(NAMES).map(address_of)
    return {
        "resolver": addresses,
        "payout": addresses,
        "verifier": addresses,
        "currency": addresses,
        "policy": st.sampled_from(TransferPolicy),
        "max_fee": shares(FEE),
        "royalty": shares(bounds.MAX_ROYALTY),
        "toll": shares(bounds.MAX_TOLL),
        "resale_cap": shares(bounds.MAX_RESALE_CAP),
        "penalty": shares(10_000),
        "default_split": shares(10_000),
        "gift_cooldown": near(0, bounds.MAX_DELIVERY_SECONDS),
        "challenge_days": near(bounds.MIN_CHALLENGE_DAYS, bounds.MAX_CHALLENGE_DAYS),
        # A minute is kept clear of the present second: the block's own is not known here.
        "starts_at": near(now - 60, now + 60, ends_at),
        "ends_at": near(deliver_by),
        "deliver_by": near(ends_at),
        "refund_until": near(0, ends_at),
    }


TIER_MOVES: Moves = {
    "list_price": near(PRICE, bounds.MAX_PRICE),
    "cap": near(1, 2 * 4, 99_999),
}


def phase_moves(offer: NewDrop, now: int) -> Moves:
    closes = offer.phases[0].closes
    return {
        "tier": near(0, 2).map(TierIndex),
        "price": near(5, PRICE, LIST_PRICE),
        "opens": near(0, closes),
        "closes": near(now - 60, now + 60, offer.terms.ends_at),
        "gate": st.sampled_from(Gate),
        "gate_data": near(0, 2**64, 2**160 - 1, 2**256 - 2).map(
            lambda data: data.to_bytes(32, "big")
        ),
        "reserved": st.booleans(),
        "supply": near(0, 5, CAP),
        "wallet_limit": near(0, bounds.MAX_WALLET_LIMIT),
    }


def refusal_of(market: Market, offer: NewDrop) -> ContractReverted | None:
    try:
        market.sender("mentor").simulate(market.contract.create_drop(offer))
    except ContractReverted as error:
        return error
    return None


def agrees(error: ContractReverted | None, broken: tuple[BrokenTerm, ...]) -> bool:
    """Whether the contract took what we found good, or refused for something that we found."""
    if error is None:
        return not broken
    return any(names(error, one) for one in broken)


def names(error: ContractReverted, broken: BrokenTerm) -> bool:
    """Whether the contract's error and our value are about the same term."""
    if isinstance(error, reverts.TermOutOfBounds):
        return isinstance(broken, bounds.TermOutOfBounds) and (
            broken.path.rpartition(".")[2] == error.term and broken.value == error.value
        )
    return type(error).__name__ == type(broken).__name__


@settings(max_examples=settings().max_examples * 2)
@given(data=st.data())
def test_the_contract_refuses_exactly_what_is_found_broken(
    devnet_deployed: Market, data: st.DataObject
) -> None:
    market = devnet_deployed
    now = market.now
    offer = data.draw(offers(market.offer(), now))
    broken = broken_terms(offer, MENTOR, now, fee=FEE)
    assert agrees(refusal_of(market, offer), broken)


def test_the_counts_of_tiers_and_phases_are_bounded_alike(devnet: Market) -> None:
    good = devnet.offer()
    for tiers, phases in ((10, 16), (11, 1), (1, 17), (0, 1), (1, 0)):
        offer = replace(good, tiers=good.tiers * tiers, phases=good.phases * phases)
        broken = broken_terms(offer, MENTOR, devnet.now)
        assert agrees(refusal_of(devnet, offer), broken)
