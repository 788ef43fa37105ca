"""How tests list and buy over the API: what a seller's and a buyer's client would do.

Refuses assertions about the market; an answer of another status than was needed stops the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from eth_account.messages import encode_typed_data

from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.money import Wei
from tests.integration.api.live import SESSION, wallet
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    import httpx

    from marketplace.bindings.transactions import Mined
    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live

Members: TypeAlias = dict[str, Any]
Value: TypeAlias = str | int | bool | None

FACE: int = 4 * 10**16
"""What phase 0 of the drop session charges."""


def ask_to_list(
    live: Live, seller: str, seat: int, price: int = FACE, **changes: Value
) -> httpx.Response:
    """Ask for a listing of an hour."""
    body = {
        "account": address_of(seller),
        "seat": str(seat),
        "price_wei": str(price),
        "expires_in_s": 3_600,
    }
    return live.api.post("/v1/tx/list", json=body | changes)


def prepared_list(
    live: Live, seller: str, seat: int, price: int = FACE, **changes: Value
) -> Members:
    """The answer to a listing that must be possible."""
    return members(ask_to_list(live, seller, seat, price, **changes))


def signed(prepared: Members, seller: str) -> Members:
    """Sign prepared typed data; the body that hands it over."""
    typed = encode_typed_data(full_message=prepared["typed_data"])
    signature = bytes(wallet(seller).signer.sign_message(typed).signature)
    return {**prepared["listing"], "signature": f"0x{signature.hex()}"}


def list_seat(live: Live, seller: str, seat: int, price: int = FACE, **changes: Value) -> Members:
    """Sign a listing and hand it over; the book's answer."""
    body = signed(prepared_list(live, seller, seat, price, **changes), seller)
    return members(live.api.post("/v1/listings", json=body), 201)


def store_listing(live: Live, seller: str, seat: int, price: int = FACE, **changes: Value) -> str:
    """Store a listing on the chain and let the mirror see it; its id."""
    prepared = prepared_list(live, seller, seat, price, stored=True, **changes)
    send(live, seller, prepared["transaction"])
    live.mirror()
    id_: str = prepared["id"]
    return id_


def ask_to_buy(
    live: Live, buyer: str, listing: str, client: httpx.Client | None = None
) -> httpx.Response:
    """Ask for a purchase."""
    body = {"account": address_of(buyer), "listing": listing}
    return (client or live.api).post("/v1/tx/buy", json=body)


def send(live: Live, name: str, prepared: Members) -> Mined:
    """Sign and send what was prepared, as a wallet does."""
    assert prepared["from"] == address_of(name)
    transaction = PreparedTransaction(
        to=ChecksumAddress(prepared["to"]),
        data=bytes.fromhex(prepared["data"][2:]),
        summary=prepared["summary"],
        value=Wei(int(prepared["value_wei"])),
    )
    return live.market.send(name, transaction)


def book(live: Live, drop: int, client: httpx.Client | None = None, **query: Value) -> Members:
    """A page of a drop's book."""
    given = {name: value for name, value in query.items() if value is not None}
    found = (client or live.api).get(f"/v1/drops/{drop}/listings", params=given)
    return members(found)


def ids(page: Members) -> list[str]:
    """The ids of a page's listings."""
    return [one["listing"] for one in page["listings"]]


def seats(page: Members) -> list[int]:
    """The seats of a page's listings."""
    return [int(one["seat"]) for one in page["listings"]]


def members(answer: httpx.Response, status: int = 200) -> Members:
    """The members of an answer that must have a status."""
    assert answer.status_code == status, answer.text
    found: Members = answer.json()
    return found


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and cause of a problem."""
    found = answer.json()
    return answer.status_code, found["code"], found.get("cause")


def market_of_two(live: Live, first: str = "ada", second: str = "bo") -> tuple[SeatId, SeatId]:
    """Publish the terms, and mint a seat of the drop session for each; both are mirrored."""
    live.publish()
    minted = live.mint(SESSION, first), live.mint(SESSION, second)
    live.mirror()
    return minted
