from __future__ import annotations

from dataclasses import replace

from indexer import outbox
from indexer.decoding import decode
from indexer.outbox import Message, message_of
from indexer.rpc.values import Mark
from indexer.store.ledger import LedgerRow
from marketplace.bindings import events
from marketplace.domain.money import Wei
from marketplace.storage import canonical
from tests.integration.indexer.market import SEATS, Place, logs_of
from tests.unit.indexer.folds.events_of import ADA, BO, CREATED, SEAT

AT = Place(7, "0x" + "07" * 32, "0x" + "70" * 32, 3)
LOGS = logs_of([events.Transfer(ADA, BO, SEAT), CREATED, events.Held(SEAT, Wei(9))], AT, 5)
ENTRIES = [decode(log, 0) for log in LOGS]
ROWS = [LedgerRow(entry.log, 0, entry.name, entry.arguments) for entry in ENTRIES]


def test_a_payload_is_canonical() -> None:
    for row in outbox.applied(ENTRIES):
        assert canonical.encode(canonical.decode(row.payload)) == row.payload


def test_a_message_says_what_where_and_by_whom() -> None:
    (row, *_) = outbox.applied(ENTRIES)

    told = message_of(
        {
            "seq": 4,
            "kind": row.kind,
            "block_number": row.block.number,
            "block_hash": row.block.hash,
            "payload": row.payload,
        }
    )

    assert told == Message(
        seq=4,
        kind="apply",
        block=Mark(7, AT.block_hash),
        log_index=5,
        tx_hash=AT.tx_hash,
        address=SEATS,
        event="Transfer",
        arguments={"from": ADA, "to": BO, "id": str(SEAT)},
    )


def test_retractions_repeat_what_was_applied_in_reverse() -> None:
    applied = outbox.applied(ENTRIES)

    retracted = outbox.retracted(ROWS)

    assert {row.kind for row in retracted} == {"retract"}
    assert [replace(row, kind="apply") for row in reversed(retracted)] == applied
