"""From a raw log to the ledger's row and the fold's occurrence.

Owns the canonical arguments of an event: its fields by name. Refuses logs of other contracts, and
leaves unknown events to `marketplace.bindings.logs`, which stops at them: a mirror that skipped one
would be wrong without knowing it.
"""

from __future__ import annotations

import struct
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from indexer.decoders import compiled
from indexer.folds.folding import Occurrence
from indexer.identity import Kind
from marketplace.bindings import transactions
from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import (
    ARTIFACT,
    decode_delegation,
    decode_log,
    delegation_classes,
    event_classes,
)
from marketplace.storage.canonical import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.decoders import Decoder
    from indexer.folds.folding import AnyEvent
    from indexer.rpc.values import RawLog


class Entry(Struct, frozen=True, gc=False):
    """One event of the ledger: the raw log, its name, its canonical arguments, and to be folded."""

    log: RawLog
    name: str
    arguments: str
    occurrence: Occurrence


def decode(log: RawLog, timestamp_s: int, kind: Kind = Kind.SEATS) -> Entry:
    """Decode a log of a contract of a kind; `timestamp_s` is its block's.

    By the contract and not by the topic alone: what one contract says changes nothing of another.

    Raises:
        MirrorInconsistent: the event is of another version of the contract.
    """
    event, arguments = _read(log) if kind is Kind.SEATS else decode_generally(log, kind)
    # In the order of their fields: naming them takes a third as long again.
    occurrence = Occurrence(
        event, log.block_number, log.block_hash, timestamp_s, log.tx_hash, log.log_index
    )
    return Entry(log, type(event).__name__, arguments, occurrence)


def arguments_of(event: AnyEvent) -> str:
    """The canonical text of an event's fields, in snake case, as in `from`, `terms_hash`."""
    return encode({name: getattr(event, field) for name, field in _NAMES[type(event)]})


def decode_generally(log: RawLog, kind: Kind = Kind.SEATS) -> tuple[AnyEvent, str]:
    """Decode a log by its ABI, of whatever types; says what is wrong with one that does not fit.

    Raises:
        MirrorInconsistent: the event is of another version of the contract.
    """
    raw = transactions.RawLog(
        address=log.address,
        topics=log.topics,
        data=log.data,
        block_number=log.block_number,
        block_hash=bytes.fromhex(log.block_hash[2:]),
        transaction_hash=bytes.fromhex(log.tx_hash[2:]),
        log_index=log.log_index,
    )
    event: AnyEvent = decode_delegation(raw) if kind is Kind.DELEGATIONS else decode_log(raw).event
    return event, arguments_of(event)


def _read(log: RawLog) -> tuple[AnyEvent, str]:
    decoder = _decoders().get(log.topics[0]) if log.topics else None
    if decoder is not None:
        try:
            return decoder(log.topics, log.data)
        # Too few topics or words, or a value outside its type: all of them are said there.
        except _ODD:
            pass
    return decode_generally(log)


@cache
def _decoders() -> Mapping[bytes, Decoder]:
    """By the first topic; events with dynamic values have none."""
    classes = event_classes()
    found = {
        entry.digest: compiled(entry, classes[name])
        for name, entry in interface_of(ARTIFACT).events.items()
        if name in classes
    }
    return {digest: decoder for digest, decoder in found.items() if decoder is not None}


_ODD: Final = (ValueError, struct.error)

# Python keeps the word `from` to itself; the ledger need not.
_NAMES: Final[Mapping[type, tuple[tuple[str, str], ...]]] = {
    cls: tuple((field.name.rstrip("_"), field.name) for field in fields(cls))
    for cls in (*event_classes().values(), *delegation_classes().values())
}
