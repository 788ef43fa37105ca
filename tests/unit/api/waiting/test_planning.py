"""What is due in wait-lists, as a function of what is stored, what is mirrored and the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from api.waiting.planning import BeginTurn, EndPlace, EndTurn, MoveToEnd, planned
from api.waiting.values import (
    FORGIVEN,
    MOST_OFFERED,
    MOST_TURNS,
    EndedBy,
    Kept,
    ListedSeat,
    Mirrored,
    OverBy,
    Turn,
    WaitPlace,
)
from indexer.queries import Moment
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, SeatId, TierIndex

if TYPE_CHECKING:
    from api.waiting.planning import Step

TIER: Final = TierIndex(1)
NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
TURN_S: Final = 3_600
ADA, BO, CLEO = (ChecksumAddress(f"0x{number:040x}") for number in (1, 2, 3))
FIRST, SECOND, THIRD = (SeatId.of(DropId(7), TIER, number) for number in (1, 2, 3))


def place(account: ChecksumAddress, standing: int, missed: int = 0) -> WaitPlace:
    return WaitPlace(
        tier=TIER,
        account=account,
        standing=standing,
        joined_at=NOON - timedelta(days=1),
        joined_block=10,
        missed=missed,
    )


def turn(seat: SeatId, account: ChecksumAddress | None, number: int = 0, epoch: int = 0) -> Turn:
    """A turn that began at noon."""
    return Turn(
        tier=TIER,
        seat=seat,
        epoch=epoch,
        number=number,
        account=account,
        begun_at=NOON,
        ends_at=None if account is None else NOON + timedelta(seconds=TURN_S),
    )


def mirrored(*listed: SeatId, epoch: int = 0, **came: int) -> Mirrored:
    named = {"ada": ADA, "bo": BO, "cleo": CLEO}
    return Mirrored(
        at=Moment(20, "0x" + "ab" * 32, 0),
        level_at=None,
        finalized=15,
        closed=False,
        listed=tuple(ListedSeat(seat, epoch) for seat in listed),
        came={(TIER, named[name]): block for name, block in came.items()},
    )


THREE: Final = (place(ADA, 1), place(BO, 2), place(CLEO, 3))


def due(kept: Kept, seen: Mirrored, minutes: float = 0, lag: float | None = 0) -> tuple[Step, ...]:
    """What is due so many minutes after noon, by a mirror that lags by so many more.

    None: it is not level.
    """
    now = NOON + timedelta(minutes=minutes)
    level_at = None if lag is None else now - timedelta(minutes=lag)
    return planned(kept, replace(seen, level_at=level_at), TURN_S, now)


def begun(*steps: Step) -> list[tuple[SeatId, ChecksumAddress | None]]:
    return [(one.turn.seat, one.turn.account) for one in steps if isinstance(one, BeginTurn)]


def test_without_listings_nothing_is_due() -> None:
    assert due(Kept(THREE, ()), mirrored()) == ()


def test_a_listed_seat_is_the_turn_of_whoever_is_first() -> None:
    assert due(Kept(THREE, ()), mirrored(FIRST)) == (BeginTurn(turn(FIRST, ADA)),)


def test_several_seats_are_the_turns_of_several_accounts_as_they_were_listed() -> None:
    steps = due(Kept(THREE, ()), mirrored(SECOND, FIRST))
    assert begun(*steps) == [(SECOND, ADA), (FIRST, BO)]


def test_while_a_turn_lasts_nothing_is_due() -> None:
    kept = Kept(THREE, (turn(FIRST, ADA),))
    assert due(kept, mirrored(FIRST), minutes=59.99) == ()


def test_whoever_has_a_turn_is_given_no_second_one() -> None:
    kept = Kept(THREE, (turn(FIRST, ADA),))
    assert begun(*due(kept, mirrored(FIRST, SECOND))) == [(SECOND, BO)]


def test_the_first_turn_that_is_missed_puts_its_place_behind_all_others() -> None:
    missed = turn(FIRST, ADA)
    steps = due(Kept(THREE, (missed,)), mirrored(FIRST), minutes=60)
    assert steps[:2] == (EndTurn(missed, OverBy.MISSED), MoveToEnd(THREE[0]))
    assert begun(*steps) == [(FIRST, BO)]
    assert steps[2] == BeginTurn(
        replace(
            turn(FIRST, BO, number=1),
            begun_at=NOON + timedelta(hours=1),
            ends_at=NOON + timedelta(hours=2),
        )
    )


def test_no_turn_is_missed_by_a_mirror_that_does_not_know_of_its_end_and_none_is_stuck() -> None:
    held = turn(FIRST, ADA)
    kept, listed = Kept(THREE, (held,)), mirrored(FIRST)
    for minutes, lag in ((60, 0.01), (90, 31), (90, None)):
        assert due(kept, listed, minutes, lag) == ()
    # Level again, it knows whether the seat was sold in time.
    assert due(kept, mirrored(), 90) == (EndTurn(held, OverBy.LISTING_GONE),)
    for minutes, lag in ((60, 0), (90, 30), (90, 0)):
        assert EndTurn(held, OverBy.MISSED) in due(kept, listed, minutes, lag)


def test_whoever_has_missed_one_stands_behind_for_the_next_seat_too() -> None:
    kept = Kept(THREE, (turn(FIRST, ADA), turn(SECOND, BO)))
    steps = due(kept, mirrored(FIRST, SECOND, THIRD), minutes=60)
    assert begun(*steps) == [(FIRST, CLEO), (SECOND, ADA), (THIRD, BO)]


def test_of_two_that_are_missed_the_one_that_ended_first_stands_before_the_other() -> None:
    bos = turn(SECOND, BO)
    earlier = replace(bos, ends_at=NOON + timedelta(minutes=30))
    steps = due(Kept(THREE, (turn(FIRST, ADA), earlier)), mirrored(FIRST, SECOND), minutes=60)
    assert [one.place for one in steps if isinstance(one, MoveToEnd)] == [THREE[1], THREE[0]]


def test_the_second_turn_that_is_missed_ends_the_place() -> None:
    again = place(ADA, 4, missed=1)
    steps = due(Kept((again,), (turn(FIRST, ADA),)), mirrored(FIRST, SECOND), minutes=60)
    assert EndPlace(again, EndedBy.MISSED) in steps
    assert begun(*steps) == [(FIRST, None), (SECOND, None)]


def test_two_that_are_missed_within_a_day_end_no_place() -> None:
    lately = replace(
        place(ADA, 4, missed=1),
        turn_over=(OverBy.MISSED, NOON + timedelta(hours=1) - FORGIVEN + timedelta(seconds=1)),
    )
    steps = due(Kept((lately,), (turn(FIRST, ADA),)), mirrored(FIRST), minutes=60)
    assert MoveToEnd(lately) in steps
    a_day_ago = replace(lately, turn_over=(OverBy.MISSED, NOON + timedelta(hours=1) - FORGIVEN))
    steps = due(Kept((a_day_ago,), (turn(FIRST, ADA),)), mirrored(FIRST), minutes=60)
    assert EndPlace(a_day_ago, EndedBy.MISSED) in steps


def test_who_has_passed_one_on_since_does_not_lose_the_place_by_the_next_that_is_missed() -> None:
    there = replace(place(ADA, 4, missed=1), turn_over=(OverBy.PASSED, NOON - FORGIVEN))
    steps = due(Kept((there,), (turn(FIRST, ADA),)), mirrored(FIRST), minutes=60)
    assert MoveToEnd(there) in steps


CROWD: Final = [ChecksumAddress(f"0x{number:040x}") for number in range(100, 170)]
WAITING: Final = tuple(place(account, number) for number, account in enumerate(CROWD, start=1))


def passed(count: int, after_s: float) -> tuple[Turn, ...]:
    """Turns that were passed on so many seconds after each began."""
    over_at = NOON + timedelta(seconds=after_s)
    return tuple(
        replace(turn(FIRST, account, number), over_by=OverBy.PASSED, over_at=over_at)
        for number, account in enumerate(CROWD[:count])
    )


def test_those_who_pass_do_not_give_the_seat_to_everybody() -> None:
    assert begun(*due(Kept(WAITING, passed(19, 0)), mirrored(FIRST))) == [(FIRST, CROWD[19])]


def test_those_who_pass_at_the_last_second_hold_a_seller_up_for_ten_turns_time() -> None:
    # Ten of them fall ten seconds short: one more has a turn.
    ten = Kept(WAITING, passed(MOST_TURNS, TURN_S - 1))
    assert begun(*due(ten, mirrored(FIRST))) == [(FIRST, CROWD[MOST_TURNS])]
    eleven = Kept(WAITING, passed(MOST_TURNS + 1, TURN_S - 1))
    assert begun(*due(eleven, mirrored(FIRST))) == [(FIRST, None)]
    # However the time went by; and in another epoch it begins anew.
    halves = Kept(WAITING, passed(2 * MOST_TURNS, TURN_S / 2))
    assert begun(*due(halves, mirrored(FIRST))) == [(FIRST, None)]
    assert begun(*due(halves, mirrored(FIRST, epoch=1))) == [(FIRST, CROWD[0])]


def test_a_seat_is_offered_to_fifty_accounts_and_then_to_everybody() -> None:
    last = Kept(WAITING, passed(MOST_OFFERED - 1, 0))
    assert begun(*due(last, mirrored(FIRST))) == [(FIRST, CROWD[MOST_OFFERED - 1])]
    all_of_them = Kept(WAITING, passed(MOST_OFFERED, 0))
    assert begun(*due(all_of_them, mirrored(FIRST))) == [(FIRST, None)]


def test_what_is_due_and_of_which_seats_turns_begin_follows_without_those_that_are_over() -> None:
    held = turn(SECOND, CROWD[0])
    seen = mirrored(FIRST, SECOND)
    known = due(Kept(WAITING, (*passed(MOST_OFFERED, 0), held)), seen, minutes=60)
    unknown = due(Kept(WAITING, (held,)), seen, minutes=60)
    assert [seat for seat, _ in begun(*known)] == [seat for seat, _ in begun(*unknown)]
    assert known[:2] == unknown[:2]


def test_a_turn_after_which_nobody_looked_for_long_counts_as_one_turns_time() -> None:
    held = turn(FIRST, CROWD[MOST_TURNS - 2], MOST_TURNS - 2)
    kept = Kept(WAITING, (*passed(MOST_TURNS - 2, TURN_S * 1_000), held))
    steps = due(kept, mirrored(FIRST), minutes=100_000)
    assert EndTurn(held, OverBy.MISSED) in steps
    assert begun(*steps) == [(FIRST, CROWD[MOST_TURNS - 1])]


def test_a_turn_that_ends_just_now_counts_towards_the_time() -> None:
    last = turn(FIRST, CROWD[MOST_TURNS - 1], MOST_TURNS - 1)
    kept = Kept(WAITING, (*passed(MOST_TURNS - 1, TURN_S), last))
    assert begun(*due(kept, mirrored(FIRST), minutes=60)) == [(FIRST, None)]


def test_who_left_in_their_turn_and_came_back_is_not_offered_the_seat_again() -> None:
    left = replace(turn(FIRST, ADA), over_by=OverBy.PLACE_ENDED)
    assert begun(*due(Kept(THREE, (left,)), mirrored(FIRST))) == [(FIRST, BO)]


def test_those_who_leave_in_their_turn_hold_a_seller_up_for_ten_turns_and_no_longer() -> None:
    crowd = [ChecksumAddress(f"0x{number:040x}") for number in range(100, 120)]
    places = tuple(place(account, number) for number, account in enumerate(crowd, start=1))
    left = tuple(
        replace(turn(FIRST, account, number), over_by=OverBy.PLACE_ENDED)
        for number, account in enumerate(crowd[:MOST_TURNS])
    )
    assert begun(*due(Kept(places, left), mirrored(FIRST))) == [(FIRST, None)]


def test_a_seat_is_not_offered_to_anybody_twice_and_then_to_everybody() -> None:
    tried = tuple(
        replace(turn(FIRST, account, number), over_by=OverBy.MISSED)
        for number, account in enumerate((BO, ADA, CLEO))
    )
    steps = due(Kept(THREE, tried), mirrored(FIRST))
    assert steps == (BeginTurn(turn(FIRST, None, number=3)),)


def test_in_another_epoch_it_is_offered_anew() -> None:
    tried = tuple(
        replace(turn(FIRST, account, number), over_by=OverBy.MISSED)
        for number, account in enumerate((BO, ADA, CLEO))
    )
    assert begun(*due(Kept(THREE, tried), mirrored(FIRST, epoch=1))) == [(FIRST, ADA)]


def test_after_ten_in_vain_it_is_for_everybody_however_many_wait() -> None:
    crowd = [ChecksumAddress(f"0x{number:040x}") for number in range(100, 120)]
    places = tuple(place(account, number) for number, account in enumerate(crowd, start=1))
    tried = tuple(
        replace(turn(FIRST, account, number), over_by=OverBy.MISSED)
        for number, account in enumerate(crowd[:MOST_TURNS])
    )
    last = Kept(places, tried[:-1])
    assert begun(*due(last, mirrored(FIRST))) == [(FIRST, crowd[MOST_TURNS - 1])]
    assert begun(*due(Kept(places, tried), mirrored(FIRST))) == [(FIRST, None)]


def test_what_is_for_everybody_stays_so_although_somebody_joins() -> None:
    kept = Kept(THREE, (turn(FIRST, None),))
    assert due(kept, mirrored(FIRST), minutes=10_000) == ()


def test_a_listing_that_dies_ends_the_turn_at_no_cost() -> None:
    gone = turn(FIRST, ADA)
    kept = Kept(THREE, (gone,))
    assert due(kept, mirrored(), minutes=61) == (EndTurn(gone, OverBy.LISTING_GONE),)
    # Another seat is offered to the same account: it is as far in front as before.
    assert begun(*due(kept, mirrored(SECOND), minutes=61)) == [(SECOND, ADA)]


def test_what_was_not_looked_at_ends_no_turn_before_its_time_and_costs_nothing_then() -> None:
    held = turn(FIRST, ADA)
    in_part = replace(mirrored(SECOND), whole=False)
    kept = Kept(THREE, (held,))
    assert begun(*due(kept, in_part, minutes=59)) == [(SECOND, BO)]
    steps = due(kept, in_part, minutes=60)
    assert EndTurn(held, OverBy.LISTING_GONE) in steps
    assert not [one for one in steps if isinstance(one, MoveToEnd)]


def test_a_seat_that_is_listed_in_another_epoch_is_known_to_be_gone_in_a_cut_book_too() -> None:
    in_part = replace(mirrored(FIRST, epoch=1), whole=False)
    for before in (turn(FIRST, ADA), turn(FIRST, None)):
        steps = due(Kept(THREE, (before,)), in_part)
        assert steps[0] == EndTurn(before, OverBy.LISTING_GONE)
        assert begun(*steps) == [(FIRST, ADA)]


def test_a_seat_that_was_sold_and_is_listed_by_its_new_owner_begins_anew() -> None:
    before = turn(FIRST, ADA)
    steps = due(Kept(THREE, (before,)), mirrored(FIRST, epoch=1), minutes=61)
    assert steps[0] == EndTurn(before, OverBy.LISTING_GONE)
    assert begun(*steps) == [(FIRST, ADA)]


def test_whoever_has_bought_waits_no_more_and_counts_again_if_it_is_undone() -> None:
    kept = Kept(THREE, ())
    assert begun(*due(kept, mirrored(FIRST, ada=16))) == [(FIRST, BO)]
    assert begun(*due(kept, mirrored(FIRST))) == [(FIRST, ADA)]


def test_what_came_before_somebody_joined_ends_nothing() -> None:
    assert begun(*due(Kept(THREE, ()), mirrored(FIRST, ada=10))) == [(FIRST, ADA)]


def test_once_a_purchase_is_final_its_place_is_over_for_good() -> None:
    assert due(Kept(THREE, ()), mirrored(ada=15)) == (EndPlace(THREE[0], EndedBy.BOUGHT),)


def test_whoever_buys_another_seat_gives_the_turn_up() -> None:
    held = turn(FIRST, ADA)
    steps = due(Kept(THREE, (held,)), mirrored(FIRST, ada=16), minutes=61)
    assert steps[0] == EndTurn(held, OverBy.PLACE_ENDED)
    assert begun(*steps) == [(FIRST, BO)]


def test_tiers_have_wait_lists_of_their_own() -> None:
    elsewhere = SeatId.of(DropId(7), TierIndex(0), 1)
    assert begun(*due(Kept(THREE, ()), mirrored(elsewhere, FIRST))) == [
        (elsewhere, None),
        (FIRST, ADA),
    ]


def test_what_was_done_leaves_nothing_to_do() -> None:
    # A second process that plans with what the first has written finds no step.
    steps = due(Kept(THREE, ()), mirrored(FIRST, SECOND))
    given = tuple(one.turn for one in steps if isinstance(one, BeginTurn))
    assert due(Kept(THREE, given), mirrored(FIRST, SECOND)) == ()
