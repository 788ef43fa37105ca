"""How tests offer and accept over the API: what a buyer's and a seller's client would do.

Refuses assertions about offers; an answer of another status than was needed stops the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bindings.currency import Currency
from marketplace.domain.money import Wei
from tests.integration.api.preparing import signature_of
from tests.integration.api.trading import FACE, members
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    import httpx

    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members


def fund(live: Live, buyer: str, amount: int = FACE) -> Currency:
    """Give a buyer wrapped ether, of which the market may take it all."""
    market = live.market
    wrapped = Currency(market.web3, market.contract.wrapped_ether())
    market.send(buyer, wrapped.wrap(Wei(amount)))
    market.send(buyer, wrapped.approve(market.contract.address, Wei(amount)))
    return wrapped


def ask_to_offer(live: Live, buyer: str, price: int = FACE, **order: object) -> httpx.Response:
    """Ask for an offer of an hour, as the signed-in buyer."""
    body = {"account": address_of(buyer), "price_wei": str(price), "expires_in_s": 3_600}
    return live.client(buyer).post("/v1/tx/offer", json=body | order)


def prepared_offer(live: Live, buyer: str, price: int = FACE, **order: object) -> Members:
    """The answer to an offer that must be possible."""
    return members(ask_to_offer(live, buyer, price, **order))


def signed_offer(prepared: Members, buyer: str) -> Members:
    """Sign a prepared offer; the body that hands it over."""
    return {
        "offer": prepared["offer"],
        "signature": signature_of(buyer, prepared["typed_data"]),
    }


def offer_for(live: Live, buyer: str, price: int = FACE, **order: object) -> Members:
    """Fund, sign and hand over an offer; the book's answer."""
    fund(live, buyer, price)
    live.mirror()
    body = signed_offer(prepared_offer(live, buyer, price, **order), buyer)
    return members(live.api.post("/v1/offers", json=body), 201)


def offers(live: Live, drop: int, **query: object) -> Members:
    """A page of a drop's offers."""
    given = {name: str(value) for name, value in query.items() if value is not None}
    return members(live.api.get(f"/v1/drops/{drop}/offers", params=given))


def offer_ids(page: Members) -> list[str]:
    """The ids of a page's offers."""
    return [one["offer"] for one in page["offers"]]
