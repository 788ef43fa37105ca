"""Who is told that a buyer has lost a seat on a branch that is gone, and who that they have it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select, update

from api.store.webhook_tables import webhook_deliveries
from api.webhooks import enlisting
from api.webhooks.enlisting import enlist
from api.webhooks.values import State
from indexer.queries import Mark
from marketplace.domain.ids import DropId
from marketplace.storage.transactions import reading, writing
from tests.integration.api.telling import (
    DROP,
    TERMS,
    ToldOutbox,
    drop_of,
    hearing_endpoint,
    moved,
)
from tests.integration.api.world import Clock, parts_for
from tests.integration.marketplace.world import address_of
from tests.unit.api.push.messages import ADA, BO, message, transfer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api.parts import Parts
    from api.webhooks.values import Endpoint
    from indexer.queries import DropFact, Message

OF_CLEO: Final = replace(drop_of("cleo"), terms_hash="0x" + "22" * 32)
"""The drop under the same number, of another mentor."""


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> ToldOutbox:
    return ToldOutbox().heard(monkeypatch)


@pytest.fixture
def parts(database: Engine, clock: Clock, outbox: ToldOutbox) -> Parts:
    made = parts_for(database, clock)
    # A cursor begins at what there is.
    assert outbox.messages
    enlist(made)
    return made


@pytest.fixture
def ears(parts: Parts) -> Endpoint:
    """Of the mentor; hears of lost access alone."""
    return hearing_endpoint(parts, events={"access.revoked"})


@pytest.fixture
def beside(parts: Parts) -> Endpoint:
    """Of whoever creates a drop under the same number; hears of everything that the other does."""
    return hearing_endpoint(parts, "cleo", events={"access.revoked"})


def told(parts: Parts, endpoint: Endpoint) -> list[tuple[int, State, int | None]]:
    """The outbox's numbers of what is to be sent, how far it is, and of what each takes back."""
    with reading(parts.store) as store:
        rows = store.execute(
            select(webhook_deliveries).where(webhook_deliveries.c.endpoint_id == endpoint.id)
        ).all()
    numbers = {row.message_id: row.seq for row in rows}
    assert all(f'"account":"{ADA}"' in row.payload for row in rows)
    return sorted(
        (row.seq, State(row.state), None if row.retracts is None else numbers[row.retracts])
        for row in rows
    )


def created(seq: int, **changes: object) -> Message:
    """The drop's creation."""
    made = message("DropCreated", drop=str(DROP), mentor=address_of("mentor"), terms_hash=TERMS)
    return replace(made, seq=seq, log_index=0, **changes)  # type: ignore[arg-type] # by field


def taken_back(seq: int) -> Message:
    """The mint of message 2 is taken back."""
    return replace(moved(2), seq=seq, kind="retract")


def mined_again(seq: int) -> Message:
    """It is in a block of the new branch."""
    return replace(moved(2), seq=seq, block=Mark(9, "0x" + "ee" * 32), log_index=1)


def let_go(parts: Parts, outbox: ToldOutbox, *messages: Message) -> None:
    """Let all of them come at once, and be enlisted."""
    outbox.messages += messages
    while enlist(parts):
        pass


@pytest.mark.parametrize("page", [1, 2, 200])
@pytest.mark.parametrize("now", [(), (OF_CLEO,)])
def test_whoever_loses_a_seat_with_its_drop_is_told_of_to_the_mentor_that_it_had(
    parts: Parts,
    outbox: ToldOutbox,
    ears: Endpoint,
    beside: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
    now: tuple[DropFact, ...],
    page: int,
) -> None:
    monkeypatch.setattr(enlisting, "PAGE", page)
    let_go(parts, outbox, moved(2))
    outbox.drops = now
    again = replace(created(5), arguments={**created(5).arguments, "mentor": address_of("cleo")})
    let_go(parts, outbox, taken_back(3), created(4, kind="retract"), *([again] if now else []))
    assert told(parts, ears) == [(3, State.WAITING, None)]
    assert told(parts, beside) == []


def test_a_drop_that_is_there_still_and_another_that_went_are_told_apart(
    parts: Parts, outbox: ToldOutbox, ears: Endpoint, beside: Endpoint
) -> None:
    let_go(parts, outbox, moved(2))
    other = {**created(4).arguments, "drop": str(DROP + 1), "mentor": address_of("cleo")}
    let_go(parts, outbox, taken_back(3), created(4, kind="retract", arguments=other))
    assert told(parts, ears) == [(3, State.WAITING, None)]
    assert told(parts, beside) == []


def test_who_names_the_drop_that_went_is_told_and_who_names_another_is_not(
    parts: Parts, outbox: ToldOutbox
) -> None:
    wanted = {"access.revoked"}
    names_it = hearing_endpoint(parts, events=wanted, drops={DROP: TERMS})
    names_another = hearing_endpoint(parts, events=wanted, drops={DropId(DROP + 1): TERMS})
    let_go(parts, outbox, moved(2))
    outbox.drops = ()
    let_go(parts, outbox, taken_back(3), created(4, kind="retract"))
    assert told(parts, names_it) == [(3, State.WAITING, None)]
    assert told(parts, names_another) == []


@pytest.mark.parametrize("page", [1, 200])
@pytest.mark.parametrize("state", [State.WAITING, State.DELIVERED])
def test_who_has_the_seat_on_the_new_branch_as_well_has_not_lost_it(
    parts: Parts,
    outbox: ToldOutbox,
    ears: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
    state: State,
    page: int,
) -> None:
    monkeypatch.setattr(enlisting, "PAGE", page)
    let_go(parts, outbox, moved(2), taken_back(3))
    with writing(parts.store) as store:
        store.execute(update(webhook_deliveries).values(state=state.value))
    let_go(parts, outbox, mined_again(4))
    left = State.OVERTAKEN if state is State.WAITING else state
    assert told(parts, ears) == [(3, left, None), (4, State.WAITING, 3)]


def test_a_branch_that_is_read_in_one_look_ends_right_as_well(
    parts: Parts, outbox: ToldOutbox, ears: Endpoint
) -> None:
    let_go(parts, outbox, moved(2), taken_back(3), mined_again(4))
    assert told(parts, ears) == [(3, State.OVERTAKEN, None), (4, State.WAITING, 3)]


def test_what_was_taken_back_once_is_not_when_the_seat_is_bought_back(
    parts: Parts, outbox: ToldOutbox, ears: Endpoint
) -> None:
    let_go(parts, outbox, moved(2), taken_back(3), mined_again(4))
    let_go(parts, outbox, transfer(ADA, BO, seq=5))
    let_go(parts, outbox, replace(transfer(BO, ADA, seq=6), log_index=6))
    with reading(parts.store) as store:
        rows = store.execute(
            select(webhook_deliveries).where(webhook_deliveries.c.endpoint_id == ears.id)
        ).all()
    assert {row.seq: row.retracts is not None for row in rows} == {
        3: False,
        4: True,
        # It is on this branch: they had sold it.
        5: False,
        6: False,
    }


def test_lost_again_and_had_again_each_takes_its_own_back(
    parts: Parts, outbox: ToldOutbox, ears: Endpoint
) -> None:
    again = mined_again(4)
    lost_again = replace(again, seq=5, kind="retract")
    let_go(parts, outbox, moved(2), taken_back(3), again, lost_again, replace(moved(2), seq=6))
    expected = [
        (3, State.OVERTAKEN, None),
        (4, State.WAITING, 3),
        (5, State.OVERTAKEN, None),
        (6, State.WAITING, 5),
    ]
    assert told(parts, ears) == expected
    # A mirror that goes back and comes again says nothing else.
    kept = outbox.messages[3:]
    del outbox.messages[3:]
    enlist(parts)
    let_go(parts, outbox, *kept)
    assert told(parts, ears) == expected


def test_a_seat_of_another_drop_under_the_number_is_not_the_one_that_was_lost(
    parts: Parts, outbox: ToldOutbox, ears: Endpoint, beside: Endpoint
) -> None:
    let_go(parts, outbox, moved(2), taken_back(3), created(4, kind="retract"))
    outbox.drops = (OF_CLEO,)
    let_go(parts, outbox, mined_again(5))
    assert told(parts, ears) == [(3, State.WAITING, None)]
    assert told(parts, beside) == []


def test_another_seat_of_theirs_is_not_the_one_that_was_lost(
    parts: Parts, outbox: ToldOutbox, ears: Endpoint
) -> None:
    let_go(parts, outbox, moved(2), taken_back(3))
    other = mined_again(4)
    seat = {**other.arguments, "id": str(int(str(other.arguments["id"])) + 1)}
    let_go(parts, outbox, replace(other, arguments=seat))
    assert told(parts, ears) == [(3, State.WAITING, None)]


def test_a_seat_that_went_from_its_owner_to_its_owner_is_lost_by_nobody_when_that_is_taken_back(
    parts: Parts, outbox: ToldOutbox, ears: Endpoint
) -> None:
    itself = replace(transfer(ADA, ADA, seq=2), log_index=2)
    let_go(parts, outbox, itself, replace(itself, seq=3, kind="retract"))
    # That they had lost it holds no more, and nothing else is said.
    assert told(parts, ears) == [(2, State.OVERTAKEN, None), (3, State.WAITING, 2)]
