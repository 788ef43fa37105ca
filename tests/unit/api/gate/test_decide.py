from __future__ import annotations

from dataclasses import fields, replace

import pytest

from api.gate.decide import LEASE_S, co_host_could_change, decide
from api.gate.decision import Answer, Decision, Denied, Granted, Reason, Via
from api.gate.remedies import (
    ActAsHolder,
    BuySeat,
    ChooseAnother,
    ClaimRefund,
    Remedy,
    RetrySoon,
    SignIn,
    WaitForBlock,
    WaitUntil,
)
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
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId, SeatId, TierIndex

NOW = 1_800_000_000
ADA = ChecksumAddress("0x" + "A" * 40)
BO = ChecksumAddress("0x" + "B" * 40)
MENTOR = ChecksumAddress("0x" + "C" * 40)
DROP = DropId(7)
OTHER_DROP = DropId(8)
TIER = TierIndex(2)
SEAT = SeatId.of(DROP, TIER, 13)
BLOCK = BlockFacts(100, "0x" + "ab" * 32, 98, 96, 1)
LIVE = DropFacts(DROP, MENTOR, DropState.LIVE)
ROOM = Resource("room", DROP, (Opening(DROP, frozenset({TIER})),))
OVER = {DropState.CANCELLED, DropState.FAILED}


def known(*seats: SeatFacts, block: BlockFacts | None = BLOCK, drop: DropFacts = LIVE) -> Facts:
    """What a mirror that keeps up says."""
    return Facts(block, (drop,), seats, allowed_lag_s=15)


def ask(
    principal: Principal = Holder(ADA),  # noqa: B008 - a frozen value
    facts: Facts | None = None,
    resource: Resource = ROOM,
    action: Action = Action.ENTER_SESSION,
    now: int = NOW,
) -> Decision:
    owned = known(SeatFacts(SEAT, ADA, 90))
    return decide(principal, action, resource, facts or owned, now)


def denial(decision: Decision) -> tuple[Reason, Remedy]:
    """The reason and remedy of a decision that must be a denial."""
    assert isinstance(decision, Denied)
    return decision.reason, decision.remedy


def test_the_holder_of_a_seat_gets_in_with_a_lease_and_the_block_it_rests_on() -> None:
    assert ask().answer == Answer(
        allow=True,
        reason=Reason.ADMITTED,
        remedy=None,
        via=Via.SEAT,
        seat=SEAT,
        level=Level.LATEST,
        as_of_block=100,
        block_hash=BLOCK.block_hash,
        lag_s=1,
        expires_at=NOW + 30,
    )


@pytest.mark.parametrize("action", Action)
def test_every_lease_lasts_half_a_minute_to_a_minute(action: Action) -> None:
    assert 30 <= LEASE_S[action] <= 60


def test_a_lease_ends_with_the_window() -> None:
    decision = ask(resource=replace(ROOM, closes_at=NOW + 10))
    assert isinstance(decision, Granted)
    assert decision.expires_at == NOW + 11


def test_a_lease_in_the_last_second_of_the_window_lasts_for_that_second() -> None:
    decision = ask(resource=replace(ROOM, closes_at=NOW))
    assert isinstance(decision, Granted)
    assert decision.expires_at == NOW + 1


def test_who_has_sold_the_seat_stays_out() -> None:
    facts = known(SeatFacts(SEAT, BO, 100))
    assert denial(ask(facts=facts)) == (Reason.NO_SEAT, BuySeat(DROP, (TIER,)))


def test_a_seat_of_another_tier_does_not_open_the_door() -> None:
    facts = known(SeatFacts(SeatId.of(DROP, TierIndex(0), 1), ADA, 90))
    assert denial(ask(facts=facts)) == (Reason.OTHER_TIER, BuySeat(DROP, (TIER,)))


def test_nobody_is_asked_to_sign_in() -> None:
    assert denial(ask(Anonymous())) == (Reason.NOT_SIGNED_IN, SignIn())


def test_listings_for_everybody_need_no_seat() -> None:
    decision = ask(Anonymous(), resource=replace(ROOM, open_to_all=True), action=Action.SEE_RESALE)
    assert isinstance(decision, Granted)
    assert (decision.via, decision.seat) == (Via.OPEN_TO_ALL, None)


@pytest.mark.parametrize("action", [Action.ENTER_SESSION, Action.WATCH_RECORDING])
@pytest.mark.parametrize(
    ("principal", "reason"),
    [
        (Anonymous(), Reason.NOT_SIGNED_IN),
        (Operator("night shift"), Reason.OPERATORS_STAY_OUT),
        (Holder(BO), Reason.NO_SEAT),
    ],
)
def test_no_room_and_no_recording_is_for_everybody(
    principal: Principal, reason: Reason, action: Action
) -> None:
    decision = ask(principal, resource=replace(ROOM, open_to_all=True), action=action)
    assert denial(decision)[0] is reason


@pytest.mark.parametrize(
    ("principal", "via"),
    [
        (Anonymous(), Via.OPEN_TO_ALL),
        (Operator("night shift"), Via.OPERATOR),
        (Holder(ADA), Via.OPEN_TO_ALL),
        (Holder(ADA), Via.SEAT),
        (Holder(MENTOR), Via.MENTOR),
    ],
)
def test_a_level_is_claimed_only_for_a_seat(principal: Principal, via: Via) -> None:
    listings = replace(ROOM, level=Level.FINALIZED, open_to_all=via is Via.OPEN_TO_ALL)
    decision = ask(principal, resource=listings, action=Action.SEE_RESALE)
    assert isinstance(decision, Granted)
    level = Level.FINALIZED if via is Via.SEAT else Level.LATEST
    assert (decision.via, decision.level) == (via, level)


def test_the_holder_of_a_named_drop_sees_the_listings() -> None:
    listings = Resource("resale", DROP, (Opening(OTHER_DROP, frozenset({TIER})),))
    seat = SeatFacts(SeatId.of(OTHER_DROP, TIER, 1), ADA, 90)
    other = DropFacts(OTHER_DROP, BO, DropState.SETTLED)
    facts = Facts(BLOCK, (LIVE, other), (seat,), allowed_lag_s=15)
    assert ask(facts=facts, resource=listings, action=Action.SEE_RESALE).answer.allow
    unknown = replace(facts, drops=(LIVE,))
    assert not ask(facts=unknown, resource=listings, action=Action.SEE_RESALE).answer.allow


@pytest.mark.parametrize("principal", [Holder(MENTOR), Mentor(MENTOR)])
def test_the_mentor_comes_early_and_without_a_seat(principal: Principal) -> None:
    early = replace(ROOM, opens_at=NOW + 600)
    decision = ask(principal, known(), early)
    assert isinstance(decision, Granted)
    assert decision.via is Via.MENTOR


LENT = SeatFacts(SEAT, BO, 90, delegate=ADA)


@pytest.mark.parametrize("action", [Action.ENTER_SESSION, Action.WATCH_RECORDING])
def test_whom_the_owner_lets_act_attends_and_watches(action: Action) -> None:
    decision = ask(facts=known(LENT), action=action)
    assert isinstance(decision, Granted)
    assert (decision.via, decision.seat) == (Via.DELEGATE, SEAT)


def test_a_delegate_is_not_shown_what_may_be_bought() -> None:
    listings = replace(ROOM, open_to_all=False)
    refused = denial(ask(facts=known(LENT), resource=listings, action=Action.SEE_RESALE))
    assert refused == (Reason.NO_SEAT, BuySeat(DROP, (TIER,)))


def test_a_delegation_must_be_as_settled_as_the_resource_asks() -> None:
    asks = replace(ROOM, level=Level.SAFE)
    late = known(replace(LENT, since_block=99))
    assert denial(ask(facts=late, resource=asks))[0] is Reason.NOT_SETTLED
    decision = ask(facts=known(LENT), resource=asks)
    assert decision.answer.level is Level.SAFE


def test_a_seat_of_ones_own_that_is_too_young_hides_none_that_is_lent() -> None:
    asks = replace(ROOM, level=Level.SAFE)
    own = SeatFacts(SeatId.of(DROP, TIER, 14), ADA, 99)
    decision = ask(facts=known(LENT, own), resource=asks)
    assert (decision.answer.via, decision.answer.seat) == (Via.DELEGATE, SEAT)
    young = known(replace(LENT, since_block=100), own)
    assert denial(ask(facts=young, resource=asks))[1] == WaitForBlock(99, Level.SAFE)
    unread = replace(known(own), delegations_missing=True)
    assert denial(ask(facts=unread, resource=asks))[0] is Reason.DELEGATIONS_MISSING


def test_a_seat_of_ones_own_comes_before_one_that_is_lent() -> None:
    own = SeatFacts(SeatId.of(DROP, TIER, 14), ADA, 99)
    assert ask(facts=known(LENT, own)).answer.via is Via.SEAT


def test_nobody_is_told_no_before_the_delegations_are_known() -> None:
    facts = replace(known(), delegations_missing=True)
    assert denial(ask(facts=facts))[0] is Reason.DELEGATIONS_MISSING
    assert denial(ask(facts=facts, action=Action.SEE_RESALE))[0] is Reason.NO_SEAT
    assert ask(facts=replace(facts, seats=(SeatFacts(SEAT, ADA, 90),))).answer.allow


@pytest.mark.parametrize("level", Level)
def test_no_delegate_gets_in_before_it_is_known_what_was_taken_back_since(level: Level) -> None:
    facts = replace(known(LENT), delegations_missing=True)
    assert denial(ask(facts=facts, resource=replace(ROOM, level=level)))[0] is (
        Reason.DELEGATIONS_MISSING
    )


def test_the_verifier_checks_people_in_early_and_watches_nothing() -> None:
    facts = known(drop=replace(LIVE, verifier=ADA))
    early = replace(ROOM, opens_at=NOW + 600)
    assert ask(facts=facts, resource=early).answer.via is Via.VERIFIER
    for action in (Action.WATCH_RECORDING, Action.SEE_RESALE):
        assert denial(ask(facts=facts, action=action))[0] is Reason.NO_SEAT


def test_the_verifier_of_another_drop_stays_out() -> None:
    other = DropFacts(OTHER_DROP, BO, DropState.LIVE, verifier=ADA)
    facts = replace(known(), drops=(LIVE, other))
    assert denial(ask(facts=facts))[0] is Reason.NO_SEAT


CO_HOSTED = replace(LIVE, terms_hash="0x" + "11" * 32)
NAMED = CoHostFacts(DROP, "0x" + "11" * 32, MENTOR, ADA)


def co_hosting(
    *named: CoHostFacts, seats: tuple[SeatFacts, ...] = (), drop: DropFacts = CO_HOSTED
) -> Facts:
    """What is known of a drop and of whom its mentor has named."""
    return replace(known(*seats, drop=drop), co_hosts=named)


@pytest.mark.parametrize("action", [Action.ENTER_SESSION, Action.WATCH_RECORDING])
def test_whom_the_mentor_has_named_comes_early_and_watches(action: Action) -> None:
    early = replace(ROOM, opens_at=NOW + 600, opened_by=())
    decision = ask(facts=co_hosting(NAMED), resource=early, action=action)
    assert isinstance(decision, Granted)
    assert (decision.via, decision.seat) == (Via.CO_HOST, None)
    assert decision.expires_at == NOW + LEASE_S[action]


def test_a_co_host_is_nobodys_holder() -> None:
    facts = co_hosting(NAMED)
    assert denial(ask(facts=facts, action=Action.SEE_RESALE))[0] is Reason.NO_SEAT
    # And no mentor: what acts as one and for nothing else was not named.
    assert denial(ask(Mentor(ADA), facts)) == (Reason.NOT_THE_MENTOR, ActAsHolder())
    assert denial(ask(Anonymous(), facts))[0] is Reason.NOT_SIGNED_IN


@pytest.mark.parametrize(
    "other",
    [
        replace(NAMED, drop=OTHER_DROP),
        replace(NAMED, terms_hash="0x" + "22" * 32),
        replace(NAMED, named_by=BO),
        replace(NAMED, account=BO),
    ],
)
def test_nobody_is_co_host_of_another_drop_or_by_another_mentors_word(other: CoHostFacts) -> None:
    assert denial(ask(facts=co_hosting(other)))[0] is Reason.NO_SEAT
    assert ask(facts=co_hosting(other, NAMED)).answer.via is Via.CO_HOST


def test_a_co_host_stays_out_where_the_mentor_does() -> None:
    for state in OVER:
        over = co_hosting(NAMED, drop=replace(CO_HOSTED, state=state))
        assert denial(ask(facts=over))[0] is Reason.DROP_ENDED
    late = replace(ROOM, closes_at=NOW - 1)
    assert denial(ask(facts=co_hosting(NAMED), resource=late))[0] is Reason.CLOSED
    lagging = replace(co_hosting(NAMED), block=replace(BLOCK, lag_s=16))
    assert denial(ask(facts=lagging))[0] is Reason.MIRROR_LAGS


def test_what_the_chain_proves_goes_before_the_mentors_word() -> None:
    own = SeatFacts(SEAT, ADA, 90)
    facts = co_hosting(NAMED, seats=(own,))
    assert ask(facts=facts).answer.via is Via.SEAT
    # Where the seat opens nothing yet, the word does.
    early = replace(ROOM, opens_at=NOW + 600)
    assert ask(facts=facts, resource=early).answer.via is Via.CO_HOST
    young = replace(facts, seats=(replace(own, since_block=99),))
    assert ask(facts=young, resource=replace(ROOM, level=Level.SAFE)).answer.via is Via.CO_HOST
    # Nobody's seat is taken up by somebody who needs none.
    assert ask(facts=co_hosting(NAMED, seats=(LENT,))).answer.via is Via.CO_HOST


OWN = SeatFacts(SEAT, ADA, 99)
UNREAD = replace(co_hosting(NAMED), delegations_missing=True)


@pytest.mark.parametrize(
    ("facts", "resource", "told"),
    [
        (co_hosting(NAMED), ROOM, Reason.NO_SEAT),
        (
            co_hosting(NAMED, seats=(replace(OWN, seat=SeatId.of(DROP, TierIndex(0), 1)),)),
            ROOM,
            Reason.OTHER_TIER,
        ),
        (co_hosting(NAMED, seats=(OWN,)), replace(ROOM, level=Level.SAFE), Reason.NOT_SETTLED),
        (co_hosting(NAMED, seats=(OWN,)), replace(ROOM, opens_at=NOW + 600), Reason.NOT_OPEN_YET),
        (co_hosting(NAMED), replace(ROOM, opened_by=()), Reason.NOT_THE_MENTOR),
        (UNREAD, ROOM, Reason.DELEGATIONS_MISSING),
        (co_hosting(NAMED, seats=(LENT,)), ROOM, Reason.ADMITTED),
    ],
)
def test_who_is_told_this_is_looked_for_among_the_co_hosts(
    facts: Facts, resource: Resource, told: Reason
) -> None:
    without = ask(facts=replace(facts, co_hosts=()), resource=resource)
    assert without.answer.reason is told
    assert co_host_could_change(Holder(ADA), Action.ENTER_SESSION, without)
    assert ask(facts=facts, resource=resource).answer.via is Via.CO_HOST
    assert not co_host_could_change(Mentor(ADA), Action.ENTER_SESSION, without)
    assert not co_host_could_change(Holder(ADA), Action.SEE_RESALE, without)


def test_another_mentor_is_nobody_here_whatever_they_hold() -> None:
    assert denial(ask(Mentor(ADA))) == (Reason.NOT_THE_MENTOR, ActAsHolder())


@pytest.mark.parametrize("action", [Action.ENTER_SESSION, Action.WATCH_RECORDING])
def test_operators_stay_out_of_rooms_and_recordings(action: Action) -> None:
    refused = denial(ask(Operator("night shift"), action=action))
    assert refused == (Reason.OPERATORS_STAY_OUT, ActAsHolder())


def test_operators_see_listings() -> None:
    decision = ask(Operator("night shift"), action=Action.SEE_RESALE)
    assert isinstance(decision, Granted)
    assert decision.via is Via.OPERATOR


def test_who_comes_early_waits_until_the_door_opens() -> None:
    early = replace(ROOM, opens_at=NOW + 600)
    assert denial(ask(resource=early)) == (Reason.NOT_OPEN_YET, WaitUntil(NOW + 600))
    assert ask(resource=early, now=NOW + 600).answer.allow


def test_the_last_second_counts_and_the_next_does_not() -> None:
    late = replace(ROOM, closes_at=NOW)
    assert ask(resource=late).answer.allow
    assert denial(ask(resource=late, now=NOW + 1)) == (Reason.CLOSED, ChooseAnother())


@pytest.mark.parametrize("state", sorted(OVER))
@pytest.mark.parametrize("principal", [Holder(ADA), Holder(MENTOR), Anonymous()])
def test_a_drop_that_ended_badly_opens_nothing(state: DropState, principal: Principal) -> None:
    facts = known(SeatFacts(SEAT, ADA, 90), drop=replace(LIVE, state=state))
    assert denial(ask(principal, facts)) == (Reason.DROP_ENDED, ClaimRefund(DROP))


@pytest.mark.parametrize(
    ("level", "settled"), [(Level.LATEST, 100), (Level.SAFE, 98), (Level.FINALIZED, 96)]
)
def test_a_right_must_be_as_settled_as_the_resource_asks(level: Level, settled: int) -> None:
    asks = replace(ROOM, level=level)
    assert ask(facts=known(SeatFacts(SEAT, ADA, settled)), resource=asks).answer.allow
    too_new = ask(facts=known(SeatFacts(SEAT, ADA, settled + 1)), resource=asks)
    assert denial(too_new) == (Reason.NOT_SETTLED, WaitForBlock(settled + 1, level))


def test_of_several_seats_the_one_that_is_settled_counts() -> None:
    older = SeatFacts(SeatId.of(DROP, TIER, 99), ADA, 90)
    decision = ask(
        facts=known(SeatFacts(SEAT, ADA, 100), older), resource=replace(ROOM, level=Level.SAFE)
    )
    assert decision.answer.seat == older.seat


def test_who_has_just_minted_is_never_told_no_by_an_old_mirror() -> None:
    facts = replace(known(), least_block=101)
    assert denial(ask(facts=facts)) == (Reason.MIRROR_BEHIND, WaitForBlock(101, "latest"))


@pytest.mark.parametrize("lag", [16, 10_000, -1])
def test_a_mirror_that_lags_lets_nobody_in(lag: int) -> None:
    facts = known(SeatFacts(SEAT, ADA, 90), block=replace(BLOCK, lag_s=lag))
    for principal in (Holder(ADA), Holder(MENTOR), Mentor(MENTOR), Operator("night shift")):
        assert denial(ask(principal, facts))[0] is Reason.MIRROR_LAGS


def test_an_empty_mirror_lets_nobody_in() -> None:
    reason, remedy = denial(ask(facts=known(SeatFacts(SEAT, ADA, 90), block=None)))
    assert (reason, type(remedy)) == (Reason.MIRROR_EMPTY, RetrySoon)


@pytest.mark.parametrize("drops", [(), (replace(LIVE, state=DropState.NONE),)])
def test_a_drop_that_is_unknown_lets_nobody_in(drops: tuple[DropFacts, ...]) -> None:
    facts = replace(known(SeatFacts(SEAT, ADA, 90)), drops=drops)
    assert denial(ask(facts=facts))[0] is Reason.DROP_UNKNOWN


@pytest.mark.parametrize("second", [SeatFacts(SEAT, BO, 90), SeatFacts(SEAT, ADA, 91)])
def test_a_seat_that_is_told_of_twice_opens_nothing(second: SeatFacts) -> None:
    first = SeatFacts(SEAT, ADA, 90)
    for facts in (known(first, second), known(second, first)):
        for who in (ADA, BO, MENTOR):
            assert denial(ask(Holder(who), facts))[0] is Reason.MIRROR_CONTRADICTS
    assert ask(facts=known(first, replace(first))).answer.allow


def test_a_drop_that_is_told_of_twice_opens_nothing() -> None:
    facts = known(SeatFacts(SEAT, ADA, 90))
    other = replace(LIVE, mentor=ADA)
    for drops in ((LIVE, other), (other, LIVE)):
        assert denial(ask(facts=replace(facts, drops=drops)))[0] is Reason.MIRROR_CONTRADICTS


@pytest.mark.parametrize("principal", [Holder(ZERO_ADDRESS), Mentor(ZERO_ADDRESS)])
def test_a_burned_seat_opens_nothing_and_a_drop_without_mentor_has_none(
    principal: Principal,
) -> None:
    facts = known(SeatFacts(SEAT, ZERO_ADDRESS, 90), drop=replace(LIVE, mentor=ZERO_ADDRESS))
    assert denial(ask(principal, facts))[0] is Reason.NOT_SIGNED_IN
    assert denial(ask(Holder(ADA), facts))[0] is Reason.NO_SEAT


def test_a_seat_of_a_drop_that_nothing_is_known_of_opens_nothing() -> None:
    tiers = frozenset({TIER})
    listings = Resource("resale", DROP, (Opening(OTHER_DROP, tiers), Opening(DROP, tiers)))
    seat = SeatFacts(SeatId.of(OTHER_DROP, TIER, 1), ADA, 90)
    decision = ask(facts=known(seat), resource=listings, action=Action.SEE_RESALE)
    # And nobody is sent to buy a seat that would open nothing either.
    assert denial(decision) == (Reason.NO_SEAT, BuySeat(DROP, (TIER,)))


def test_what_was_read_out_of_other_terms_is_of_another_drop() -> None:
    room = replace(ROOM, terms_hash="0x" + "11" * 32)
    facts = known(SeatFacts(SEAT, ADA, 90))
    for told in (None, "0x" + "22" * 32):
        other = replace(facts, drops=(replace(LIVE, terms_hash=told),))
        for who in (ADA, MENTOR):
            assert denial(ask(Holder(who), other, room))[0] is Reason.DROP_UNKNOWN
    same = replace(facts, drops=(replace(LIVE, terms_hash=room.terms_hash),))
    assert ask(facts=same, resource=room).answer.allow


def test_what_was_read_of_another_mentors_drop_is_of_another_drop() -> None:
    room = replace(ROOM, terms_hash="0x" + "11" * 32, mentor=MENTOR)
    same = replace(LIVE, terms_hash=room.terms_hash)
    facts = replace(known(SeatFacts(SEAT, ADA, 90)), drops=(same,))
    other = replace(facts, drops=(replace(same, mentor=BO),))
    for who in (ADA, BO, MENTOR):
        assert denial(ask(Holder(who), other, room))[0] is Reason.DROP_UNKNOWN
    assert ask(facts=facts, resource=room).answer.allow


def test_a_resource_without_openings_is_the_mentors_alone() -> None:
    closed = replace(ROOM, opened_by=())
    assert denial(ask(resource=closed)) == (Reason.NOT_THE_MENTOR, ActAsHolder())


def test_the_answer_has_the_fields_that_clients_build_on() -> None:
    assert [field.name for field in fields(Answer)] == [
        "allow",
        "reason",
        "remedy",
        "via",
        "seat",
        "level",
        "as_of_block",
        "block_hash",
        "lag_s",
        "expires_at",
    ]
