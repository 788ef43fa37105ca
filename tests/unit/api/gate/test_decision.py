"""What no case of the gate may break, over generated ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, get_args

from hypothesis import given
from hypothesis import strategies as st

from api.gate.decide import co_host_could_change, decide
from api.gate.decision import UNKNOWING, Denied, Granted, Reason, Via
from api.gate.remedies import Remedy
from api.gate.values import (
    Action,
    Anonymous,
    BlockFacts,
    CoHostFacts,
    DropFacts,
    Facts,
    Holder,
    Level,
    Mentor,
    Opening,
    Operator,
    Principal,
    Resource,
    SeatFacts,
)
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.domain.ids import SeatId, TierIndex
from tests.unit.api.gate.test_decide import ADA, BO, DROP, MENTOR, NOW, OTHER_DROP, OVER, TIER

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

ACCOUNTS = st.sampled_from([ADA, BO, MENTOR])
DROPS = st.sampled_from([DROP, OTHER_DROP])
TIERS = st.sampled_from([TierIndex(0), TIER])
PRINCIPALS: SearchStrategy[Principal] = st.one_of(
    st.just(Anonymous()),
    st.builds(Holder, ACCOUNTS),
    st.builds(Mentor, ACCOUNTS),
    st.just(Operator("night shift")),
)
NUMBERS = st.integers(0, 30)
WORDS = ("0x" + "11" * 32, "0x" + "22" * 32)
HASHES = st.sampled_from(WORDS)
SECONDS = st.integers(NOW - 100, NOW + 100)
OPENINGS = st.builds(Opening, DROPS, st.frozensets(TIERS, max_size=2))
RESOURCES = st.builds(
    Resource,
    st.just("thing"),
    DROPS,
    st.lists(OPENINGS, max_size=2).map(tuple),
    open_to_all=st.booleans(),
    opens_at=st.none() | SECONDS,
    closes_at=st.none() | SECONDS,
    level=st.sampled_from(Level),
)
SEATS = st.builds(
    SeatFacts,
    st.builds(SeatId.of, DROPS, TIERS, st.integers(1, 3)),
    ACCOUNTS,
    NUMBERS,
    st.none() | ACCOUNTS,
)
BLOCKS = st.builds(BlockFacts, NUMBERS, st.just("0x" + "ab" * 32), NUMBERS, NUMBERS, NUMBERS)
FACTS = st.builds(
    Facts,
    st.none() | BLOCKS,
    st.lists(
        st.builds(
            DropFacts,
            DROPS,
            ACCOUNTS,
            st.sampled_from(DropState),
            HASHES,
            st.just(ZERO_ADDRESS) | ACCOUNTS,
        ),
        max_size=2,
    ).map(tuple),
    st.lists(SEATS, max_size=4).map(tuple),
    allowed_lag_s=st.just(15),
    least_block=NUMBERS,
    delegations_missing=st.booleans(),
    co_hosts=st.lists(st.builds(CoHostFacts, DROPS, HASHES, ACCOUNTS, ACCOUNTS), max_size=2).map(
        tuple
    ),
)
EVERYBODY = tuple(
    CoHostFacts(*one)
    for one in product((DROP, OTHER_DROP), WORDS, (ADA, BO, MENTOR), (ADA, BO, MENTOR))
)
"""As if all mentors had named all accounts for all drops."""

CASES = st.tuples(PRINCIPALS, st.sampled_from(Action), RESOURCES, FACTS, SECONDS)


def seat_is_a_right(seat: SeatFacts, account: str, resource: Resource, facts: Facts) -> bool:
    """Whether a seat opens a resource, said without the gate's own words."""
    block = facts.block
    assert block is not None
    settled = {
        Level.LATEST: block.number,
        Level.SAFE: min(block.number, block.safe_number),
        Level.FINALIZED: min(block.number, block.finalized_number),
    }[resource.level]
    return (
        account in {seat.owner, seat.delegate}
        and seat.since_block <= settled
        and any(
            seat.seat // 1_000_000 == opening.drop and seat.seat // 100_000 % 10 in opening.tiers
            for opening in resource.opened_by
        )
    )


def require_a_right(
    decision: Granted, principal: Principal, action: Action, resource: Resource, facts: Facts
) -> None:
    """What let somebody in is true of them."""
    drops = {one.drop: one for one in reversed(facts.drops) if one.state is not DropState.NONE}
    drop = drops[resource.drop]
    assert drop.state not in OVER
    match decision.via:
        case Via.SEAT:
            assert isinstance(principal, Holder)
            seats = [one for one in facts.seats if one.seat == decision.seat]
            assert any(seat_is_a_right(s, principal.account, resource, facts) for s in seats)
            assert any(seat.owner == principal.account for seat in seats)
        case Via.DELEGATE:
            assert isinstance(principal, Holder)
            seats = [one for one in facts.seats if one.seat == decision.seat]
            assert any(seat_is_a_right(s, principal.account, resource, facts) for s in seats)
            assert any(seat.delegate == principal.account for seat in seats)
            assert action is not Action.SEE_RESALE
        case Via.VERIFIER:
            assert isinstance(principal, Holder)
            assert principal.account == drop.verifier
            assert action is Action.ENTER_SESSION
        case Via.CO_HOST:
            assert isinstance(principal, Holder)
            assert action is not Action.SEE_RESALE
            named = {
                (one.account, one.named_by, one.drop, one.terms_hash) for one in facts.co_hosts
            }
            assert (principal.account, drop.mentor, drop.drop, drop.terms_hash) in named
        case Via.MENTOR:
            assert isinstance(principal, Holder | Mentor)
            assert principal.account == drop.mentor
        case Via.OPERATOR:
            assert isinstance(principal, Operator)
            assert action is Action.SEE_RESALE
        case Via.OPEN_TO_ALL:
            assert resource.open_to_all
            assert action is Action.SEE_RESALE


@given(CASES)
def test_nobody_gets_in_without_a_right(
    case: tuple[Principal, Action, Resource, Facts, int],
) -> None:
    principal, action, resource, facts, now = case
    decision = decide(*case)
    if not isinstance(decision, Granted):
        return
    assert facts.block is not None
    assert facts.block.lag_s <= facts.allowed_lag_s
    assert facts.block.number >= facts.least_block
    assert resource.closes_at is None or now <= resource.closes_at
    require_a_right(decision, principal, action, resource, facts)
    if isinstance(principal, Anonymous | Operator):
        assert action is Action.SEE_RESALE
    by_seat = decision.via in {Via.SEAT, Via.DELEGATE}
    assert decision.level is (resource.level if by_seat else Level.LATEST)
    early = resource.opens_at is not None and now < resource.opens_at
    assert not early or decision.via in {Via.MENTOR, Via.CO_HOST, Via.VERIFIER}
    assert now < decision.expires_at <= now + 60
    assert resource.closes_at is None or decision.expires_at <= resource.closes_at + 1


@given(CASES)
def test_every_denial_has_a_reason_and_one_remedy_in_words(
    case: tuple[Principal, Action, Resource, Facts, int],
) -> None:
    decision = decide(*case)
    if isinstance(decision, Granted):
        return
    assert decision.reason is not Reason.ADMITTED
    assert isinstance(decision.remedy, get_args(Remedy))
    assert decision.remedy.sentence.endswith(".")
    answer = decision.answer
    assert (answer.allow, answer.via, answer.seat) == (False, None, None)
    assert answer.expires_at == case[4]


@given(CASES)
def test_the_same_question_has_the_same_answer(
    case: tuple[Principal, Action, Resource, Facts, int],
) -> None:
    principal, action, resource, facts, now = case
    copy = replace(facts, seats=tuple(replace(seat) for seat in reversed(facts.seats)))
    assert decide(*case) == decide(principal, action, resource, facts, now)
    # The order in which seats were read says nothing.
    assert decide(principal, action, resource, copy, now) == decide(*case)


@given(CASES)
def test_when_nothing_is_known_nobody_is_told_no(
    case: tuple[Principal, Action, Resource, Facts, int],
) -> None:
    _, _, _, facts, _ = case
    stale = facts.block is None or facts.block.lag_s > facts.allowed_lag_s
    if stale:
        decision = decide(*case)
        assert isinstance(decision, Denied)
        assert decision.reason in UNKNOWING


LIVING = st.builds(
    DropFacts,
    st.just(DROP),
    ACCOUNTS,
    st.just(DropState.LIVE),
    HASHES,
    st.just(ZERO_ADDRESS) | ACCOUNTS,
)
SETTLING = st.builds(
    BlockFacts, st.just(30), st.just("0x" + "ab" * 32), NUMBERS, NUMBERS, st.just(1)
)
"""A mirror that keeps up, of a drop that lives: nothing but the right decides."""


@given(
    st.builds(Holder, ACCOUNTS),
    st.sampled_from(Action),
    RESOURCES.map(lambda one: replace(one, drop=DROP)),
    st.builds(
        Facts,
        SETTLING,
        st.tuples(LIVING),
        st.lists(SEATS, max_size=3, unique_by=lambda one: one.seat).map(tuple),
        allowed_lag_s=st.just(15),
        delegations_missing=st.booleans(),
    ),
    SECONDS,
)
def test_who_needs_not_be_looked_for_among_the_co_hosts_gets_the_same_answer(
    principal: Holder, action: Action, resource: Resource, facts: Facts, now: int
) -> None:
    without = decide(principal, action, resource, facts, now)
    found = decide(principal, action, resource, replace(facts, co_hosts=EVERYBODY), now)
    if found != without:
        assert isinstance(found, Granted)
        assert found.via is Via.CO_HOST
        assert co_host_could_change(principal, action, without)
