"""Owns what is done in a demo, one act a function, each with the figures that it ends in.

Refuses to print, and to work figures out where the API or the chain can be asked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from marketplace.client.errors import AccessDenied, ApiUnavailable
from marketplace.domain.errors import ChainUnavailable, MirrorInconsistent, typed_error
from marketplace.domain.ids import PhaseIndex
from marketplace.domain.money import Wei
from marketplace.launch.file import parse_launch_file
from scripts.launching import create_drop

if TYPE_CHECKING:
    from pathlib import Path

    from marketplace.bindings.transactions import Mined
    from marketplace.client.answers.access import Decision
    from marketplace.client.answers.drops import Drop
    from marketplace.client.answers.market import PreparedBuy, WholeOffer
    from marketplace.client.answers.seats import ListedSeat, Seat
    from marketplace.client.answers.sessions import Admission, Recording
    from marketplace.domain.ids import DropId, SeatId
    from marketplace.launch.file import LaunchFile
    from scripts.demo.house import House
    from scripts.demo.people import Person
    from scripts.demo.script import Text

FIRST_PHASE: Final = PhaseIndex(0)
_LISTED_FOR: Final = timedelta(days=7)
_PATIENCE_S: Final = 15.0
_LOOK_S: Final = 0.02


@typed_error
class NotMirrored(ChainUnavailable):
    """The API has not followed the chain in time."""

    code = "not_mirrored"

    block: int
    seconds: float

    def _sentence(self) -> str:
        return (
            f"The API had not mirrored block {self.block} after {self.seconds:g} seconds: "
            "indexer.log in the demo's folder says what the index waits for."
        )


@typed_error
class NotRevoked(MirrorInconsistent):
    """Whoever sold a seat is still let in."""

    code = "not_revoked"

    account: str
    seconds: float

    def _sentence(self) -> str:
        return f"{self.account} is still let in {self.seconds:g} seconds after selling the seat."


@dataclass(frozen=True, slots=True)
class Launched:
    """A drop was created and its terms were published; `drop` is as the API shows it."""

    file: LaunchFile
    drop: Drop
    mined: Mined


@dataclass(frozen=True, slots=True)
class Minted:
    """Seats were minted for `paid` wei in all; `escrow` is what their drop owes now."""

    person: Person
    seats: tuple[ListedSeat, ...]
    paid: Wei
    escrow: Wei
    mined: Mined


@dataclass(frozen=True, slots=True)
class Doors:
    """What the gate said at the workshop's door and before its recording, of one moment."""

    seller: tuple[Decision, Decision]
    buyer: tuple[Decision, Decision]


@dataclass(frozen=True, slots=True)
class Sold:
    """A listed seat was bought.

    Attributes:
        seller_got: By how much the seller's balance grew in the block of the sale.
        revoked_ms: From the receipt to the API's first no to the seller, in milliseconds.
        denied: That no.
    """

    figures: PreparedBuy
    mined: Mined
    seller_got: Wei
    revoked_ms: int
    denied: Decision
    seat: Seat


def launch(opened: House, mentor: Person, text: Text) -> Launched:
    """Create a file's drop on the chain and publish its terms."""
    market = opened.stage.market
    file = parse_launch_file(text.name, text.octets, market.next_time(), mentor.account)
    created = create_drop(market.seats, mentor.sender, file)
    wait_for_block(opened, mentor, created.mined.block_number)
    mentor.client.publish_terms(created.drop, file.document)
    return Launched(file, mentor.client.drop(created.drop), created.mined)


def mint(opened: House, person: Person, drop: DropId, quantity: int) -> Minted:
    """Let somebody mint seats in a drop's first phase; they are signed in."""
    prepared = person.client.prepare_mint(person.account, drop, FIRST_PHASE, quantity=quantity)
    mined = person.sender.send(prepared)
    wait_for_block(opened, person, mined.block_number)
    seats = tuple(seat for seat in person.client.my_seats().seats if seat.drop == drop)
    escrow = person.client.drop(drop).escrow_wei
    return Minted(person, seats, prepared.answer.total_wei, escrow, mined)


def wait_for_block(opened: House, person: Person, block: int) -> None:
    """Wait until the API answers from a block on. Raises NotMirrored, and what ends a part."""
    deadline = time.monotonic() + _PATIENCE_S
    while person.client.chain_status().head.number < block:
        if time.monotonic() > deadline:
            raise NotMirrored(block, _PATIENCE_S)
        opened.watch.wait(_LOOK_S)


def travel(opened: House, person: Person, second: int) -> None:
    """Turn the chain's time forward, and wait until the API lives there too."""
    opened.stage.travel(second)
    wait_for_block(opened, person, opened.stage.market.head().number)


def enter(person: Person, drop: DropId, session: int) -> Decision:
    """Ask whether somebody may enter a session."""
    return person.client.check_access("enter_session", drop, session=session)


def watch(person: Person, recording: Recording) -> Decision:
    """Ask whether somebody may watch a recording."""
    return person.client.check_access(
        "watch_recording", recording.drop, session=recording.session, recording=recording.recording
    )


def see_resale(person: Person, drop: DropId) -> Decision:
    """Ask whether somebody may see what is resold of a drop."""
    return person.client.check_access("see_resale", drop)


def join(person: Person, drop: DropId, session: int) -> Admission:
    """Go in: ask for a ticket, which the room redeems."""
    return person.client.redeem(person.client.join(drop, session).ticket)


def renewal_refused(person: Person, admission: Admission) -> Decision:
    """Let the room renew an admission that rests on a seat which was sold.

    Raises NotRevoked when it is renewed.
    """
    try:
        person.client.renew(admission.admission)
    except AccessDenied as refused:
        return decision_of(refused)
    raise NotRevoked(person.account, 0)


def decision_of(refused: AccessDenied) -> Decision:
    """The decision that a refusal carries."""
    decision = refused.problem.decision
    if decision is None:
        raise MirrorInconsistent("The API denied access and did not say why.")
    return decision


def upload(mentor: Person, drop: DropId, session: int, path: Path, title: str) -> Recording:
    """Let the mentor upload a recording."""
    return mentor.client.upload_recording(drop, session, path, title=title)


def received(person: Person, recording: Recording, last: int | None = None) -> bytes:
    """Watch a recording from its beginning to a byte, or to its end."""
    with person.client.open_recording(recording.recording, last=last) as stream:
        return b"".join(stream.chunks)


def offer(seller: Person, seat: SeatId, price: Wei) -> WholeOffer:
    """Sign a listing and hand it to the order book."""
    return seller.client.sign_and_list(
        seller.signer, seat, price, expires_in_s=int(_LISTED_FOR.total_seconds())
    )


def buy(opened: House, buyer: Person, seller: Person, listed: WholeOffer, session: int) -> Sold:
    """Buy a listed seat, and ask as the seller until the door of a session is shut."""
    market = opened.stage.market
    before = market.balance(seller.account, market.head().hash)
    prepared = buyer.client.prepare_buy(buyer.account, listed.listing, most=listed.price_wei)
    mined = buyer.sender.send(prepared)
    denied, seconds = _shut(opened, seller, listed.seat.drop, session)
    wait_for_block(opened, buyer, mined.block_number)
    got = market.balance(seller.account, mined.block_hash) - before
    seat = buyer.client.seat(listed.seat)
    return Sold(prepared.answer, mined, Wei(got), round(seconds * 1_000), denied, seat)


def _shut(opened: House, person: Person, drop: DropId, session: int) -> tuple[Decision, float]:
    """Ask at the door until it stays shut; the no, and the seconds that it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < _PATIENCE_S:
        try:
            decision = enter(person, drop, session)
        except ApiUnavailable:
            opened.watch.wait(_LOOK_S)
            continue
        if not decision.allow:
            return decision, time.monotonic() - begun
        opened.watch.require_whole()
    raise NotRevoked(person.account, _PATIENCE_S)
