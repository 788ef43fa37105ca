"""From a raw log to the ledger's row and the fold's occurrence.

Owns the canonical arguments of an event: its fields by name. Refuses logs of other contracts, and
leaves unknown events to `marketplace.bindings.logs`, which stops at them: a mirror that skipped one
would be wrong without knowing it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from indexer.folds.folding import Occurrence
from marketplace.bindings import transactions
from marketplace.bindings.logs import decode_log, event_classes
from marketplace.storage.canonical import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.rpc.values import RawLog
    from marketplace.bindings.events import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the ledger: the raw log, its name, its canonical arguments, and to be folded."""

    log: RawLog
    name: str
    arguments: str
    occurrence: Occurrence


def decode(log: RawLog, timestamp_s: int) -> Entry:
    """Decode a log of the contract; `timestamp_s` is its block's.

    Raises:
        MirrorInconsistent: the event is of another version of the contract.
    """
    event = decode_log(
        transactions.RawLog(
            address=log.address,
            topics=log.topics,
            data=log.data,
            block_number=log.block_number,
            block_hash=bytes.fromhex(log.block_hash[2:]),
            transaction_hash=bytes.fromhex(log.tx_hash[2:]),
            log_index=log.log_index,
        )
    ).event
    return Entry(
        log=log,
        name=type(event).__name__,
        arguments=arguments_of(event),
        occurrence=Occurrence(
            event=event,
            block_number=log.block_number,
            block_hash=log.block_hash,
            timestamp_s=timestamp_s,
            tx_hash=log.tx_hash,
            log_index=log.log_index,
        ),
    )


def arguments_of(event: Event) -> str:
    """The canonical text of an event's fields, in snake case, as in `from`, `terms_hash`."""
    return encode({name: getattr(event, field) for name, field in _NAMES[type(event)]})


# Python keeps the word `from` to itself; the ledger need not.
_NAMES: Final[Mapping[type, tuple[tuple[str, str], ...]]] = {
    cls: tuple((field.name.rstrip("_"), field.name) for field in fields(cls))
    for cls in event_classes().values()
}
