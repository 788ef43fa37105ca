from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from api.push.telling import TOLD, UNTOLD, Holding, Interest, Told, Topic, tell
from marketplace.bindings.logs import event_classes
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, SeatId
from tests.unit.api.push.messages import ADA, BO, NOBODY, SEAT, message, transfer

if TYPE_CHECKING:
    from indexer.queries import Message

DROP = SeatId(SEAT).drop


def told(message_: Message) -> Told:
    found = tell(message_)
    assert found is not None
    return found


def test_every_event_of_the_contract_is_told_or_named_as_untold() -> None:
    assert TOLD.keys() | UNTOLD == event_classes().keys()
    assert not TOLD.keys() & UNTOLD


def test_whatever_is_about_a_seat_or_a_drop_is_read_as_such() -> None:
    lost = []
    for name, topic in TOLD.items():
        arguments = {one.name.rstrip("_"): "7000001" for one in fields(event_classes()[name])}
        found = told(replace(message(name), arguments=arguments))
        if topic in {Topic.SEAT, Topic.DROP} and found.drop is None:
            lost.append(name)
    assert lost == []


def test_what_is_not_of_the_market_is_not_told() -> None:
    assert tell(message("Approval", owner=ADA, account=BO, id=str(SEAT))) is None
    assert tell(message("DelegateAll", from_=ADA, to=BO)) is None


def test_a_drops_listener_hears_its_seats_and_no_other_drops() -> None:
    moved = told(transfer(ADA, BO))
    assert Interest(drop=DROP).covers(moved)
    assert not Interest(drop=DropId(8)).covers(moved)
    assert not Interest(drop=DROP).covers(told(message("Credited", account=ADA, amount="1")))
    assert Interest().covers(told(message("Credited", account=ADA, amount="1")))


@pytest.mark.parametrize(("seat", "hears"), [(SEAT - 1, False), (SEAT, True), (SEAT + 2, True)])
def test_a_seats_listener_hears_of_its_own_mint(seat: int, hears: bool) -> None:  # noqa: FBT001 - a column of the table
    minted = told(message("SeatsMinted", first=str(SEAT), quantity="3", account=ADA))
    assert Interest(seat=SeatId(seat)).covers(minted) is hears


def test_a_seats_listener_hears_of_its_drop_but_not_of_its_neighbours() -> None:
    mine = Interest(seat=SeatId(SEAT))
    assert mine.covers(told(message("DropCancelled", drop=str(DROP))))
    assert not mine.covers(told(message("DropCancelled", drop="8")))
    assert not mine.covers(told(message("Locked", token_id=str(SEAT + 1))))


def test_both_parties_of_a_sale_are_concerned_and_nobody_is_no_party() -> None:
    moved = told(transfer(ADA, BO))
    for account in (ADA, BO):
        holding = Holding(ChecksumAddress(account), frozenset(), frozenset())
        assert holding.is_concerned_by(moved)
    assert told(transfer(NOBODY, ADA)).parties == {ADA}


def test_a_holder_is_concerned_by_the_seat_and_its_drop() -> None:
    holder = Holding(ChecksumAddress(ADA), frozenset({DROP}), frozenset({SeatId(SEAT)}))
    assert holder.is_concerned_by(told(message("DropPostponed", drop=str(DROP))))
    assert holder.is_concerned_by(told(message("Held", seat=str(SEAT), amount="1")))
    assert not holder.is_concerned_by(told(message("DropPostponed", drop="8")))
    assert not holder.is_concerned_by(told(message("Held", seat=str(SEAT + 1), amount="1")))
    assert not holder.is_concerned_by(told(message("CounterBumped", account=BO, counter="1")))
    assert not holder.is_concerned_by(told(message("PlatformSet", treasury=BO, fee="1")))
