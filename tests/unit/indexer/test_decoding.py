from __future__ import annotations

from typing import get_args

import pytest
from msgspec.structs import replace as changed

from indexer.decoding import arguments_of, decode
from indexer.identity import Contracts
from marketplace.bindings import events
from marketplace.bindings.events import Event
from marketplace.bindings.logs import LogUnknown
from marketplace.domain.errors import MirrorInconsistent
from marketplace.domain.money import Wei
from marketplace.storage import canonical
from tests.integration.indexer.market import SEATS, Place, logs_of
from tests.unit.indexer.folds.events_of import ADA, BO, CREATED, SEAT

AT = Place(7, "0x" + "07" * 32, "0x" + "70" * 32, 3)
(LOG,) = logs_of([events.Transfer(ADA, BO, SEAT)], AT, 5)


def test_a_log_becomes_its_event_with_its_place() -> None:
    entry = decode(LOG, 1_800_000_000)

    assert entry.name == "Transfer"
    assert entry.occurrence.event == events.Transfer(ADA, BO, SEAT)
    assert (entry.occurrence.log_index, entry.occurrence.timestamp_s) == (5, 1_800_000_000)
    assert entry.occurrence.tx_hash == AT.tx_hash


def test_arguments_are_named_as_on_the_chain() -> None:
    told = canonical.decode(arguments_of(events.Transfer(ADA, BO, SEAT)))

    assert told == {"from": ADA, "to": BO, "id": str(SEAT)}


def test_every_kind_of_value_has_canonical_text() -> None:
    told = canonical.decode(arguments_of(CREATED))

    assert told["drop"] == "7"
    assert isinstance(told["words"], list)
    assert told["terms_hash"] == "0x" + "aa" * 32
    most = canonical.decode(arguments_of(events.Credited(ADA, BO, Wei(2**256 - 1))))
    assert most["amount"] == str(2**256 - 1)


def test_an_event_that_nobody_knows_stops_the_mirror() -> None:
    with pytest.raises(LogUnknown, match="use the version of the program"):
        decode(changed(LOG, topics=(b"\x01" * 32, *LOG.topics[1:])), 0)


def test_a_log_with_missing_data_stops_the_mirror() -> None:
    (log,) = logs_of([events.Credited(ADA, BO, Wei(1))], AT, 0)

    with pytest.raises(MirrorInconsistent):
        decode(changed(log, data=b""), 0)


def test_the_configuration_has_a_hash_of_its_own() -> None:
    assert len(get_args(Event)) > 10
    hashes = {
        Contracts(*given).config_hash for given in (((SEATS,), 1), ((SEATS,), 2), ((ADA,), 1))
    }

    assert len(hashes) == 3
    assert Contracts((SEATS, ADA), 1).config_hash == Contracts((ADA, SEATS), 1).config_hash
