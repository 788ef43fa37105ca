from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.folds.folding import FoldContradicted
from indexer.folds.states import CounterState, CreditState, CurrencyState, PlatformState
from marketplace.bindings import events
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.money import Bps, Wei
from tests.unit.indexer.folds.events_of import ADA, BO, CREATED, MENTOR, folded, of

if TYPE_CHECKING:
    from marketplace.bindings.events import Event


def test_a_counter_is_what_it_was_bumped_to() -> None:
    rows = folded([events.CounterBumped(ADA, 1)], [events.CounterBumped(ADA, 2)])

    assert [state.counter for state in of(CounterState, rows)] == [1, 2]


def test_credits_add_up_for_each_account_and_currency() -> None:
    rows = folded(
        [events.Credited(ADA, ETH, Wei(5)), events.Credited(ADA, BO, Wei(7))],
        [events.Credited(ADA, ETH, Wei(6)), events.Withdrawn(ADA, ETH, BO, Wei(10))],
    )

    assert [(state.currency, state.amount) for state in of(CreditState, rows)] == [
        (ETH, 5),
        (BO, 7),
        (ETH, 11),
        (ETH, 1),
    ]


def test_nobody_withdraws_more_than_was_credited() -> None:
    with pytest.raises(FoldContradicted, match="2 more than"):
        folded([events.Credited(ADA, ETH, Wei(5))], [events.Withdrawn(ADA, ETH, BO, Wei(7))])


def test_the_platform_is_offered_and_taken() -> None:
    rows = folded(
        [events.OwnershipTransferred(ZERO_ADDRESS, ADA), events.PlatformSet(BO, Bps(500))],
        [events.OwnershipTransferStarted(ADA, MENTOR)],
        [events.OwnershipTransferred(ADA, MENTOR)],
        platform=None,
    )

    states = [(one.owner, one.pending_owner, one.treasury) for one in of(PlatformState, rows)]
    assert states[1:] == [
        (ADA, ZERO_ADDRESS, BO),
        (ADA, MENTOR, BO),
        (MENTOR, ZERO_ADDRESS, BO),
    ]


def test_the_platform_goes_over_from_its_owner_only() -> None:
    with pytest.raises(FoldContradicted, match="owns the platform"):
        folded([events.OwnershipTransferred(MENTOR, BO)])
    with pytest.raises(FoldContradicted, match="owns the platform"):
        folded([events.OwnershipTransferred(ZERO_ADDRESS, BO)])


@pytest.mark.parametrize(
    "event",
    [
        CREATED,
        events.PlatformSet(BO, Bps(500)),
        events.GuardianSet(BO),
        events.OwnershipTransferStarted(ADA, BO),
        events.OwnershipTransferred(ADA, BO),
    ],
)
def test_a_contract_that_begins_in_its_middle_was_started_too_late(event: Event) -> None:
    with pytest.raises(FoldContradicted, match="start_block is later"):
        folded([event], platform=None)


def test_a_guardian_is_named_beside_owner_and_treasury() -> None:
    rows = folded(
        [events.OwnershipTransferred(ZERO_ADDRESS, ADA)], [events.GuardianSet(BO)], platform=None
    )

    platform = of(PlatformState, rows)[-1]
    assert (platform.owner, platform.guardian) == (ADA, BO)


def test_a_currency_that_is_no_longer_allowed_keeps_its_index() -> None:
    rows = folded(
        [events.CurrencySet(ADA, 1, allowed=True)],
        [events.CurrencySet(ADA, 1, allowed=False)],
        [events.CurrencySet(ADA, 2, allowed=True)],
    )

    told = [(one.currency_index, one.currency, one.allowed) for one in of(CurrencyState, rows)]
    assert told == [(1, ADA, 1), (1, ADA, 0), (2, ADA, 1)]


def test_an_index_names_one_currency_for_ever() -> None:
    first, other = (events.CurrencySet(one, 1, allowed=True) for one in (ADA, BO))

    with pytest.raises(FoldContradicted, match="for ever"):
        folded([first], [other])
