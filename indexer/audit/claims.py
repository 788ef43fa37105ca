"""What the mirror claims about owners and money, as questions that the contract can be asked.

Owns which seats, drops and accounts some events name, what the contract owes because of them, and
the questions. Refuses to ask.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final

from indexer.audit.comparing import Difference
from indexer.reads.drops import drop_terms
from indexer.reads.money import credit_of
from indexer.reads.seats import seats_named
from indexer.rpc.values import Call
from marketplace.bindings.addresses import parse_address
from marketplace.bindings.development import COIN
from marketplace.bindings.events import ListingSkipped
from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import ARTIFACT
from marketplace.domain.addresses import ETH
from marketplace.domain.ids import DropId, SeatId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from indexer.decoding import Entry
    from indexer.folds.folding import AnyEvent
    from indexer.identity import MirrorId
    from indexer.reads.seats import Seat
    from marketplace.bindings.interface import Entry as Function
    from marketplace.domain.addresses import ChecksumAddress

_AT_ONCE: Final = 5_000
_LARGEST: Final = 2**63 - 1
"""The largest number of a seat or drop that a mirror can hold."""
_NO_SEATS: Final = frozenset({"from_token_id", "to_token_id"})
"""What a range of metadata ends with need not be seats."""


@dataclass(frozen=True, slots=True)
class Things:
    """Seats, drops and credits; a credit is an account and a currency."""

    seats: set[SeatId] = field(default_factory=set)
    drops: set[DropId] = field(default_factory=set)
    credits: set[tuple[ChecksumAddress, ChecksumAddress]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that the mirror says.

    Attributes:
        mirrored: An amount or an account; None: the contract must refuse.
        about: The seat, the drop, the account and its currency, or, where it is the contract's own
            holdings, the currency alone; by these words.
        at_least: Whether the contract may say more.
    """

    what: str
    to: ChecksumAddress
    function: Function
    data: bytes
    mirrored: int | str | None
    about: Mapping[str, str]
    at_least: bool = False

    @property
    def call(self) -> Call:
        """The question."""
        return Call(self.to, self.data)

    @property
    def refused(self) -> str:
        """What it means that the contract refuses."""
        return "nobody" if self.function.name == "ownerOf" else "nothing"

    def fits(self, told: object) -> bool:
        """Whether the contract's answer is what the mirror says."""
        if self.at_least and isinstance(told, int) and isinstance(self.mirrored, int):
            return told >= self.mirrored
        return told == self.mirrored


def things_named(entries: Iterable[Entry], seats: ChecksumAddress) -> Things:
    """Everything that the events of the market name."""
    things = Things()
    for entry in entries:
        if entry.log.address == seats:
            _add(things, entry.occurrence.event)
    things.drops.update(seat.drop for seat in things.seats)
    return things


def about_everything(about: Mapping[str, str]) -> bool:
    """Whether a claim was about what the contract has, which everything before it adds up to."""
    return about.keys() == {"currency"}


def things_about(about: Mapping[str, str]) -> Things:
    """The one thing that a claim was about."""
    things = Things()
    if "seat" in about:
        things.seats.add(SeatId(int(about["seat"])))
    elif "drop" in about:
        things.drops.add(DropId(int(about["drop"])))
    else:
        things.credits.add((parse_address(about["account"]), parse_address(about["currency"])))
    return things


def owed_after(
    connection: Connection,
    mirror: MirrorId,
    before: Mapping[str, int],
    things: Things,
    blocks: range,
) -> dict[str, int] | Difference:
    """What the contract owes by currency after some blocks, from what it owed before them.

    Only what their events named can have changed; so it is counted before and after. A difference:
    the mirror holds nothing of a thing that those events named.
    """
    after = _worth(connection, mirror, things, blocks[-1])
    if after.unheld:
        return _unheld(after.unheld[0], blocks[-1])
    known = _worth(connection, mirror, things, blocks[0] - 1)
    if known.dropless:
        return _unheld({"drop": str(known.dropless[0])}, blocks[0] - 1)
    owed = Counter(before)
    owed.update(after.owed)
    owed.subtract(known.owed)
    return {currency: amount for currency, amount in sorted(owed.items()) if amount}


def _unheld(about: Mapping[str, str], at: int) -> Difference:
    ((kind, number),) = about.items()
    return Difference(at, f"what there is of {kind} {number}", "nothing", "named by events", about)


def claims_about(
    connection: Connection,
    mirror: MirrorId,
    things: Things,
    seats: ChecksumAddress,
    at: int,
) -> list[Claim]:
    """What the mirror says of these things after a block, up to which events have named them all.

    Of what it holds nothing it says that the contract refuses, which it does of no such thing.
    """
    claims: list[Claim] = []
    found = {seat.id: seat for seat in seats_named(connection, mirror, sorted(things.seats), at)}
    for number in sorted(things.seats):
        claims += _of_seat(number, found.get(number), seats)
    for drop in sorted(things.drops):
        terms = drop_terms(connection, mirror, drop, at)
        # It was named, so it is there: the contract answers, and that is not what the mirror says.
        escrowed = None if terms is None else terms.escrowed
        what, about = f"what drop {drop} owes its seats", {"drop": str(drop)}
        claims.append(_claim(what, seats, "escrowOf", (drop,), escrowed, about))
    for account, currency in sorted(things.credits):
        what = f"what {account} may withdraw of {_name(currency)}"
        amount = credit_of(connection, mirror, account, currency, at)
        about = {"account": account, "currency": currency}
        claims.append(_claim(what, seats, "creditOf", (account, currency), amount, about))
    return claims


def holdings(owed: Mapping[str, int], seats: ChecksumAddress) -> list[Claim]:
    """That the contract has of each ERC-20 at least what it owes; ETH is asked as a balance."""
    balance = interface_of(COIN).functions["balanceOf"]
    return [
        Claim(
            what=f"what the contract has of {currency}",
            to=currency,
            function=balance,
            data=balance.encode_call((seats,)),
            mirrored=amount,
            about={"currency": currency},
            at_least=True,
        )
        for currency, amount in _tokens(owed)
    ]


def _tokens(owed: Mapping[str, int]) -> Iterator[tuple[ChecksumAddress, int]]:
    for currency, amount in owed.items():
        if currency != ETH:
            yield parse_address(currency), amount


def _of_seat(number: SeatId, seat: Seat | None, seats: ChecksumAddress) -> Iterator[Claim]:
    owner = None if seat is None or seat.burned else seat.owner
    held = None if seat is None else seat.held
    about = {"seat": str(number)}
    yield _claim(f"the owner of seat {number}", seats, "ownerOf", (number,), owner, about)
    # Of one that is burned the contract still says what waits with it.
    yield _claim(f"what waits with seat {number}", seats, "heldOf", (number,), held, about)


def _claim(
    what: str,
    seats: ChecksumAddress,
    function: str,
    arguments: tuple[object, ...],
    mirrored: int | str | None,
    about: Mapping[str, str],
) -> Claim:
    entry = interface_of(ARTIFACT).functions[function]
    return Claim(what, seats, entry, entry.encode_call(arguments), mirrored, about)


@dataclass(frozen=True, slots=True)
class _Worth:
    """What the contract owes because of some things, by currency, and what is amiss with them.

    Attributes:
        unheld: What the mirror holds nothing of, as a claim would be about it.
        dropless: Drops that it holds nothing of, and seats of.
    """

    owed: Counter[str] = field(default_factory=Counter)
    unheld: list[Mapping[str, str]] = field(default_factory=list)
    dropless: list[DropId] = field(default_factory=list)


def _worth(connection: Connection, mirror: MirrorId, things: Things, at: int) -> _Worth:
    """What the contract owes because of these things after a block."""
    worth = _Worth()
    currencies: dict[DropId, ChecksumAddress] = {}
    for drop in sorted(things.drops):
        terms = drop_terms(connection, mirror, drop, at)
        if terms is None:
            worth.unheld.append({"drop": str(drop)})
        else:
            currencies[drop] = terms.currency
            worth.owed[terms.currency] += terms.escrowed
    named = sorted(things.seats)
    for first in range(0, len(named), _AT_ONCE):
        some = named[first : first + _AT_ONCE]
        found = seats_named(connection, mirror, some, at)
        held = {seat.id for seat in found}
        worth.unheld.extend({"seat": str(seat)} for seat in some if seat not in held)
        for seat in found:
            if seat.drop in currencies:
                worth.owed[currencies[seat.drop]] += seat.held
            else:
                worth.dropless.append(seat.drop)
    for account, currency in things.credits:
        worth.owed[currency] += credit_of(connection, mirror, account, currency, at)
    return worth


def _add(things: Things, event: AnyEvent) -> None:
    if isinstance(event, ListingSkipped):
        # What a buyer asked for: anybody names any number there, and nothing changes by it.
        return
    given = {one.name: getattr(event, one.name) for one in fields(event)}
    for name, value in given.items():
        if isinstance(value, SeatId) and name not in _NO_SEATS and value <= _LARGEST:
            things.seats.add(value)
    drop = given.get("drop")
    if isinstance(drop, int) and drop <= _LARGEST:
        things.drops.add(DropId(drop))
    if {"account", "currency"} <= given.keys():
        things.credits.add((given["account"], given["currency"]))


def _name(currency: ChecksumAddress) -> str:
    return "ETH" if currency == ETH else currency
