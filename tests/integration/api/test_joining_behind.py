"""A decision on an older block, or on another branch, takes the place of nobody else who is in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from api.store.attendance_tables import attendances
from api.store.tables import admissions
from marketplace.storage.transactions import writing
from tests.integration.api.staging import ROOM, SEAT, SECOND_SEAT, Stage, staged
from tests.integration.api.test_joining import admitted, bring, count, joined, renewed
from tests.integration.api.world import BLOCK, code_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

SOLD_IN = replace(BLOCK, number=BLOCK.number + 1, block_hash=f"0x{'cd' * 32}")
AS_LONG = replace(SOLD_IN, block_hash=f"0x{'ef' * 32}")


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    """The session has begun, and the holder has two seats that open it."""
    with staged(launched_chain, database, tmp_path) as found:
        found.give(found.holder, SEAT, SECOND_SEAT)
        found.to_the_session()
        yield found


def sell(stage: Stage, *kept: int) -> None:
    """Let the holder's first seat be the buyer's, in the next block."""
    stage.mirror.at = SOLD_IN
    stage.give(stage.buyer, SEAT, since=SOLD_IN.number)
    assert {one.seat for one in stage.mirror.seats if one.owner == stage.holder.address} == {*kept}


def fall_back(stage: Stage) -> None:
    """Look as a process does that lacks that block, or that has decided before it came."""
    stage.mirror.at = BLOCK
    stage.give(stage.holder, SEAT, SECOND_SEAT)


def change_branch(stage: Stage) -> None:
    """Look as a process does that stands at that block's height on another branch."""
    stage.mirror.at = AS_LONG
    stage.give(stage.holder, SEAT, SECOND_SEAT)


def test_a_seller_whose_ticket_is_brought_where_the_sale_is_unknown_ousts_no_buyer(
    stage: Stage,
) -> None:
    ticket = joined(stage, stage.holder)
    sell(stage, SECOND_SEAT)
    buyers = admitted(stage, stage.buyer)
    kept = count(stage, attendances)

    fall_back(stage)
    came = bring(stage, ticket)

    assert (came.status_code, code_of(came)) == (503, "mirror_behind")
    assert f"block {SOLD_IN.number}" in came.json()["detail"]
    assert count(stage, attendances) == kept
    sell(stage, SECOND_SEAT)
    assert renewed(stage, buyers).status_code == 200


def test_a_renewal_where_the_sale_is_unknown_ousts_no_buyer(stage: Stage) -> None:
    sell(stage, SECOND_SEAT)
    sellers, buyers = admitted(stage, stage.holder), admitted(stage, stage.buyer)

    fall_back(stage)
    stays = renewed(stage, sellers)

    assert (stays.status_code, code_of(stays)) == (503, "mirror_behind")
    sell(stage, SECOND_SEAT)
    assert [renewed(stage, one).status_code for one in (sellers, buyers)] == [200, 200]


def test_whose_lease_is_over_holds_no_place_against_anybody(stage: Stage) -> None:
    sell(stage, SECOND_SEAT)
    admitted(stage, stage.buyer)
    stage.clock.forward(31)
    fall_back(stage)
    assert renewed(stage, admitted(stage, stage.holder)).status_code == 200


def test_somebody_takes_their_own_place_where_less_is_known(stage: Stage) -> None:
    stage.mirror.at = SOLD_IN
    phone = admitted(stage, stage.holder)
    stage.mirror.at = BLOCK
    laptop = admitted(stage, stage.holder)
    assert code_of(renewed(stage, phone)) == "admission_replaced"
    assert renewed(stage, laptop).status_code == 200


def test_a_ticket_is_spent_where_less_is_known_and_one_for_the_named_block_opens(
    stage: Stage,
) -> None:
    ticket = joined(stage, stage.holder)
    sell(stage, SECOND_SEAT)
    admitted(stage, stage.buyer)
    fall_back(stage)
    assert code_of(bring(stage, ticket)) == "mirror_behind"

    again = bring(stage, ticket)

    assert (again.status_code, code_of(again)) == (410, "ticket_spent")
    named = {"min_block": SOLD_IN.number}
    holder = stage.client(stage.holder)
    assert code_of(holder.post(f"{ROOM}/join", params=named)) == "mirror_behind"
    sell(stage, SECOND_SEAT)
    new = holder.post(f"{ROOM}/join", params=named).json()["ticket"]
    assert bring(stage, new).json()["seat"] == str(SECOND_SEAT)


def test_a_seller_whose_ticket_is_brought_on_a_branch_as_long_without_the_sale_ousts_no_buyer(
    stage: Stage,
) -> None:
    ticket = joined(stage, stage.holder)
    sell(stage, SECOND_SEAT)
    buyers = admitted(stage, stage.buyer)

    change_branch(stage)
    came = bring(stage, ticket)

    assert (came.status_code, code_of(came)) == (503, "mirror_behind")
    sell(stage, SECOND_SEAT)
    assert renewed(stage, buyers).status_code == 200


def test_a_renewal_on_a_branch_as_long_without_the_sale_ousts_no_buyer(stage: Stage) -> None:
    sell(stage, SECOND_SEAT)
    sellers, buyers = admitted(stage, stage.holder), admitted(stage, stage.buyer)

    change_branch(stage)
    stays = renewed(stage, sellers)

    assert (stays.status_code, code_of(stays)) == (503, "mirror_behind")
    sell(stage, SECOND_SEAT)
    assert [renewed(stage, one).status_code for one in (sellers, buyers)] == [200, 200]


def test_a_place_that_was_kept_on_the_new_branch_is_taken_there(stage: Stage) -> None:
    sell(stage, SECOND_SEAT)
    buyers = admitted(stage, stage.buyer)
    stage.mirror.at = AS_LONG
    assert renewed(stage, buyers).status_code == 200

    change_branch(stage)

    admitted(stage, stage.holder)
    assert code_of(renewed(stage, buyers)) == "admission_replaced"


def test_a_place_of_which_no_hash_is_known_is_taken_at_its_height(stage: Stage) -> None:
    sell(stage, SECOND_SEAT)
    buyers = admitted(stage, stage.buyer)
    with writing(stage.parts.store) as connection:
        connection.execute(update(admissions).values(block_hash=None))

    change_branch(stage)

    admitted(stage, stage.holder)
    assert code_of(renewed(stage, buyers)) == "admission_replaced"
