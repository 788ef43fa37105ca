from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.bindings import reverts
from marketplace.domain import bounds
from marketplace.domain.bounds import BrokenTerm, broken_terms
from marketplace.domain.drop import Gate, NewDrop, PhaseTerms, TierTerms, TransferPolicy
from marketplace.domain.errors import ContractReverted
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import Bps, Wei
from tests.integration.marketplace.world import DAY, FEE, Market, address_of

MENTOR = address_of("mentor")
NAMES = ("mentor", "resolver", "payout", "verifier")


def near(*bounds: int) -> st.SearchStrategy[int]:
    """Values at each bound and one beyond it, where mistakes are made."""
    return st.sampled_from(sorted({max(0, b + step) for b in bounds for step in (-1, 0, 1)}))


def shares(most: int) -> st.SearchStrategy[Bps]:
    return near(0, most).map(Bps)


@st.composite
def offers(draw: st.DrawFn, good: NewDrop, now: int) -> NewDrop:
    """The good offer with a few terms moved to their bounds or past them."""
    ends_at, deliver_by = good.terms.ends_at, good.terms.deliver_by
    addresses = st.sampled_from(NAMES).map(address_of)
    moves: dict[str, st.SearchStrategy[object]] = {
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
    chosen = draw(st.sets(st.sampled_from(sorted(moves)), max_size=3))
    terms = replace(good.terms, **{name: draw(moves[name]) for name in sorted(chosen)})  # type: ignore[arg-type] # moves name fields
    tiers = tuple(draw(st.lists(tier_terms(), max_size=3))) or good.tiers
    phases = tuple(draw(st.lists(phase_terms(good, now), max_size=4)))
    return NewDrop(terms=terms, tiers=tiers, phases=phases or good.phases)


@st.composite
def tier_terms(draw: st.DrawFn) -> TierTerms:
    list_price = draw(st.one_of(st.just(10**17), near(bounds.MAX_PRICE)))
    return TierTerms(list_price=Wei(list_price), cap=draw(st.one_of(st.just(9), near(1, 99_999))))


@st.composite
def phase_terms(draw: st.DrawFn, good: NewDrop, now: int) -> PhaseTerms:
    supply = draw(st.one_of(st.integers(0, 4), near(9)))
    return PhaseTerms(
        tier=TierIndex(draw(st.integers(0, 1))),
        price=Wei(draw(near(10**17))),
        opens=draw(st.sampled_from([0, now])),
        closes=draw(st.one_of(st.just(now + DAY), near(now - 60, good.terms.ends_at))),
        gate=draw(st.sampled_from([Gate.PUBLIC] * 9 + [Gate.PASS])),
        reserved=draw(st.booleans()),
        supply=supply,
        wallet_limit=draw(st.one_of(st.just(0), near(bounds.MAX_WALLET_LIMIT))),
    )


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
