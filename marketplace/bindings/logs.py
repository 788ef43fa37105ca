"""From a log to the typed event and its place on the chain.

Owns the table from topic to class. Refuses logs of other contracts and topics that no event of
this version has: a mirror that skipped one would be wrong without knowing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar, get_args

from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.events import Event
from marketplace.bindings.events.delegations import DelegationEvent
from marketplace.bindings.interface import decode, interface_of
from marketplace.bindings.transactions import RawLog
from marketplace.bindings.values import build
from marketplace.domain.errors import MirrorInconsistent, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from web3.types import LogReceipt

    from marketplace.bindings.interface import Entry

_E = TypeVar("_E")

ARTIFACT: Final = "Seats"
DELEGATIONS: Final = "DelegationRegistry"
"""Ours for development chains: it lends the ABI of delegate.xyz's, whose events are the same."""


@typed_error
class LogUnknown(MirrorInconsistent):
    """A log of the contract that no event of this version explains."""

    code = "log_unknown"

    topics: tuple[bytes, ...]
    block_number: int
    log_index: int

    def _sentence(self) -> str:
        first = f"0x{self.topics[0].hex()}" if self.topics else "no topic"
        return (
            f"Log {self.log_index} of block {self.block_number} has {first}, which is no event of "
            "this version: use the version of the program that belongs to the contract."
        )


@dataclass(frozen=True, slots=True)
class EventLog:
    """An event and where it happened; blocks and logs count from 0."""

    event: Event
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    log_index: int


def decode_log(log: RawLog) -> EventLog:
    """Decode a log of the contract. Raises LogUnknown and ValueUnexpected."""
    event: Event = _event(log, _classes())
    return EventLog(
        event=event,
        block_number=log.block_number,
        block_hash=log.block_hash,
        transaction_hash=log.transaction_hash,
        log_index=log.log_index,
    )


def decode_delegation(log: RawLog) -> DelegationEvent:
    """Decode a log of the registry of delegations. Raises as `decode_log`."""
    event: DelegationEvent = _event(log, _delegation_classes())
    return event


def _event(log: RawLog, classes: Mapping[bytes, tuple[Entry, type[_E]]]) -> _E:
    known = classes.get(log.topics[0]) if log.topics else None
    if known is None:
        raise LogUnknown(log.topics, log.block_number, log.log_index)
    entry, cls = known
    indexed = [one for one in entry.inputs if one.indexed]
    plain = [one for one in entry.inputs if not one.indexed]
    if len(log.topics) != len(indexed) + 1:
        raise LogUnknown(log.topics, log.block_number, log.log_index)
    from_topics = iter(decode(entry.name, indexed, b"".join(log.topics[1:])))
    from_data = iter(decode(entry.name, plain, log.data))
    values = [next(from_topics if one.indexed else from_data) for one in entry.inputs]
    return build(cls, values)


def raw_log(receipt: LogReceipt) -> RawLog:
    """Take over a log as web3 gives it."""
    return RawLog(
        address=checksum_address(bytes.fromhex(receipt["address"][2:])),
        topics=tuple(bytes(topic) for topic in receipt["topics"]),
        data=bytes(receipt["data"]),
        block_number=receipt["blockNumber"],
        block_hash=bytes(receipt["blockHash"]),
        transaction_hash=bytes(receipt["transactionHash"]),
        log_index=receipt["logIndex"],
    )


def event_classes() -> Mapping[str, type[Event]]:
    """Every event class, by the name of its event."""
    return {cls.__name__: cls for cls in get_args(Event)}


def delegation_classes() -> Mapping[str, type[DelegationEvent]]:
    """Every event class of the registry of delegations, by the name of its event."""
    return {cls.__name__: cls for cls in get_args(DelegationEvent)}


@cache
def _classes() -> Mapping[bytes, tuple[Entry, type[Event]]]:
    classes = event_classes()
    return {
        entry.digest: (entry, classes[name])
        for name, entry in interface_of(ARTIFACT).events.items()
        if name in classes
    }


@cache
def _delegation_classes() -> Mapping[bytes, tuple[Entry, type[DelegationEvent]]]:
    entries = interface_of(DELEGATIONS).events
    return {
        entries[name].digest: (entries[name], cls) for name, cls in delegation_classes().items()
    }
