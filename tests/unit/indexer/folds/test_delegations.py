from __future__ import annotations

import pytest

from indexer.folds.folding import Occurrence, fold, needs_of
from indexer.folds.registry import FOLDS
from indexer.folds.states import DelegationState
from marketplace.bindings.events import delegations as events
from marketplace.domain.addresses import ZERO_ADDRESS
from tests.unit.indexer.folds.events_of import ADA, BO, MENTOR

ALL = bytes(32)
ATTEND = b"attend".ljust(32, b"\0")


def folded(*told: events.DelegationEvent) -> list[DelegationState]:
    """What these events make, each in a block of its own."""
    history = [
        Occurrence(
            event=event,
            block_number=number,
            block_hash=f"0x{number:064x}",
            timestamp_s=number,
            tx_hash=f"0x{number:064x}",
            log_index=0,
        )
        for number, event in enumerate(told, start=1)
    ]
    rows = fold(history, dict.fromkeys(needs_of(history, FOLDS)), FOLDS)
    return [row.state for row in rows if isinstance(row.state, DelegationState)]


@pytest.mark.parametrize(
    ("event", "reach"),
    [
        (events.DelegateAll(ADA, BO, ATTEND, enable=True), ("all", ZERO_ADDRESS, 0)),
        (events.DelegateContract(ADA, BO, MENTOR, ATTEND, enable=True), ("contract", MENTOR, 0)),
        (
            events.DelegateERC721(ADA, BO, MENTOR, 2**256 - 1, ATTEND, enable=True),
            ("token", MENTOR, 2**256 - 1),
        ),
    ],
)
def test_a_delegation_says_by_whom_to_whom_and_how_far(
    event: events.DelegationEvent, reach: tuple[object, ...]
) -> None:
    (state,) = folded(event)
    assert (state.delegator, state.delegate, state.enabled) == (ADA, BO, 1)
    assert (state.scope, state.contract, state.token) == reach
    assert state.rights == f"0x{ATTEND.hex()}"


def test_the_last_event_of_a_delegation_stands() -> None:
    given = events.DelegateAll(ADA, BO, ALL, enable=True)
    taken = events.DelegateAll(ADA, BO, ALL, enable=False)
    assert [one.enabled for one in folded(taken, given, given, taken, given)] == [0, 1, 1, 0, 1]


def test_amounts_of_currencies_and_shares_are_of_no_seat() -> None:
    coin = events.DelegateERC20(ADA, BO, MENTOR, ALL, 5)
    share = events.DelegateERC1155(ADA, BO, MENTOR, 1, ALL, 5)
    assert folded(coin, share) == []
