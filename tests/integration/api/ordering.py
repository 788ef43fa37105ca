"""How tests list and offer from contract wallets, as their software would.

Refuses assertions about orders; an answer of another status than was needed stops the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bindings.events import SeatsMinted
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import PhaseIndex, SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from tests.integration.api.live import SESSION
from tests.integration.api.offering import fund
from tests.integration.api.trading import FACE, members
from tests.integration.api.wallets import calldata, called
from tests.integration.marketplace.world import one

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members


def seat_of(live: Live, account: ChecksumAddress) -> SeatId:
    """Mint a seat of the drop session for an account, which cleo pays, and mirror it."""
    total = live.price(SESSION, 0)
    request = MintRequest(
        drop=SESSION, phase=PhaseIndex(0), recipient=account, quantity=1, max_total=total
    )
    minted = live.market.send("cleo", live.market.contract.mint(request, total))
    live.publish()
    live.mirror()
    return one(live.market.contract.events_of(minted), SeatsMinted).first


def prepared_listing(live: Live, account: ChecksumAddress, seat: SeatId) -> Members:
    """A listing of an hour that waits for its signature."""
    order = {"seat": str(seat), "price_wei": str(FACE), "expires_in_s": 3_600}
    return members(live.api.post("/v1/tx/list", json={"account": account} | order))


def hand_over(live: Live, prepared: Members, signature: str) -> httpx.Response:
    """Send a listing with a signature."""
    return live.api.post("/v1/listings", json=prepared["listing"] | {"signature": signature})


def listed(
    live: Live, account: ChecksumAddress, sign: Callable[[Members], str]
) -> tuple[SeatId, Members]:
    """A new seat of an account, and the book's answer to its listing."""
    seat = seat_of(live, account)
    prepared = prepared_listing(live, account, seat)
    return seat, members(hand_over(live, prepared, sign(prepared["typed_data"])), 201)


def listing_of(message: Members) -> Listing:
    """The listing that an answer's members describe, for everybody."""
    return Listing(
        seat=SeatId(int(message["seat"])),
        price=Wei(int(message["price"])),
        epoch=int(message["epoch"]),
        seller=message["seller"],
        counter=int(message["counter"]),
        terms_version=int(message["terms_version"]),
        expiry=int(message["expiry"]),
    )


def store_by_wallet(live: Live, message: Members) -> None:
    """Let the wallet that a listing names store it on the chain too, and mirror that."""
    listing, market = listing_of(message), live.market.contract
    data = market.list_seat(listing).data
    called(live, listing.seller, calldata("run(address,bytes)", market.address, data))
    live.mirror()


def signed_body(listing: Listing, signature: bytes) -> Members:
    """A signed listing as it is sent to the book."""
    values = {
        "seat": listing.seat,
        "price": listing.price,
        "epoch": listing.epoch,
        "counter": listing.counter,
        "terms_version": listing.terms_version,
        "expiry": listing.expiry,
    }
    return {name: str(int(value)) for name, value in values.items()} | {
        "seller": listing.seller,
        "taker": listing.taker,
        "signature": f"0x{signature.hex()}",
    }


def hand_over_signed(live: Live, listing: Listing, seller: str) -> Members:
    """Let a named account sign a listing by hand and send it; the book's answer."""
    body = signed_body(listing, live.market.sign(listing, seller))
    return members(live.api.post("/v1/listings", json=body), 201)


def enrich(live: Live, account: ChecksumAddress) -> None:
    """Give a wallet that runs what it is told wrapped ether, all of which the market may take."""
    wrapped = fund(live, "cleo")
    market = live.market.contract.address
    called(live, wrapped.address, calldata("transfer(address,uint256)", account, FACE))
    allow = calldata("approve(address,uint256)", market, FACE)
    called(live, account, calldata("run(address,bytes)", wrapped.address, allow))
    live.mirror()


def prepared_bid(live: Live, account: ChecksumAddress, seat: SeatId) -> Members:
    """An offer of an hour that waits for its signature."""
    order = {"seat": str(seat), "price_wei": str(FACE), "expires_in_s": 3_600}
    return members(live.api.post("/v1/tx/offer", json={"account": account} | order))


def bid(live: Live, prepared: Members, signature: str) -> httpx.Response:
    """Send an offer with a signature."""
    body = {"offer": prepared["offer"], "signature": signature}
    return live.api.post("/v1/offers", json=body)
