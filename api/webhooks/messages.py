"""What a message of the outbox says to whoever registered for it.

Owns the types of messages, what each says, their ids, and to which endpoints they go. Pure: facts
about drops and what was told before are brought by others. One event may say several things; each
has a name of its own within the event, so that taking the event back can name each of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum, unique
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, SeatId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from indexer.queries import DropFact, Message, MirrorId
    from marketplace.domain.addresses import ChecksumAddress

Members: TypeAlias = "Mapping[str, str | int | bool | None]"


@unique
class EventType(StrEnum):
    """What somebody can register for."""

    SEAT_MOVED = "seat.moved"
    SEAT_SOLD = "seat.sold"
    SEAT_REFUNDED = "seat.refunded"
    SEAT_CHECKED_IN = "seat.checked_in"
    DROP_CHANGED = "drop.changed"
    ACCESS_REVOKED = "access.revoked"


_CHANGES: Final[Mapping[str, str]] = {
    "DropCreated": "created",
    "CapLowered": "cap_lowered",
    "DropPaused": "paused",
    "DropPostponed": "postponed",
    "DropCancelled": "cancelled",
    "DropFailed": "failed",
    "DeliveryAsserted": "asserted",
    "DropDisputed": "disputed",
    "DropSettled": "settled",
    "DropResolved": "resolved",
}


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a message says.

    Attributes:
        kind: Whether it is so, or no longer is.
        name: Tells apart what one event says; the same when it is taken back.
        data: What is said, beside where on the chain.
    """

    type: EventType
    kind: Literal["apply", "retract"]
    name: str
    drop: DropId
    data: Members
    message: Message

    def id_in(self, mirror: MirrorId) -> str:
        """The message's id: follows from what it says, so every process gives it the same."""
        said = self.message
        place = (*mirror.columns.values(), said.seq, said.block.hash, said.log_index)
        text = ":".join(map(str, (*place, self.kind, self.name)))
        return f"msg_{sha256(text.encode()).hexdigest()[:40]}"

    def payload(self, now: datetime, retracts: str | None) -> str:
        """The body that is sent, byte for byte; `now` is when it was first known here."""
        said = self.message
        return json.dumps(
            {
                "type": self.type.value,
                "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "retracts": retracts,
                "data": {
                    "drop": self.drop,
                    **self.data,
                    "seq": said.seq,
                    "block_number": said.block.number,
                    "block_hash": said.block.hash,
                    "log_index": said.log_index,
                    "tx_hash": said.tx_hash,
                },
            },
            separators=(",", ":"),
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What an endpoint wants.

    Attributes:
        owner: Hears of the drops that it is mentor of.
        drops: Those that it names, with their terms hashes; empty: all of the owner's.
    """

    owner: ChecksumAddress
    types: frozenset[str]
    drops: Mapping[DropId, str] = field(default_factory=dict)

    def wants(self, news: News, drop: DropFact | None) -> bool:
        """Whether news goes there; `drop` is what the mirror knows under that number now."""
        if news.type not in self.types or drop is None or drop.mentor != self.owner:
            return False
        return self.names(drop.drop, drop.terms_hash)

    def names(self, drop: DropId | None, terms_hash: str | None) -> bool:
        """Whether a drop is one of those; where nobody knows its terms the number has to do."""
        if not self.drops:
            return True
        # Under another hash the number is another drop's.
        return drop is not None and drop in self.drops and terms_hash in {None, self.drops[drop]}


def news_of(message: Message) -> tuple[News, ...]:
    """What a message says; nothing for most."""
    return tuple(_said(message))


def _said(message: Message) -> Iterator[News]:
    event, arguments = message.event, message.arguments
    match event:
        case "Transfer":
            yield from _moved(message)
        case "SeatSold":
            prices = {f"{name}_wei": str(arguments[name]) for name in ("price", "royalty")}
            parties = {name: str(arguments[name]) for name in ("seller", "buyer")}
            yield _of_seat(message, EventType.SEAT_SOLD, parties | prices)
        case "SeatRefunded":
            amounts = {f"{name}_wei": str(arguments[name]) for name in ("paid", "penalty")}
            account = {"account": str(arguments["account"])}
            yield _of_seat(message, EventType.SEAT_REFUNDED, account | amounts)
        case "CheckedIn":
            people = {name: str(arguments[name]) for name in ("holder", "verifier")}
            yield _of_seat(message, EventType.SEAT_CHECKED_IN, people)
        case _ if event in _CHANGES:
            drop = DropId(int(str(arguments["drop"])))
            change = {"change": _CHANGES[event]}
            name = EventType.DROP_CHANGED.value
            yield News(EventType.DROP_CHANGED, message.kind, name, drop, change, message)
        case _:
            # Nothing that anybody registers for.
            return


def regained(message: Message) -> News | None:
    """What takes back that somebody lost a seat with a branch, where they get it on another one.

    Whoever was told of the loss is found by the name: it is the same wherever on the chain.
    """
    if message.event != "Transfer" or message.kind != "apply":
        return None
    after = _nobody(str(message.arguments["to"]))
    return None if after is None else _lost(message, after, "retract")


def _moved(message: Message) -> Iterator[News]:
    """A seat that moves takes access from who had it; taken back, from who had got it."""
    before, after = (_nobody(str(message.arguments[name])) for name in ("from", "to"))
    yield _of_seat(message, EventType.SEAT_MOVED, {"from": before, "to": after})
    if before is not None:
        yield _revoked(message, before, message.kind, f"{EventType.ACCESS_REVOKED} {before}")
    if message.kind == "retract" and after not in {None, before}:
        yield _lost(message, str(after), "apply")


def _lost(message: Message, account: str, kind: Literal["apply", "retract"]) -> News:
    seat = message.arguments["id"]
    return _revoked(message, account, kind, f"{EventType.ACCESS_REVOKED} {account} {seat}")


def _revoked(message: Message, account: str, kind: Literal["apply", "retract"], name: str) -> News:
    seat = SeatId(int(str(message.arguments["id"])))
    data: Members = {"seat": str(int(seat)), "tier": seat.tier, "account": account}
    return News(EventType.ACCESS_REVOKED, kind, name, seat.drop, data, message)


def _of_seat(message: Message, type_: EventType, data: Members) -> News:
    arguments = message.arguments
    seat = SeatId(int(str(arguments.get("seat", arguments.get("id")))))
    said = {"seat": str(int(seat)), "tier": seat.tier, **data}
    return News(type_, message.kind, type_.value, seat.drop, said, message)


def _nobody(account: str) -> str | None:
    return None if account == ZERO_ADDRESS else account
