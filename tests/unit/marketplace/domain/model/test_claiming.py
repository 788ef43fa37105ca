from __future__ import annotations

from marketplace.domain.addresses import ETH
from marketplace.domain.drop import DropState
from marketplace.domain.ids import SeatId
from marketplace.domain.model.claiming import claim, collect, refund, refund_of
from marketplace.domain.model.delivery import assert_delivery, object_to, resolve, settle
from marketplace.domain.model.refusals import Refused
from marketplace.domain.model.state import Call, Market
from marketplace.domain.model.steering import cancel_drop, fail_drop
from marketplace.domain.money import Wei
from tests.unit.marketplace.domain.model.markets import (
    ADA,
    BO,
    DAY,
    DROP,
    MENTOR,
    NOW,
    PRICE,
    RESOLVER,
    TREASURY,
    done,
    minted,
    opened,
)

FIRST, SECOND = SeatId(1_000_001), SeatId(1_000_002)
END = NOW + 11 * DAY


def asserted(market: Market) -> Market:
    return done(assert_delivery(market, Call(sender=MENTOR, now=END), DROP))


def settled(market: Market) -> Market:
    return done(settle(market, Call(sender=BO, now=END + 3 * DAY + 1), DROP))


def test_a_refund_burns_the_seat_and_leaves_the_penalty_waiting() -> None:
    market = done(refund(minted(opened(), ADA), Call(sender=ADA, now=NOW + 1), FIRST))

    burned = market.seats[FIRST]
    assert not burned.living
    assert burned.held == PRICE // 10
    assert market.drops[DROP].owed == 0
    assert market.balance(ETH, market.address) == burned.held


def test_a_penalty_comes_back_to_who_paid_it_when_the_drop_is_cancelled() -> None:
    market = done(refund(minted(opened(), ADA), Call(sender=ADA, now=NOW + 1), FIRST))
    market = done(cancel_drop(market, Call(sender=MENTOR, now=NOW + 2), DROP))

    market = done(claim(market, Call(sender=BO, now=NOW + 3), FIRST))

    assert market.credit(ETH, ADA) == PRICE // 10


def test_a_failed_drop_pays_each_seat_once() -> None:
    market = minted(opened(), ADA)
    late = Call(sender=ADA, now=NOW + 20 * DAY + 1)
    market = done(claim(done(fail_drop(market, late, DROP)), late, FIRST))

    again = claim(market, late, FIRST)

    assert market.balance(ETH, ADA) == 10**9
    assert again == Refused("SeatDelivery_NothingToClaim", (FIRST,))


def test_an_uncontested_drop_pays_fee_and_mentor() -> None:
    market = settled(asserted(minted(opened(), ADA)))

    assert market.drops[DROP].state is DropState.SETTLED
    assert market.credit(ETH, TREASURY) == PRICE * 250 // 10_000
    assert market.credit(ETH, TREASURY) + market.credit(ETH, MENTOR) == PRICE


def test_a_narrow_dispute_keeps_the_objectors_face_alone() -> None:
    market = minted(minted(opened(), ADA, phase=1), BO, quantity=2)
    market = asserted(market)
    market = done(object_to(market, Call(sender=ADA, now=END), FIRST))

    market = settled(market)

    assert market.drops[DROP].state is DropState.DISPUTED_NARROW
    assert market.drops[DROP].owed == 99


def test_a_decision_divides_faces_and_leaves_the_odd_wei_with_the_drop() -> None:
    market = asserted(minted(opened(), ADA, quantity=2))
    market = settled(done(object_to(market, Call(sender=ADA, now=END), FIRST)))
    now = END + 4 * DAY
    market = done(resolve(market, Call(sender=RESOLVER, now=now), DROP, 3_333))

    for seat in (FIRST, SECOND):
        market = done(claim(market, Call(sender=BO, now=now), seat))

    assert market.credit(ETH, ADA) == 2 * (PRICE * 3_333 // 10_000)
    left = market.drops[DROP].owed
    paid = market.credit(ETH, ADA) + market.credit(ETH, MENTOR) + market.credit(ETH, TREASURY)
    assert paid + left == 2 * PRICE


def test_what_waits_with_a_disputed_seat_is_not_collected() -> None:
    market = asserted(minted(opened(), ADA))
    market = settled(done(object_to(market, Call(sender=ADA, now=END), FIRST)))
    call = Call(sender=RESOLVER, now=END + 4 * DAY)
    market = done(resolve(market, call, DROP, 0))

    assert collect(market, call, FIRST) == Refused("SeatDelivery_InDispute", (FIRST,))


def test_a_seat_says_what_it_is_worth_before_and_after_its_window() -> None:
    market = minted(opened(), ADA)
    last = NOW + 10 * DAY

    worths = [refund_of(market, FIRST, second) for second in (NOW, last, last + 1)]

    assert [one.refund for one in worths if not isinstance(one, Refused)] == [0, 901, 0]
    assert all(one.on_failure == Wei(PRICE) for one in worths if not isinstance(one, Refused))
