"""A drop with a phase for each gate but the public one, and one that is paid in coins.

Refuses assertions: tests make them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.bindings.currency import Currency
from marketplace.bindings.development import deploy_coin
from marketplace.domain.drop import Gate
from marketplace.domain.ids import PhaseIndex, TierIndex
from marketplace.domain.money import Wei
from marketplace.orders.passes import gate_data_of_drop, gate_data_of_signer
from tests.integration.marketplace.world import DAY, PRICE, Market, address_of, with_terms

if TYPE_CHECKING:
    from tests.integration.api.live import Live

LISTED: Final = ("bo", "ada")
"""Who may mint in the first phase."""


def gated(live: Live) -> Market:
    """A drop whose phases ask for a proof, a pass, and a seat of another drop."""
    market = replace(live.market)
    opening = market.create()
    market.seat = market.mint(opening, "bo")
    terms = market.contract.terms_of(opening).terms
    offer = market.offer()
    listed = PhaseAllowlist(PhaseIndex(0), [address_of(name) for name in LISTED])
    first = replace(offer.phases[0], tier=TierIndex(0), wallet_limit=0)
    late = terms.starts_at + DAY
    offer = replace(
        with_terms(
            offer,
            starts_at=late + 10 * DAY,
            ends_at=late + 11 * DAY,
            deliver_by=late + 20 * DAY,
            refund_until=late + 10 * DAY,
        ),
        phases=tuple(
            replace(first, gate=gate, gate_data=data, closes=late + 9 * DAY)
            for gate, data in (
                (Gate.ALLOWLIST, listed.root),
                (Gate.PASS, gate_data_of_signer(address_of("cleo"))),
                (Gate.SEAT, gate_data_of_drop(opening)),
            )
        ),
    )
    market.drop = market.create(offer)
    market.steering.travel(late)
    return market


def in_coins(live: Live) -> tuple[Market, Currency]:
    """A drop that is paid in the development coin; bo has the price of two seats of it."""
    market = replace(live.market)
    coin = Currency(market.web3, deploy_coin(market.sender("guardian")))
    market.send("deployer", market.contract.set_currency(coin.address, allowed=True))
    market.drop = market.create(with_terms(market.offer(), currency=coin.address))
    market.send("bo", coin.make(address_of("bo"), Wei(2 * PRICE)))
    return market, coin
