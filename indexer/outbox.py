"""What the outbox says: each event once it is mirrored, and again when it is taken back.

Owns the payload of a message and where a consumer begins. A message is the truth and in order;
being told that there is one is not (a consumer asks by `seq`). Refuses delivery.

A consumer reads a snapshot of the mirror and its `next_seq` in one transaction, then every message
from that number on: *apply* says that an event is so, *retract* that it no longer is. Retractions
come in the reverse order of what they take back. While history is backfilled there are no messages
(`indexer.queries.mirror_status` says `live`), and a snapshot from then is not one to begin with.
The first messages may be thrown away (`indexer.pruning`): who asks for one of those is told to
begin with another snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from indexer.rpc.values import Mark
from indexer.store.ledger import OutboxRow
from marketplace.bindings.addresses import parse_address
from marketplace.storage.canonical import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import RowMapping

    from indexer.decoding import Entry
    from indexer.rpc.values import RawLog
    from indexer.store.ledger import LedgerRow
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.storage.canonical import Decoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A row of the outbox.

    Attributes:
        seq: From 1, without gaps.
        kind: `apply` or `retract`.
        block: Where the event happened, on the branch that it belongs to.
        event: Its name in the ABI.
        arguments: Its fields by name; whole numbers and bytes are text.
    """

    seq: int
    kind: Literal["apply", "retract"]
    block: Mark
    log_index: int
    tx_hash: str
    address: ChecksumAddress
    event: str
    arguments: Mapping[str, Decoded]


def applied(entries: Iterable[Entry]) -> list[OutboxRow]:
    """Say that these events are so, in the order of the chain."""
    return [
        OutboxRow(
            kind="apply",
            block=Mark(entry.log.block_number, entry.log.block_hash),
            payload=_payload(entry.log, entry.name, entry.arguments),
        )
        for entry in entries
    ]


def retracted(rows: Iterable[LedgerRow]) -> list[OutboxRow]:
    """Say that these events are no longer so, the last one first."""
    return [
        OutboxRow(
            kind="retract",
            block=Mark(row.log.block_number, row.log.block_hash),
            payload=_payload(row.log, row.event, row.arguments),
        )
        for row in reversed(list(rows))
    ]


def message_of(row: Mapping[str, Any] | RowMapping) -> Message:
    """Read a row of `outbox`."""
    payload = decode(row["payload"])
    arguments = payload["arguments"]
    if not isinstance(arguments, dict):
        raise TypeError("the arguments of an outbox row are an object")
    return Message(
        seq=row["seq"],
        kind=row["kind"],
        block=Mark(row["block_number"], row["block_hash"]),
        log_index=int(str(payload["log_index"])),
        tx_hash=str(payload["tx_hash"]),
        address=parse_address(str(payload["address"])),
        event=str(payload["event"]),
        arguments=arguments,
    )


def _payload(log: RawLog, event: str, arguments: str) -> str:
    # Written out, since it would be half the time of a rollback to encode it. The arguments are
    # canonical text already, and nothing else here has a character that JSON writes otherwise.
    return (
        f'{{"address":"{log.address}","arguments":{arguments},"event":"{event}",'
        f'"log_index":"{log.log_index}","tx_hash":"{log.tx_hash}"}}'
    )
