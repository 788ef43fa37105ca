from __future__ import annotations

from typing import get_args

import pytest

from indexer.folds.folding import fold
from indexer.folds.registry import FOLDS
from indexer.folds.states import PhaseState, TierState
from indexer.store.fold_tables import FOLDED
from indexer.store.states import TABLES
from marketplace.bindings import events
from marketplace.bindings.events import Event
from marketplace.bindings.events.delegations import DelegationEvent
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SeatId
from tests.unit.indexer.folds.events_of import (
    ADA,
    BO,
    CREATED,
    SEAT,
    folded,
    minted,
    occurrences,
)


def test_every_event_of_the_contract_is_folded() -> None:
    assert set(FOLDS) == {*get_args(Event), *get_args(DelegationEvent)}


def test_every_state_has_a_table_and_every_table_a_state() -> None:
    assert set(TABLES.values()) == set(FOLDED)
    for kind, table in TABLES.items():
        columns = {column.name for column in table.columns}
        place = {"chain_id", "contract_set", "block_number", "log_index", "block_hash"}
        assert set(kind.__struct_fields__) == columns - place, kind
        keys = {column.name for column in table.primary_key.columns} - place
        assert keys == set(kind.KEY), kind
        assert ("log_index" in table.primary_key.columns) is not kind.ONCE_A_BLOCK, kind


def test_things_that_a_block_touches_often_keep_one_state_for_it() -> None:
    rows = folded([CREATED], [*minted(), *minted(first=SEAT + 1)])

    for kind in (TierState, PhaseState):
        last = [row for row in rows if isinstance(row.state, kind) and row.block_number == 2]
        assert len(last) == 1
        assert last[0].log_index == 2


def test_a_fold_that_asks_for_what_it_did_not_name_is_found_out() -> None:
    history = occurrences([CREATED])

    with pytest.raises(KeyError):
        fold(history, {}, FOLDS)


def test_what_changes_nothing_leaves_no_row() -> None:
    told: list[Event] = [
        events.Approval(ADA, BO, SeatId(SEAT)),
        events.ApprovalForAll(ADA, BO, is_approved=True),
        events.ListingSkipped(SEAT, b"\x01\x02\x03\x04"),
        events.MetadataUpdate(SEAT),
        events.BatchMetadataUpdate(SEAT, SeatId(SEAT + 9)),
    ]

    assert folded(told) == ()


def test_rows_carry_the_place_of_their_event() -> None:
    (row,) = (
        row for row in folded([CREATED], minted()) if row.block_number == 2 and row.log_index == 1
    )

    assert (row.block_hash, getattr(row.state, "owner")) == (f"0x{2:064x}", ADA)  # noqa: B009 - a seat's
    assert ADA != ZERO_ADDRESS
