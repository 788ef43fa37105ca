from __future__ import annotations

from marketplace.domain.money import PriceBounds, SaleSplit, Wei
from marketplace.launch.plan import ResaleOutlook, plan_of
from tests.unit.marketplace.launch.texts import EARLIER, SMALL, parse, with_line, with_practice

FINNEY = 10**15


def test_the_calendar_is_in_the_order_of_time() -> None:
    calendar = plan_of(parse(SMALL)).calendar
    assert [f"{entry.time:%d %H:%M} {entry.event}" for entry in calendar] == [
        "01 12:00 the drop is created",
        '01 12:00 "Sale" opens (Access)',
        '10 17:00 "Sale" closes',
        "11 17:00 session: The evening",
        "11 17:00 the refund window ends",
        "11 19:00 the last session ends; you may report delivery from here on",
        "18 19:00 the last moment to report delivery; after it, buyers are paid back",
    ]


def test_the_calendar_says_whose_seats_let_in_where_not_every_tier_does() -> None:
    text = with_practice(with_line("[[tiers]]", EARLIER))
    events = [entry.event for entry in plan_of(parse(text)).calendar]
    assert events.index("workshop: The day before (only Practice)") < events.index(
        "session: The evening"
    )


SECOND_PHASE = """[[phases]]
name = "Late"
tier = "Access"
gate = "public"
price = "0.05"
opens = "launch"
closes = "start"
seats = 6

[refund]"""


def test_income_counts_what_the_phases_can_sell_cheap_or_dear_first() -> None:
    plan = plan_of(parse(with_line("[refund]", SECOND_PHASE)))
    cheap, dear = 8 * 40 * FINNEY, (6 * 50 + 2 * 40) * FINNEY
    assert (plan.seats, plan.income_least, plan.income_most) == (8, cheap, dear)


def test_a_phase_sells_no_more_than_it_may() -> None:
    plan = plan_of(parse(with_line('price = "0.04"', 'price = "0.04"\nseats = 3')))
    assert (plan.income_least, plan.income_most) == (120 * FINNEY, 120 * FINNEY)


def test_a_resale_is_bounded_by_toll_and_face_and_split_to_the_wei() -> None:
    assert plan_of(parse(SMALL)).resales == (
        ResaleOutlook(
            tier="Access",
            face=Wei(40 * FINNEY),
            toll=Wei(FINNEY),
            bounds=PriceBounds(Wei(FINNEY), Wei(40 * FINNEY)),
            at_most=SaleSplit(royalty=Wei(4 * FINNEY), seller_net=Wei(36 * FINNEY)),
        ),
    )


def test_resales_stand_in_the_order_of_the_file_each_once() -> None:
    late = SECOND_PHASE.replace('price = "0.05"', 'price = "0.03"')
    last = late.replace('"Late"', '"Last"')
    text = with_line("[refund]", late.replace("[refund]", last))
    faces = [one.face for one in plan_of(parse(text)).resales]
    assert faces == [40 * FINNEY, 30 * FINNEY]


def test_no_resale_is_shown_where_no_price_fits() -> None:
    plan = plan_of(parse(with_line('highest_price = "100%"', 'highest_price = "1%"')))
    assert [outlook.at_most for outlook in plan.resales] == [None]


def test_no_resale_is_shown_for_seats_that_never_move() -> None:
    text = with_line('currency = "ETH"', 'currency = "ETH"\nseats_move = "never"')
    assert plan_of(parse(text)).resales == ()
