"""Owns what is done in the demo, one act a function, each with the figures that it ends in.

Refuses to print, and to work figures out where the chain can be asked: what an act reports was
read back at the block that it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from marketplace.bindings.events import SeatsMinted
from marketplace.bindings.reverts.declaring import DeclaredRevert
from marketplace.domain.drop import MintRequest
from marketplace.domain.errors import MirrorInconsistent
from marketplace.domain.ids import PhaseIndex, SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei, price_bounds
from marketplace.orders.listings import sign_listing
from scripts.demo.stage import address_named, signer_named

if TYPE_CHECKING:
    from marketplace.bindings.transactions import Mined
    from marketplace.chain.heads import Head
    from marketplace.domain.ids import DropId
    from marketplace.domain.money import PriceBounds
    from marketplace.domain.views import SeatView
    from scripts.demo.stage import Stage

MINTER: Final = "ada"
BUYER: Final = "bo"
LATECOMER: Final = "cleo"
_LISTED_FOR: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A seat and its drop's money after a block."""

    head: Head
    seat: SeatId
    view: SeatView
    escrow: Wei


@dataclass(frozen=True, slots=True)
class MintAct:
    """A seat was minted; `paid` is its price, without gas."""

    after: Snapshot
    mined: Mined
    paid: Wei


@dataclass(frozen=True, slots=True)
class ResaleAct:
    """A signed listing was filled.

    Attributes:
        seller_got: By how much the seller's balance grew in the block of the sale.
        refusal: What the contract says to whoever tries the same listing again.
    """

    listing: Listing
    signature: bytes
    mined: Mined
    seller_got: Wei
    after: Snapshot
    refusal: str


def mint(stage: Stage, drop: DropId) -> MintAct:
    """Let the first buyer mint one seat in the drop's first phase."""
    seats = stage.market.seats
    phase = seats.terms_of(drop).phases[0]
    request = MintRequest(
        drop=drop,
        phase=PhaseIndex(0),
        recipient=address_named(MINTER),
        quantity=1,
        max_total=phase.price,
    )
    mined = stage.sender(MINTER).send(seats.mint(request, phase.price))
    minted = [log.event for log in seats.events_of(mined) if isinstance(log.event, SeatsMinted)]
    if len(minted) != 1:
        raise MirrorInconsistent("One mint was announced as several, or as none.")
    return MintAct(look(stage, minted[0].first), mined, phase.price)


def look(stage: Stage, seat: SeatId) -> Snapshot:
    """Read a seat and its drop's escrow, both after the newest block."""
    seats = stage.market.seats
    head = stage.market.head()
    return Snapshot(
        head=head,
        seat=seat,
        view=seats.seat_of(seat, head.hash),
        escrow=seats.escrow_of(seat.drop, head.hash),
    )


def bounds_of(stage: Stage, now: Snapshot) -> PriceBounds:
    """What a seat may be sold for."""
    terms = stage.market.seats.terms_of(now.seat.drop, now.head.hash).terms
    return price_bounds(now.view.face, terms.resale_cap, now.view.toll)


def resell(stage: Stage, now: Snapshot, price: Wei) -> ResaleAct:
    """Sign a listing, let the second buyer fill it, and try it once more in vain."""
    seats = stage.market.seats
    terms = seats.terms_of(now.seat.drop, now.head.hash).terms
    listing = Listing(
        seat=now.seat,
        price=price,
        epoch=now.view.epoch,
        seller=now.view.owner,
        counter=seats.counter_of(now.view.owner, now.head.hash),
        terms_version=terms.terms_version,
        expiry=int((now.head.time + _LISTED_FOR).timestamp()),
    )
    signature = sign_listing(signer_named(MINTER), listing, seats.chain_id, seats.address)
    before = stage.market.balance(listing.seller, now.head.hash)
    mined = stage.sender(BUYER).send(seats.buy(listing, signature))
    after = stage.market.balance(listing.seller, mined.block_hash)
    try:
        stage.sender(LATECOMER).simulate(seats.buy(listing, signature))
    except DeclaredRevert as refusal:
        told = str(refusal)
    else:
        raise MirrorInconsistent("The contract would fill one listing twice.")
    return ResaleAct(listing, signature, mined, Wei(after - before), look(stage, now.seat), told)
